import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest

from tests.waiting import until
from worker import settings
from worker.store import Store
from worker.web import app
from worker.web.serving import Server, listen

TOKEN = "a-token-for-tests"
_SECONDS_ON_A_BUSY_MACHINE = 60


@contextmanager
def open_doors(store: Store) -> Iterator[str]:
    """Serve the doors of this process's settings in a thread; yields their address."""
    ready = threading.Event()
    with listen("127.0.0.1", 0) as listener:
        server = Server(app.create_app(settings.load(), store), ready.set)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        until(ready.is_set)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


class Handed:
    """Stands where the queue is: what the inbox handed over."""

    def __init__(self) -> None:
        self.keys: list[tuple[int, int, int]] = []
        self.swept: list[int] = []
        self.away = False

    def queue(self, keys: Sequence[tuple[int, int, int]]) -> bool:
        self.keys += [] if self.away else keys
        return not self.away


@pytest.fixture
def handed(environment: pytest.MonkeyPatch) -> Handed:
    handed = Handed()
    environment.setattr(app, "_queue", handed.queue)
    environment.setattr(app, "_sweep", handed.swept.append)
    return handed


@pytest.fixture
def doors(environment: pytest.MonkeyPatch, handed: Handed, store: Store) -> Iterator[httpx.Client]:
    """A client of the doors with a token, over one cabinet."""
    environment.setenv("CHATWARDEN_CABINETS", '[{"business_id": 7, "api_key_env": "SEVEN"}]')
    environment.setenv("CHATWARDEN_NOTIFICATION_NETWORKS", "127.0.0.0/8")
    environment.setenv("CHATWARDEN_API_TOKENS", f"crm:{TOKEN}")
    with (
        open_doors(store) as url,
        httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            trust_env=False,
            timeout=_SECONDS_ON_A_BUSY_MACHINE,
        ) as client,
    ):
        yield client
