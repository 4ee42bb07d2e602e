"""The doors as an ASGI application."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable

import anyio
from fastapi import FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.security import HTTPBearer
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp

from worker import faults, pipeline, tasks
from worker.breaks import Breaks
from worker.errors import OperatorError
from worker.presend import Presend
from worker.sending import Sender
from worker.settings import Settings
from worker.store import MessageKey, Store
from worker.version import VERSION
from worker.web.checks import Checks
from worker.web.front import Front
from worker.web.gate import Gate
from worker.web.inbox import Inbox
from worker.web.monitor import Monitor
from worker.web.notifications import OPENAPI, Receiver
from worker.web.sends import Sends
from worker.web.tokens import Tokens

logger = logging.getLogger(__name__)


def create_app(settings: Settings, store: Store) -> ASGIApp:
    """Return all doors over a store; OperatorError when the tokens of the settings cannot be used."""
    tokens = Tokens(settings)
    inbox = Inbox(store, _queue, _sweep)
    receiver = Receiver(settings, inbox)
    if any(network.prefixlen == 0 for network in settings.notification_networks):
        logger.warning("notifications are taken from any address: for tests alone, anybody can spend Market's quota")
    if not tokens:
        logger.warning("no API token is set: nothing but notifications and /healthz is answered")
    presend = Presend(settings, store)
    checks = Checks(settings, presend)
    sender = Sender(store, presend, pipeline.clients(settings), Breaks(store, faults.tell))
    monitor = Monitor(settings, store)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # What is loaded when first asked for, rules and threads, no answer waits for.
        await anyio.to_thread.run_sync(presend.verdict, "Здравствуйте! Заказ отправлен.")
        writing = asyncio.create_task(inbox.run())
        yield
        writing.cancel()
        inbox.close()

    app = FastAPI(
        title="Chatwarden",
        version=VERSION,
        description="Market's notifications in, checks of messages before they are sent, health and metrics.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={RequestValidationError: _wrong_request},
    )
    paths = notification_paths(settings)
    for path in paths:
        documented = path.endswith("/notification") and not path.endswith("/notification/notification")
        app.post(path, name="notification", include_in_schema=documented, **OPENAPI)(receiver.receive)
    app.get("/healthz", tags=["health"])(healthz)
    app.head("/healthz", include_in_schema=False)(healthz)
    for router in (checks.routes(), Sends(sender, checks).routes(), monitor.routes()):
        app.include_router(router, dependencies=[Security(HTTPBearer(auto_error=False))])
    app.get("/docs", include_in_schema=False)(_docs)
    app.add_middleware(Gate, settings=settings, tokens=tokens, notifications=paths)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    return Front(app)


def notification_paths(settings: Settings) -> list[str]:
    """Return where Market may knock: it adds /notification to the address it is given, which may end so already."""
    prefix = f"/{settings.notification_prefix.get_secret_value()}" if settings.notification_prefix else ""
    return [prefix or "/", f"{prefix}/notification", f"{prefix}/notification/notification"]


async def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


async def _docs() -> HTMLResponse:
    return get_swagger_ui_html(openapi_url="/openapi.json", title="Chatwarden")


async def _wrong_request(_request: Request, error: Exception) -> Response:
    """Say what is wrong where, and never with which value: it may be somebody's message."""
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    return JSONResponse({"detail": [{name: one[name] for name in ("loc", "msg", "type")} for one in problems]}, 422)


def _queue(keys: Iterable[MessageKey]) -> bool:
    with contextlib.suppress(OperatorError):  # no queue is set up, or none runs
        return tasks.hand_over(keys)
    return False


def _sweep(business_id: int) -> None:
    with contextlib.suppress(OperatorError, *tasks.QUEUE_ERRORS):
        tasks.sweep_cabinet.delay(business_id)
