from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sandbox_market import Market
from worker import faults, pipeline, settings
from worker.alerts import LogChannel, SentryChannel
from worker.errors import OperatorError
from worker.market.client import MarketClient
from worker.pipeline import Pipeline
from worker.store import MessageKey

pytestmark = pytest.mark.usefixtures("environment")

CABINET = '[[cabinets]]\nbusiness_id = 1\nname = "Полка"\napi_key_env = "ONE"\n'


@pytest.fixture
def rooms(
    market: Market, redis_url: str, environment: pytest.MonkeyPatch, clients: list[MarketClient]
) -> Iterator[Pipeline]:
    """The rooms of a process whose settings name one cabinet of the sandbox."""
    Path("chatwarden.toml").write_text(f'market_url = "{market.url}"\nredis_url = "{redis_url}"\n{CABINET}')
    environment.setenv("ONE", market.cabinet.api_key)
    rooms = pipeline.build(settings.load())
    yield rooms
    rooms.store.close()


def test_a_message_goes_from_market_to_the_outbox(
    rooms: Pipeline, market: Market, clients: list[MarketClient], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        for violation in rooms.checker.check(market.say("Звоните 8 912 000-11-22"), owner="a").violations:
            rooms.outbox.report(violation)
    assert rooms.store.violations.count_unreported() == 0
    assert "— Полка (1) (rule " in caplog.text
    assert len(clients) == 1
    assert rooms.store.figures.status([1])[0].requests == market.requests


def test_the_sweeper_spends_on_the_same_account(rooms: Pipeline, market: Market) -> None:
    rooms.checker.check(market.say("Здравствуйте"), owner="a")
    while not rooms.sweeper.step(1, owner="a", since=datetime(2020, 1, 1, tzinfo=UTC)).done:
        pass
    status = rooms.store.figures.status([1])[0]
    assert status.judged == sum(len(chat.messages) for chat in market.cabinet.chats.values())
    assert status.requests == market.requests


def test_a_cabinet_that_is_not_in_the_settings_gets_no_client(
    rooms: Pipeline, market: Market, clients: list[MarketClient]
) -> None:
    assert rooms.checker.check(MessageKey(2, 1, 1), owner="a").violations == []
    assert clients == []
    assert rooms.store.figures.status([2])[0].waiting == 1


def test_a_key_that_cannot_be_read_stops_its_cabinet_alone(
    rooms: Pipeline, market: Market, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("ONE")
    key = market.say("Звоните 8 912 000-11-22")
    assert rooms.checker.check(key, owner="a").violations == []
    assert rooms.store.figures.status([1])[0].waiting == 1
    pause = rooms.store.pauses.find(1, "getChatHistory")
    assert pause is not None
    assert "the environment variable ONE holds no Api-Key" in pause.reason


def test_alerts_go_to_sentry_where_there_is_one_and_to_the_log_elsewhere(
    redis_url: str, environment: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    channels: list[object] = []
    environment.setattr(faults, "report_faults_to", told.append)
    environment.setattr(pipeline, "Outbox", lambda store, channel, *_, **__: channels.append(channel))
    for dsn, kind in (("", LogChannel), ("https://key@sentry.example/1", SentryChannel)):
        environment.setenv("SENTRY_DSN", dsn)
        pipeline.build(settings.load()).store.close()
        assert isinstance(channels[-1], kind)
    assert told == ["https://key@sentry.example/1"]


def test_a_cabinet_is_called_by_its_name_else_by_its_number() -> None:
    Path("chatwarden.toml").write_text(CABINET)
    current = settings.load()
    assert pipeline.cabinet_title(current, 1) == "Полка (1)"
    assert pipeline.cabinet_title(current, 2) == "2"


def test_a_client_without_a_key_is_none(environment: pytest.MonkeyPatch) -> None:
    Path("chatwarden.toml").write_text(CABINET)
    current = settings.load()
    with pytest.raises(OperatorError, match="cabinet Полка \\(1\\): the environment variable ONE holds no Api-Key"):
        pipeline.market_client(current, current.cabinets[0])
