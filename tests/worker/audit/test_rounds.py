"""Scheduled audits from their day to what arrives at Sentry, over a real sandbox."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import redis

from tests.sandbox_market import Market
from tests.sentry_sink import SentrySink
from tests.worker.audit.test_auditor import REMINDER
from worker import pipeline, settings
from worker.audit import rounds as scheduling
from worker.audit.auditor import Period
from worker.audit.rounds import AUDIT, DIGEST, period_of
from worker.market.client import MarketClient
from worker.pipeline import Pipeline

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def rooms(
    market: Market,
    queue: redis.Redis,
    environment: pytest.MonkeyPatch,
    clients: list[MarketClient],
    sentry_sink: SentrySink,
) -> Iterator[Pipeline]:
    """Two cabinets of the sandbox, and Sentry."""
    lines = [f'market_url = "{market.url}"']
    for number, cabinet in market.world.cabinets.items():
        environment.setenv(f"KEY_{number}", cabinet.api_key)
        lines.append(f'[[cabinets]]\nbusiness_id = {number}\napi_key_env = "KEY_{number}"')
    Path("chatwarden.toml").write_text("\n".join(lines))
    environment.setenv("SENTRY_DSN", sentry_sink.dsn)
    rooms = pipeline.build(settings.load())
    yield rooms
    rooms.store.close()


def work(rooms: Pipeline, begun: list[tuple[str, int]]) -> None:
    for run_id, business_id in begun:
        while not (step := rooms.auditor.step(run_id, business_id, owner="a")).done:
            assert not step.trouble


def test_a_day_is_audited_from_the_midnight_before_and_a_week_whole() -> None:
    now = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 06:00 in Moscow
    day, week = period_of(AUDIT, now, MOSCOW), period_of(DIGEST, now, MOSCOW)
    assert (day.since, day.until) == (datetime(2026, 11, 22, tzinfo=MOSCOW), now)
    assert (week.since, week.until) == (
        datetime(2026, 11, 16, tzinfo=MOSCOW),
        datetime(2026, 11, 23, tzinfo=MOSCOW),
    )


def test_sentry_is_told_that_it_began_and_what_it_came_to(
    rooms: Pipeline, market: Market, sentry_sink: SentrySink
) -> None:
    begun = rooms.rounds.begin(AUDIT)
    assert [business_id for _, business_id in begun] == list(market.world.cabinets)
    rooms.rounds.tell()
    assert [one["status"] for one in sentry_sink.check_ins] == ["in_progress"]
    work(rooms, begun)
    for _ in range(2):
        rooms.rounds.tell()
    first, last = sentry_sink.check_ins
    assert first["check_in_id"] == last["check_in_id"] == begun[0][0]
    assert (last["status"], last["monitor_slug"]) == ("ok", "chatwarden-audit")
    assert last["monitor_config"]["schedule"] == {"type": "crontab", "value": "0 6 * * *"}
    assert last["monitor_config"]["timezone"] == "Europe/Moscow"
    assert last["duration"] > 0
    [event] = sentry_sink.audits
    assert (event["event_id"], event["level"]) == (begun[0][0], "warning")
    assert event["contexts"]["audit"]["judged"] == event["contexts"]["audit"]["partner_messages"] == 24
    assert event["contexts"]["cabinet 1"]["violations"] == 3
    assert sorted(path.suffix for path in Path("chatwarden-data/reports").iterdir()) == [".csv", ".html", ".json"]
    [audit, _] = rooms.store.audits.run(begun[0][0])
    assert audit.told_at
    assert audit.figures
    assert audit.figures["judged"] == 24


def test_a_summary_that_did_not_arrive_comes_again(rooms: Pipeline, sentry_sink: SentrySink) -> None:
    work(rooms, rooms.rounds.begin(DIGEST))
    sentry_sink.answer(500)
    rooms.rounds.tell()
    assert not sentry_sink.audits
    sentry_sink.answer(200)
    rooms.rounds.tell()
    assert [one["monitor_slug"] for one in sentry_sink.check_ins] == ["chatwarden-digest"] * 2
    assert len(sentry_sink.audits) == 1


def test_an_audit_that_takes_too_long_is_given_up_and_told(
    rooms: Pipeline, market: Market, sentry_sink: SentrySink, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.revoke()
    [run, other] = rooms.rounds.begin(AUDIT)
    assert rooms.auditor.step(*run, owner="a").trouble
    work(rooms, [other])
    monkeypatch.setattr(scheduling, "LONGEST", timedelta())
    assert rooms.rounds.at_rest() == []
    rooms.rounds.tell()
    assert sentry_sink.check_ins[-1]["status"] == "error"
    [event] = sentry_sink.audits
    assert event["level"] == "error"
    assert "HTTP 401" in event["contexts"]["cabinet 1"]["trouble"]


def test_what_was_stopped_is_gone_on_with(rooms: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = rooms.rounds.begin(AUDIT)
    assert rooms.rounds.at_rest() == []
    monkeypatch.setattr(scheduling, "AT_REST", timedelta())
    assert rooms.rounds.at_rest() == begun


def test_a_cabinet_that_is_being_audited_is_left_out(rooms: Pipeline) -> None:
    now = datetime.now(UTC)
    run_id = rooms.auditor.open([1], Period(now - timedelta(days=1), now, "by hand"))
    rooms.store.audits.claim(run_id, 1, "somebody", now=now, lease=timedelta(minutes=1))
    assert [business_id for _, business_id in rooms.rounds.begin(AUDIT)] == [2]


class TestMisses:
    def test_are_told_once_and_without_a_word_of_the_shop(
        self, rooms: Pipeline, market: Market, sentry_sink: SentrySink
    ) -> None:
        chat = market.say("Здравствуйте, спасибо").chat_id
        key = market.say(REMINDER, sender="MARKET", chat_id=chat)
        work(rooms, rooms.rounds.begin(AUDIT))
        for _ in range(2):
            rooms.rounds.tell()
        [event] = sentry_sink.misses
        assert event["tags"]["message_id"] == str(key.message_id)
        assert not any("Здравствуйте".encode() in envelope for envelope in sentry_sink.envelopes)

    def test_wait_until_what_stands_before_them_is_judged(self, rooms: Pipeline, market: Market) -> None:
        key = market.say("Здравствуйте, спасибо")
        market.say(REMINDER, sender="MARKET", chat_id=key.chat_id)
        work(rooms, rooms.rounds.begin(AUDIT))
        now = datetime.now(UTC)
        claim = {"now": now, "lease": timedelta(minutes=1), "max_attempts": 4}
        rooms.store.messages.claim(key, "live", rule_set="newer", **claim)  # type: ignore[arg-type]
        assert rooms.store.reminders.untold(limit=9) == []

    def test_are_none_where_something_was_found(self, rooms: Pipeline, market: Market, sentry_sink: SentrySink) -> None:
        chat = market.say("Звоните 8 912 000-11-22").chat_id
        market.say(REMINDER, sender="MARKET", chat_id=chat)
        work(rooms, rooms.rounds.begin(AUDIT))
        rooms.rounds.tell()
        assert sentry_sink.misses == []
        assert rooms.store.reminders.untold(limit=9) == []
