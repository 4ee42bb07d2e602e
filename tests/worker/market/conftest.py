from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from tests.worker.sandbox.stage import Stage, open_stage
from worker.market.client import MarketClient
from worker.market.rate_limit import RateLimit
from worker.sandbox.app import create_app
from worker.sandbox.cabinet import Cabinet, Chat
from worker.sandbox.world import generated_world


@dataclass
class Sandbox:
    """A running sandbox, its first cabinet and chat, and a client of it that notes what it counts."""

    url: str
    cabinet: Cabinet
    client: MarketClient
    answers: list[tuple[str, int | None, RateLimit | None]]

    @property
    def chat(self) -> Chat:
        return self.cabinet.chats[1]


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def sandbox(stage: Stage) -> Iterator[Sandbox]:
    world = generated_world(cabinets=2, chats=45, messages_a_chat=8)
    cabinet = world.cabinets[1]
    answers: list[tuple[str, int | None, RateLimit | None]] = []
    stage.app = create_app(world)
    with MarketClient(
        cabinet.business_id,
        SecretStr(cabinet.api_key),
        base_url=stage.url,
        timeout_s=5,
        on_answer=lambda *answer: answers.append(answer),
    ) as client:
        yield Sandbox(stage.url, cabinet, client, answers)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the developer's proxy alone: it cannot reach this machine's own ports."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
