"""`/readyz` and `/metrics`: for who watches the watcher."""

import anyio
from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from worker.settings import Settings
from worker.store import Store
from worker.web.checks import REFUSALS
from worker.web.metrics import Collector
from worker.web.readiness import Inspector, Readiness


class Monitor:
    """Answers monitors, one at a time: what they ask for reads much of the store."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._inspector = Inspector(settings, store)
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(Collector(settings, store))
        self._looking = anyio.CapacityLimiter(1)

    def routes(self) -> APIRouter:
        """Return the endpoints."""
        router = APIRouter(tags=["health"], responses=REFUSALS)
        router.get("/readyz", summary="Does the work get done?", responses={503: {"model": Readiness}})(self.readyz)
        router.get("/metrics", summary="Metrics for Prometheus", response_class=Response)(self.metrics)
        return router

    async def readyz(self, response: Response) -> Readiness:
        """Say what works, and of what does not since when; 503 when something does not."""
        found = await anyio.to_thread.run_sync(self._inspector.look, limiter=self._looking)
        response.status_code = 200 if found.ready else 503
        return found

    async def metrics(self) -> Response:
        """Return all metrics in Prometheus' text format."""
        content = await anyio.to_thread.run_sync(generate_latest, self._registry, limiter=self._looking)
        return Response(content, media_type=CONTENT_TYPE_LATEST)
