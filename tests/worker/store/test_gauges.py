import math
from datetime import timedelta

import pytest

from tests.worker.store.records import KEY, LEASE, NOW, found, reading, said
from worker.store import Store

BOUNDS = (1.0, 10.0, 60.0, math.inf)


def test_judged_messages_of_the_shop_are_counted_by_verdict(store: Store) -> None:
    store.messages.record(reading(said(1), said(2), said(3, sender="CUSTOMER"), violations=(found(1),)), now=NOW)
    store.messages.record(reading(said(4), violations=(found(4), found(4, "link"))), now=NOW)
    assert store.gauges.judged() == {(7, "violation"): 2, (7, "clean"): 1}
    assert store.gauges.violations() == {(7, "phone"): 2, (7, "link"): 1}


def test_the_oldest_that_waits_is_told(store: Store) -> None:
    assert store.gauges.oldest_waiting() == {}
    for minutes in (3, 5, 4):
        seen = NOW - timedelta(minutes=minutes)
        store.messages.expect([KEY._replace(message_id=minutes)], now=seen, due_at=NOW)
    assert store.gauges.oldest_waiting() == {7: NOW - timedelta(minutes=5)}
    assert store.gauges.waiting() == {(7, "queued"): 3}


def test_an_alert_takes_from_the_writing_of_the_message_to_its_arrival(store: Store) -> None:
    assert store.gauges.alert_delays(BOUNDS).counts == {}
    for number, delay_s in enumerate((0.5, 5, 7, 3600), 1):
        written = NOW - timedelta(seconds=delay_s)
        store.messages.record(reading(said(number), violations=(found(number, created_at=written),)), now=NOW)
    assert store.gauges.oldest_unreported() == NOW
    for violation in list(store.violations.find()):
        alert = store.alerts.prepare(violation.id, now=NOW)
        assert alert
        store.alerts.claim(alert, now=NOW, lease=LEASE)
        store.alerts.mark_sent(alert, now=NOW)
    delays = store.gauges.alert_delays(BOUNDS)
    assert delays.counts == {1.0: 1, 10.0: 2, math.inf: 1}
    assert delays.total_s == pytest.approx(3612.5, abs=0.01)
    assert store.gauges.oldest_unreported() is None
