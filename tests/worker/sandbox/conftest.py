from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.worker.sandbox.stage import Stage, open_stage
from worker.sandbox.app import create_app
from worker.sandbox.cabinet import Cabinet
from worker.sandbox.world import World, generated_world

Id = int | str


@dataclass
class Sandbox:
    """A running sandbox, asked with the key of its first cabinet."""

    url: str
    world: World
    http: httpx.Client

    @property
    def cabinet(self) -> Cabinet:
        return self.world.cabinets[1]

    def message(self, chat_id: Id, message_id: Id) -> httpx.Response:
        params = {"chatId": chat_id, "messageId": message_id}
        return self.http.get("/v2/businesses/1/chats/message", params=params)

    def history(self, chat_id: int, body: Any = None, **params: Any) -> httpx.Response:
        return self.http.post("/v2/businesses/1/chats/history", params={"chatId": chat_id, **params}, json=body or {})

    def chats(self, body: Any = None, **params: Any) -> httpx.Response:
        return self.http.post("/v2/businesses/1/chats", params=params, json=body or {})

    def chat(self, chat_id: Id) -> httpx.Response:
        return self.http.get("/v2/businesses/1/chat", params={"chatId": chat_id})

    def control(self, path: str, body: Any) -> Any:
        return self.http.post(f"/sandbox/{path}", json=body).raise_for_status().json()

    def stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = self.http.get("/sandbox/stats").json()
        return stats


Start = Callable[..., Sandbox]


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def start(stage: Stage) -> Iterator[Start]:
    """Start a sandbox in the place of any before it; options are those of `create_app`, and `world`."""
    with ExitStack() as stack:

        def started(world: World | None = None, **options: Any) -> Sandbox:
            world = world or generated_world(cabinets=2, chats=25, messages_a_chat=8)
            stage.app = create_app(world, **options)
            http = httpx.Client(base_url=stage.url, headers={"Api-Key": world.cabinets[1].api_key}, timeout=5)
            return Sandbox(stage.url, world, stack.enter_context(http))

        yield started


@pytest.fixture
def sandbox(start: Start) -> Sandbox:
    return start()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the developer's proxy alone: it cannot reach this machine's own ports."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def message_of(answer: httpx.Response) -> str:
    """The words of an error answer, which must have the documented shape."""
    body = answer.json()
    assert body["status"] == "ERROR"
    (error,) = body["errors"]
    assert error["code"].isupper()
    return str(error["message"])
