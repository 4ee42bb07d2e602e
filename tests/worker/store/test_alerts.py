from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.worker.store.records import LEASE, NOW, found, reading, said
from worker.store import MessageKey, Store

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def violations(store: Store) -> list[int]:
    """Three violations: two of one rule in one chat, one in another chat."""
    ids = record(store, 70, [found(700), found(701)])
    return ids + record(store, 71, [found(710)])


def record(store: Store, chat_id: int, violations: Iterable[object]) -> list[int]:
    some = tuple(violations)
    messages = [said(violation.message_id) for violation in some]  # type: ignore[attr-defined]
    key = MessageKey(7, chat_id, messages[0].message_id)
    return store.messages.record(reading(*messages, violations=some, key=key), now=NOW)  # type: ignore[arg-type]


class TestPreparing:
    def test_settles_one_alert_a_violation_once(self, store: Store, violations: list[int]) -> None:
        alert = store.alerts.prepare(violations[0], now=NOW)
        assert alert
        assert store.alerts.prepare(violations[0], now=NOW) is None
        assert store.alerts.unprepared() == 2
        assert store.alerts.due(now=NOW, limit=9) == [alert]

    def test_of_few_makes_one_each(self, store: Store, violations: list[int]) -> None:
        store.alerts.prepare_all(digest_above=3, now=NOW)
        assert [len(told(store, alert)) for alert in store.alerts.due(now=NOW, limit=9)] == [1, 1, 1]

    def test_of_many_makes_digests_a_chat_and_rule(self, store: Store, violations: list[int]) -> None:
        store.alerts.prepare_all(digest_above=2, now=NOW)
        told_by = [told(store, alert) for alert in store.alerts.due(now=NOW, limit=9)]
        assert sorted(told_by) == [[violations[0], violations[1]], [violations[2]]]

    def test_never_changes_what_is_settled(self, store: Store, violations: list[int]) -> None:
        alert = store.alerts.prepare(violations[0], now=NOW)
        store.alerts.prepare_all(digest_above=0, now=NOW)
        assert alert
        assert told(store, alert) == [violations[0]]
        assert store.alerts.unprepared() == 0


class TestSending:
    def test_is_one_senders_alone_until_its_lease_is_over(self, store: Store, violations: list[int]) -> None:
        alert = store.alerts.prepare(violations[0], now=NOW) or ""
        assert told(store, alert) == [violations[0]]
        assert told(store, alert) == []
        assert store.alerts.due(now=NOW, limit=9) == []
        later = NOW + LEASE + timedelta(seconds=1)
        assert store.alerts.due(now=later, limit=9) == [alert]
        assert [v.id for v in store.alerts.claim(alert, now=later, lease=LEASE)] == [violations[0]]

    def test_what_has_arrived_is_reported_and_never_due_again(self, store: Store, violations: list[int]) -> None:
        store.alerts.prepare_all(digest_above=2, now=NOW)
        alerts = store.alerts.due(now=NOW, limit=9)
        for alert in alerts:
            store.alerts.mark_sent(alert, now=NOW)
        assert store.violations.count_unreported() == 0
        assert store.alerts.due(now=NOW + LEASE * 2, limit=9) == []
        assert told(store, alerts[0]) == []

    def test_what_did_not_arrive_is_due_at_once_and_still_the_oldest(self, store: Store, violations: list[int]) -> None:
        oldest = store.alerts.prepare(violations[1], now=NOW) or ""
        newer = store.alerts.prepare(violations[0], now=NOW + A_MINUTE)
        told(store, oldest)
        store.alerts.release(oldest)
        assert store.alerts.due(now=NOW, limit=9) == [oldest, newer]
        assert store.alerts.due(now=NOW, limit=1) == [oldest]

    def test_counts_what_went_in_the_last_minute(self, store: Store, violations: list[int]) -> None:
        for at, violation in enumerate(violations):
            alert = store.alerts.prepare(violation, now=NOW) or ""
            store.alerts.mark_sent(alert, now=NOW + at * A_MINUTE)
        assert store.alerts.sent_since(NOW) == 2


def told(store: Store, alert: str) -> list[int]:
    return [violation.id for violation in store.alerts.claim(alert, now=NOW, lease=LEASE)]
