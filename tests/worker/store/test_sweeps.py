from datetime import timedelta

from tests.worker.store.records import LEASE, NOW
from worker.store import Store, Sweep

SINCE = NOW - timedelta(days=30)
LATER = NOW + LEASE + timedelta(seconds=1)


def claim(store: Store, owner: str = "a", *, after: timedelta = timedelta()) -> Sweep | None:
    return store.sweeps.claim(7, owner, since=SINCE, now=NOW + after, lease=LEASE)


class TestClaim:
    def test_begins_at_the_first_page(self, store: Store) -> None:
        assert claim(store) == Sweep(SINCE, NOW, None)
        assert not store.sweeps.under_way(7)

    def test_is_one_owners_alone_until_its_lease_is_over(self, store: Store) -> None:
        claim(store)
        assert claim(store, "b") is None
        assert claim(store, "a")
        assert claim(store, "b", after=LATER - NOW)

    def test_is_prolonged_by_its_owner_alone(self, store: Store) -> None:
        claim(store)
        store.sweeps.prolong(7, "b", until=LATER + LEASE)
        assert claim(store, "b", after=LATER - NOW)
        store.sweeps.prolong(7, "b", until=LATER + 3 * LEASE)
        assert claim(store, "a", after=LATER + 2 * LEASE - NOW) is None

    def test_goes_on_where_it_was(self, store: Store) -> None:
        claim(store)
        store.sweeps.turn_page(7, "page-2")
        assert store.sweeps.under_way(7)
        assert claim(store, "b") == Sweep(SINCE, NOW, "page-2")

    def test_let_go_keeps_the_page(self, store: Store) -> None:
        claim(store)
        store.sweeps.turn_page(7, "page-2")
        claim(store)
        store.sweeps.let_go(7)
        assert claim(store, "b") == Sweep(SINCE, NOW, "page-2")


def test_a_finished_sweep_is_not_under_way_and_is_dated(store: Store) -> None:
    assert store.sweeps.last_finished(7) is None
    claim(store)
    store.sweeps.turn_page(7, "page-2")
    store.sweeps.finish(7, now=LATER)
    assert store.sweeps.last_finished(7) == LATER
    assert not store.sweeps.under_way(7)
    assert claim(store, "b") == Sweep(SINCE, NOW, None)


def test_a_sweep_begun_anew_looks_back_as_it_is_told(store: Store) -> None:
    claim(store)
    store.sweeps.turn_page(7, "page-2")
    store.sweeps.begin_anew(7, since=NOW, now=LATER)
    assert claim(store) == Sweep(NOW, LATER, None)


def test_a_chat_is_remembered_up_to_its_last_message(store: Store) -> None:
    assert store.sweeps.chat(7, 70) == (None, None)
    store.sweeps.record_chat(7, 70, swept_at=NOW, judged_up_to=700)
    store.sweeps.record_chat(7, 70, swept_at=LATER, judged_up_to=None)
    assert store.sweeps.chat(7, 70) == (LATER, 700)
    assert store.sweeps.chat(8, 70) == (None, None)


def test_requests_are_counted_up(store: Store) -> None:
    store.sweeps.record_requests(7, {"getChats": 2})
    store.sweeps.record_requests(7, {"getChats": 1, "getChatHistory": 4})
    [status] = store.figures.status([])
    assert status.requests == {"getChats": 3, "getChatHistory": 4}
