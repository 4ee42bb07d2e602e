from datetime import timedelta

import pytest

from tests.worker.store.records import KEY, LEASE, NOW, found, reading, said
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


def test_the_outbox_gives_the_oldest_first_and_no_more_than_asked(store: Store) -> None:
    numbers = record(store, (7, 70, 1), (7, 70, 2), (7, 70, 3))
    assert store.violations.unreported(now=NOW, limit=2) == numbers[:2]
    assert store.violations.count_unreported() == 3


def test_an_alert_is_claimed_by_one_until_its_lease_is_over(store: Store) -> None:
    [number] = record(store, KEY)
    taken = store.violations.claim_alert(number, now=NOW, lease=LEASE)
    assert taken is not None
    assert taken.id == number
    assert store.violations.claim_alert(number, now=NOW + LEASE, lease=LEASE) is None
    assert store.violations.unreported(now=NOW, limit=9) == []
    over = NOW + LEASE + SECOND
    assert store.violations.unreported(now=over, limit=9) == [number]
    assert store.violations.claim_alert(number, now=over, lease=LEASE) is not None


def test_what_was_reported_is_never_claimed_again(store: Store) -> None:
    [number] = record(store, KEY)
    store.violations.claim_alert(number, now=NOW, lease=LEASE)
    store.violations.mark_reported(number, now=NOW + SECOND)
    assert store.violations.claim_alert(number, now=NOW + timedelta(days=9), lease=LEASE) is None
    assert store.violations.unreported(now=NOW + timedelta(days=9), limit=9) == []
    assert store.violations.count_unreported() == 0
    [violation] = store.violations.find()
    assert violation.reported_at == NOW + SECOND


def test_what_did_not_arrive_comes_again_at_its_time(store: Store) -> None:
    [number] = record(store, KEY)
    store.violations.claim_alert(number, now=NOW, lease=LEASE)
    store.violations.release_alert(number, retry_at=NOW + 10 * SECOND)
    assert store.violations.unreported(now=NOW + 9 * SECOND, limit=9) == []
    assert store.violations.claim_alert(number, now=NOW + 9 * SECOND, lease=LEASE) is None
    assert store.violations.unreported(now=NOW + 11 * SECOND, limit=9) == [number]


def test_a_violation_that_is_not_there_cannot_be_claimed(store: Store) -> None:
    assert store.violations.claim_alert(99, now=NOW, lease=LEASE) is None
