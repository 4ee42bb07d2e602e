import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sentry_sink import SentrySink
from tests.waiting import until
from tests.worker.store.records import KEY, reading, said
from worker.alerts import (
    LEASE,
    REFUSALS,
    Channel,
    ConfirmingTransport,
    DeliveryError,
    LogChannel,
    Outbox,
    SentryChannel,
)
from worker.composing import Composer
from worker.store import ChatContext, FoundViolation, MessageKey, Store, Violation
from worker.version import RELEASE

WRITTEN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
FOUND = WRITTEN + timedelta(seconds=12.34)
TEXT = "Заказ ждёт вас. Звоните +7 912 000-11-22, тайное слово кекс"
EVIDENCE = "+7 912 000-11-22"

pytestmark = pytest.mark.usefixtures("environment")


def outbox(store: Store, channel: Channel, *, per_minute: int = 600, digest_above: int = 200) -> Outbox:
    composer = Composer(lambda number: f"Тёплый Угол ({number})")
    return Outbox(store, channel, composer, per_minute=per_minute, digest_above=digest_above)


@pytest.fixture
def violation(store: Store) -> Violation:
    start = TEXT.index(EVIDENCE)
    found = FoundViolation(
        KEY.message_id,
        WRITTEN,
        "phone",
        "contact-offer",
        "violation",
        0.951,
        start,
        start + len(EVIDENCE),
        EVIDENCE,
        "Телефон.",
    )
    context = ChatContext("ORDER", 50_000_000_001)
    store.messages.record(reading(said(text=TEXT), violations=(found,), context=context), now=FOUND)
    [violation] = store.violations.find()
    return violation


@pytest.fixture
def channel(sentry_sink: SentrySink) -> Iterator[SentryChannel]:
    channel = SentryChannel(sentry_sink.dsn)
    yield channel
    channel._client.close()


def reported(store: Store) -> bool:
    return store.violations.count_unreported() == 0


class TestEvent:
    def test_says_what_where_and_why(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        outbox(store, channel).report(violation.id)
        [event] = sentry_sink.violations
        title = "Магазин даёт покупателю контакт: «+7 912 ***-**-22» — Тёплый Угол (7)"
        assert event["logentry"]["formatted"] == title
        assert event["level"] == "error"
        assert event["release"] == RELEASE
        assert event["fingerprint"] == ["phone", "7", "70"]
        assert event["tags"] == {
            "kind": "violation",
            "rule": "phone",
            "category": "contact-offer",
            "severity": "violation",
            "business_id": "7",
            "chat_id": "70",
            "message_id": "700",
        }
        assert event["contexts"]["violation"] == {
            "cabinet": "Тёплый Угол (7)",
            "evidence": "+7 912 ***-**-22",
            "reason": "Телефон.",
            "confidence": 0.95,
            "order_id": 50_000_000_001,
            "written_at": "2026-10-01T09:00:00+00:00",
            "found_at": "2026-10-01T09:00:12.340000+00:00",
            "found_after_s": 12.3,
        }

    def test_holds_no_text_no_number_and_no_key(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        outbox(store, channel).report(violation.id)
        [envelope] = sentry_sink.envelopes
        sent = json.dumps(json.loads(envelope.splitlines()[-1]), ensure_ascii=False) + envelope.decode()
        for secret in ("кекс", "Заказ ждёт", EVIDENCE, "000-11-22", "0001122", "ACMA:"):
            assert secret not in sent


class TestReport:
    def test_sends_once_however_often_it_is_asked(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        rooms = outbox(store, channel)
        for _ in range(5):
            rooms.report(violation.id)
            rooms.report_all()
        assert len(sentry_sink.envelopes) == 1
        assert reported(store)

    @pytest.mark.parametrize("status", [400, 403, 413, 500, 503])
    def test_what_sentry_refuses_stays_unsent_and_is_sent_later(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation, status: int
    ) -> None:
        rooms = outbox(store, channel)
        sentry_sink.answer(status)
        rooms.report(violation.id)
        assert not reported(store)
        sentry_sink.answer(200)
        self._sent_again(store, rooms, sentry_sink)

    def test_a_sentry_that_is_away_is_asked_again(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        rooms = outbox(store, channel)
        with sentry_sink.refusing():
            rooms.report(violation.id)
        assert not reported(store)
        self._sent_again(store, rooms, sentry_sink)

    def test_a_sentry_that_does_not_answer_in_time_is_asked_again_about_the_same_event(
        self, store: Store, sentry_sink: SentrySink, violation: Violation, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setattr(ConfirmingTransport, "TIMEOUT", 0.2)
        channel = SentryChannel(sentry_sink.dsn)
        rooms = outbox(store, channel)
        sentry_sink.answer(delay_s=0.6)
        rooms.report(violation.id)
        assert not reported(store)
        # What was too late for us arrives all the same: Sentry knows the second by its id.
        until(lambda: sentry_sink.events)
        sentry_sink.answer()
        rooms.report_all()
        assert reported(store)
        first, second = sentry_sink.events
        assert first["event_id"] == second["event_id"]
        channel._client.close()

    @pytest.mark.parametrize(
        "headers", [{"Retry-After": "600"}, {"X-Sentry-Rate-Limits": "120:error:organization"}], ids=["all", "errors"]
    )
    def test_a_limit_of_sentrys_is_kept(
        self,
        store: Store,
        channel: SentryChannel,
        sentry_sink: SentrySink,
        violation: Violation,
        headers: dict[str, str],
    ) -> None:
        sentry_sink.answer(429, headers=headers)
        rooms = outbox(store, channel)
        rooms.report(violation.id)
        sentry_sink.answer(200)
        rooms.report_all()
        outbox(store, channel).report_all()
        assert len(sentry_sink.envelopes) == 1
        assert not reported(store)

    def test_what_another_process_is_sending_is_left_to_it(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        now = datetime.now(UTC)
        alert = store.alerts.prepare(violation.id, now=now)
        assert alert is not None
        assert store.alerts.claim(alert, now=now, lease=LEASE)
        rooms = outbox(store, channel)
        rooms.report(violation.id)
        rooms.report_all()
        assert sentry_sink.envelopes == []
        store.alerts.release(alert)
        rooms.report_all()
        assert reported(store)

    def test_what_did_not_arrive_is_told_without_evidence(
        self,
        store: Store,
        channel: SentryChannel,
        sentry_sink: SentrySink,
        violation: Violation,
        every_log_line: pytest.LogCaptureFixture,
    ) -> None:
        sentry_sink.answer(500)
        outbox(store, channel).report(violation.id)
        assert "did not arrive (status_500); next try at" in every_log_line.text
        assert "912" not in every_log_line.text

    def _sent_again(self, store: Store, rooms: Outbox, sink: SentrySink) -> None:
        assert sink.violations == []
        rooms.report_all()
        rooms.report_all()
        assert reported(store)
        assert len(sink.violations) == 1


class TestMany:
    @pytest.fixture
    def violations(self, store: Store) -> list[int]:
        """Three violations of one chat and rule, and one of another chat."""
        found = [found_in(number) for number in (1, 2, 3)]
        new = store.messages.record(reading(*map(said, (1, 2, 3)), violations=tuple(found)), now=FOUND)
        other = MessageKey(7, 71, 4)
        return new + store.messages.record(reading(said(4), violations=(found_in(4),), key=other), now=FOUND)

    def test_are_sent_alone_while_they_are_few(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violations: list[int]
    ) -> None:
        outbox(store, channel).report_all()
        assert {event["tags"]["message_id"] for event in sentry_sink.violations} == {"1", "2", "3", "4"}
        assert len({event["event_id"] for event in sentry_sink.events}) == 4
        assert reported(store)

    def test_are_sent_as_digests_a_chat_and_rule_when_they_are_too_many(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violations: list[int]
    ) -> None:
        rooms = outbox(store, channel, digest_above=3)
        rooms.report(violations[0])
        assert sentry_sink.events == []
        rooms.report_all()
        digest, alone = sorted(sentry_sink.violations, key=lambda event: event["tags"]["chat_id"])
        assert digest["contexts"]["digest"]["count"] == 3
        assert alone["tags"]["message_id"] == "4"
        assert reported(store)

    def test_are_no_more_than_the_rate_allows(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violations: list[int]
    ) -> None:
        rooms = outbox(store, channel, per_minute=2)
        rooms.report_all()
        rooms.report(violations[3])
        rooms.report_all()
        assert len(sentry_sink.events) == 2
        assert store.violations.count_unreported() == 2

    def test_leave_sentry_alone_when_it_refused_several_in_a_row(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violations: list[int]
    ) -> None:
        rooms = outbox(store, channel)
        sentry_sink.answer(500)
        rooms.report_all()
        sentry_sink.answer(200)
        rooms.report_all()
        assert len(sentry_sink.envelopes) == REFUSALS < len(violations)
        assert store.violations.count_unreported() == len(violations)

    def test_go_to_the_log_as_well(self, store: Store, violations: list[int], caplog: pytest.LogCaptureFixture) -> None:
        outbox(store, LogChannel(), digest_above=1).report_all()
        assert reported(store)
        assert any("(rule phone, chat 70)" in message for message in caplog.messages)


def found_in(message_id: int) -> FoundViolation:
    place = (0, 7, "звоните", "Телефон.")
    return FoundViolation(message_id, WRITTEN, "phone", "contact-offer", "violation", 0.9, *place)


class TestLogChannel:
    def test_prints_what_sentry_would_have_got_masked(
        self, store: Store, violation: Violation, caplog: pytest.LogCaptureFixture
    ) -> None:
        outbox(store, LogChannel()).report(violation.id)
        [(name, level, line)] = caplog.record_tuples
        assert (name, level) == ("worker.alerts", logging.WARNING)
        assert line == (
            "Магазин даёт покупателю контакт: «+7 912 ***-**-22» — Тёплый Угол (7) (rule phone, chat 70, message 700)"
        )
        assert reported(store)

    def test_prints_what_is_of_no_message_too(self, caplog: pytest.LogCaptureFixture) -> None:
        LogChannel().send({"logentry": {"formatted": "all is judged"}, "tags": {"kind": "audit"}})
        assert caplog.messages == ["all is judged"]


def test_the_transport_says_what_it_did_not_send(sentry_sink: SentrySink) -> None:
    channel = SentryChannel(sentry_sink.dsn)
    event: Any = {"event_id": "0" * 32, "logentry": {"formatted": "x"}}
    channel.send(event)
    assert [event["event_id"] for event in sentry_sink.events] == ["0" * 32]
    channel._client.close()
    with pytest.raises(DeliveryError, match="sentry-sdk"):
        channel.send(event)
