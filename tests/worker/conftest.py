import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from kombu import pools

from tests.sandbox_market import Market, sandbox_market
from tests.sentry_sink import SentrySink
from tests.sentry_sink import sentry_sink as running_sink
from tests.worker.bench import Bench, Clock
from worker import checking, pipeline
from worker.embedded import embedded_redis
from worker.logs import TALKATIVE
from worker.market.client import MarketClient
from worker.processes import Children, StopRequest
from worker.settings import ENV_PREFIX
from worker.store import Store


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An empty folder and none of the developer's own settings; what a test sets or a command leaves is undone."""
    before = dict(os.environ)
    for name in before:
        if name.upper().startswith((ENV_PREFIX, "SENTRY_")):
            del os.environ[name]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "250")  # so that tables are not folded
    yield monkeypatch
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def sentry_sink() -> Iterator[SentrySink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def market() -> Iterator[Market]:
    with sandbox_market() as market:
        yield market


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/store.sqlite")
    yield store
    store.close()


@pytest.fixture
def bench(store: Store, market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    clock = Clock()
    monkeypatch.setattr(checking, "_now", clock.now)
    bench = Bench(store, market, clock, tmp_path / "store.sqlite")
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """One server for all tests, ended after the last of them."""
    folder = Path(tempfile.mkdtemp())
    with Children() as children, embedded_redis(children, folder, StopRequest()) as url:
        yield url
    shutil.rmtree(folder)


@pytest.fixture
def clients(environment: pytest.MonkeyPatch) -> Iterator[list[MarketClient]]:
    """Take note of the clients that pipelines make, and close them."""
    made: list[MarketClient] = []
    real = pipeline.market_client

    def market_client(*arguments: Any, **more: Any) -> MarketClient:
        made.append(real(*arguments, **more))
        return made[-1]

    environment.setattr(pipeline, "market_client", market_client)
    yield made
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def celery_connections() -> Iterator[None]:
    """Close what the Celery app of this process has opened."""
    yield
    pools.reset()


@pytest.fixture
def queue(environment: pytest.MonkeyPatch, redis_url: str, celery_connections: None) -> Iterator[redis.Redis]:
    """The queue that the settings name, empty; Celery reads them once a process, so all tests have the same."""
    environment.setenv("CHATWARDEN_REDIS_URL", redis_url)
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client


@pytest.fixture(autouse=True)
def logging_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a test makes of this process's log, warnings and last words."""
    root = logging.getLogger()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    level, handlers = root.level, root.handlers[:]
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def every_log_line(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog
