import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sentry_sink import SentrySink
from tests.worker.store.records import KEY, reading, said
from worker.alerts import AGAIN, LEASE, Channel, ConfirmingTransport, LogChannel, Outbox, SentryChannel
from worker.store import ChatContext, FoundViolation, Store, Violation
from worker.version import RELEASE

WRITTEN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
FOUND = WRITTEN + timedelta(seconds=12.34)
TEXT = "Заказ ждёт вас. Звоните +7 912 000-11-22, тайное слово кекс"
EVIDENCE = "+7 912 000-11-22"

pytestmark = pytest.mark.usefixtures("environment")


def outbox(store: Store, channel: Channel, *, lang: str = "ru", unmask: bool = False) -> Outbox:
    return Outbox(store, channel, cabinet_title=lambda number: f"Тёплый Угол ({number})", lang=lang, unmask=unmask)


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


def free_again(store: Store) -> datetime:
    """Return when the outbox may try its one violation again, to within a second."""
    now = datetime.now(UTC)
    return next(
        moment
        for moment in (now + timedelta(seconds=second) for second in range(-2, 3600))
        if store.violations.unreported(now=moment, limit=1)
    )


class TestEvent:
    def test_says_what_where_and_why(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        assert outbox(store, channel).report(violation.id)
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

    def test_has_the_same_id_for_the_same_violation_and_another_for_another(
        self, store: Store, violation: Violation
    ) -> None:
        one, other = outbox(store, LogChannel()), outbox(store, LogChannel(), lang="en", unmask=True)
        assert one.event(violation)["event_id"] == other.event(violation)["event_id"]
        fields = {name: getattr(violation, name) for name in Violation.__slots__}
        for changed in ({"start": 1}, {"rule": "link"}, {"message_id": 1}, {"chat_id": 1}, {"business_id": 1}):
            assert one.event(Violation(**{**fields, **changed}))["event_id"] != one.event(violation)["event_id"]

    def test_shows_evidence_as_written_only_where_that_is_allowed(self, store: Store, violation: Violation) -> None:
        shown = outbox(store, LogChannel(), unmask=True, lang="en").event(violation)
        assert shown["logentry"]["formatted"] == f"The shop gives the buyer a contact: «{EVIDENCE}» — Тёплый Угол (7)"


class TestReport:
    def test_sends_once_however_often_it_is_asked(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        rooms = outbox(store, channel)
        assert [rooms.report(violation.id) for _ in range(5)] == [True] * 5
        assert len(sentry_sink.envelopes) == 1
        assert reported(store)

    @pytest.mark.parametrize("status", [400, 403, 413, 500, 503])
    def test_what_sentry_refuses_stays_unsent_and_is_sent_later(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation, status: int
    ) -> None:
        rooms = outbox(store, channel)
        sentry_sink.answer(status)
        assert not rooms.report(violation.id)
        assert not reported(store)
        self._sent_after(AGAIN, store, rooms, violation, sentry_sink)

    def test_a_limit_of_sentrys_is_kept(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        rooms = outbox(store, channel)
        sentry_sink.answer(429, headers={"Retry-After": "600"})
        assert not rooms.report(violation.id)
        assert abs(free_again(store) - datetime.now(UTC) - timedelta(seconds=600)) < timedelta(seconds=5)
        # Within the limit nothing is sent, and another alert is put off as long.
        store.violations.release_alert(violation.id, retry_at=datetime.now(UTC))
        sentry_sink.answer(200)
        assert not rooms.report(violation.id)
        assert len(sentry_sink.envelopes) == 1
        assert free_again(store) - datetime.now(UTC) > timedelta(seconds=590)

    def test_a_limit_of_this_kind_of_event_is_kept_too(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        sentry_sink.answer(429, headers={"X-Sentry-Rate-Limits": "120:error:organization"})
        assert not outbox(store, channel).report(violation.id)
        assert abs(free_again(store) - datetime.now(UTC) - timedelta(seconds=120)) < timedelta(seconds=5)

    def test_a_sentry_that_is_away_is_asked_again(
        self, store: Store, channel: SentryChannel, sentry_sink: SentrySink, violation: Violation
    ) -> None:
        rooms = outbox(store, channel)
        with sentry_sink.refusing():
            assert not rooms.report(violation.id)
        self._sent_after(AGAIN, store, rooms, violation, sentry_sink)

    def test_a_sentry_that_does_not_answer_in_time_is_asked_again(
        self, store: Store, sentry_sink: SentrySink, violation: Violation, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setattr(ConfirmingTransport, "TIMEOUT", 0.2)
        channel = SentryChannel(sentry_sink.dsn)
        rooms = outbox(store, channel)
        sentry_sink.answer(delay_s=1)
        assert not rooms.report(violation.id)
        sentry_sink.answer()
        # The first request may have been taken all the same: then Sentry knows the second by its id.
        self._sent_after(AGAIN, store, rooms, violation, None)
        assert len({event["event_id"] for event in sentry_sink.events}) == 1
        channel._client.close()

    def test_what_another_process_is_sending_is_left_to_it(self, store: Store, violation: Violation) -> None:
        store.violations.claim_alert(violation.id, now=datetime.now(UTC), lease=LEASE)
        assert outbox(store, LogChannel()).report(violation.id)
        assert not reported(store)

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
        assert f"alert of violation {violation.id} did not arrive (status_500); next try at" in every_log_line.text
        assert "912" not in every_log_line.text

    def _sent_after(
        self, delay: timedelta, store: Store, rooms: Outbox, violation: Violation, sink: SentrySink | None
    ) -> None:
        assert abs(free_again(store) - datetime.now(UTC) - delay) < timedelta(seconds=5)
        store.violations.release_alert(violation.id, retry_at=datetime.now(UTC) - timedelta(seconds=1))
        if sink:
            sink.answer(200)
        assert rooms.report(violation.id)
        assert reported(store)
        assert sink is None or len(sink.violations) == 1


class TestLogChannel:
    def test_prints_what_sentry_would_have_got_masked(
        self, store: Store, violation: Violation, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert outbox(store, LogChannel()).report(violation.id)
        [(name, level, line)] = caplog.record_tuples
        assert (name, level) == ("worker.alerts", logging.WARNING)
        assert line == (
            "Магазин даёт покупателю контакт: «+7 912 ***-**-22» — Тёплый Угол (7) (rule phone, chat 70, message 700)"
        )
        assert reported(store)


def test_the_transport_says_what_it_did_not_send(sentry_sink: SentrySink) -> None:
    channel = SentryChannel(sentry_sink.dsn)
    event: Any = {"event_id": "0" * 32, "logentry": {"formatted": "x"}}
    channel.send(event)
    assert [event["event_id"] for event in sentry_sink.events] == ["0" * 32]
    assert repr(channel).find("sinkkey") == -1
    channel._client.close()
