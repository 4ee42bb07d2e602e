from datetime import timedelta

import pytest

from tests.worker.store.records import KEY, NOW, found, reading, said
from worker.store import ChatContext, Filter, MessageKey, Store

SECOND = timedelta(seconds=1)


def record(store: Store, *keys: tuple[int, int, int], rule: str = "phone", hours: int = 0) -> list[int]:
    new = []
    for key in keys:
        written = NOW + timedelta(hours=hours)
        violation = found(key[2], rule, created_at=written)
        new += store.messages.record(reading(said(key[2]), violations=(violation,), key=MessageKey(*key)), now=NOW)
    return new


def ids(store: Store, **narrowed: object) -> list[int]:
    return [violation.message_id for violation in store.violations.find(Filter(**narrowed))]  # type: ignore[arg-type]


def test_a_violation_comes_back_with_its_message_and_its_order(store: Store) -> None:
    [number] = store.messages.record(
        reading(said(), violations=(found(),), context=ChatContext("ORDER", 50_000_000_001)), now=NOW + 9 * SECOND
    )
    [violation] = store.violations.find()
    assert (violation.id, violation.business_id, violation.chat_id, violation.message_id) == (number, *KEY)
    assert (violation.rule, violation.category, violation.severity) == ("phone", "contact-offer", "violation")
    assert (violation.start, violation.end, violation.evidence, violation.text) == (0, 7, "звоните", "звоните")
    assert (violation.created_at, violation.found_at, violation.reported_at) == (NOW, NOW + 9 * SECOND, None)
    assert (violation.order_id, violation.file_names) == (50_000_000_001, ())


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"business_id": 8}, [4]),
        ({"chat_id": 71}, [3, 4]),
        ({"business_id": 7, "chat_id": 71}, [3]),
        ({"rule": "link"}, [4]),
        ({"rule": "no-such-rule"}, []),
        ({"since": NOW + timedelta(hours=2)}, [4]),
        ({"until": NOW + timedelta(hours=2)}, [1, 2, 3]),
        ({"since": NOW, "until": NOW}, []),
    ],
)
def test_finding_narrows_by_what_is_given(store: Store, narrowed: dict[str, object], expected: list[int]) -> None:
    record(store, (7, 70, 1), (7, 70, 2), (7, 71, 3))
    record(store, (8, 71, 4), rule="link", hours=2)
    assert ids(store, **narrowed) == expected


def test_finding_reads_on_over_pages(store: Store) -> None:
    violations = tuple(found(start=start) for start in range(1200))
    store.messages.record(reading(said(), violations=violations), now=NOW)
    assert [violation.start for violation in store.violations.find()] == list(range(1200))
    assert store.violations.count() == 1200


def test_counts_follow_what_was_reported(store: Store) -> None:
    first, *_ = record(store, (7, 70, 1), (7, 70, 2))
    alert = store.alerts.prepare(first, now=NOW)
    assert alert is not None
    store.alerts.mark_sent(alert, now=NOW + SECOND)
    assert (store.violations.count(), store.violations.count_unreported()) == (2, 1)
    assert [violation.reported_at for violation in store.violations.find()] == [NOW + SECOND, None]
