from datetime import timedelta

from tests.worker.store.records import NOW
from worker.store import WHOLE_CABINET, Pause, Store

MINUTE = timedelta(minutes=1)


def begin(store: Store, method: str, minutes: int, reason: str = "spent", *, later: int = 0) -> bool:
    now = NOW + later * MINUTE
    return store.pauses.begin(7, method, now=now, until=NOW + minutes * MINUTE, reason=reason)


def test_a_pause_stands_over_its_method_of_its_cabinet_alone(store: Store) -> None:
    assert begin(store, "getChats", 10)
    assert store.pauses.find(7, "getChats") == Pause("getChats", NOW, NOW + 10 * MINUTE, "spent")
    assert store.pauses.find(7, "getChat") is None
    assert store.pauses.find(8, "getChats") is None


def test_a_pause_of_the_whole_cabinet_stands_over_every_method(store: Store) -> None:
    begin(store, WHOLE_CABINET, 10, "401")
    for method in ("getChats", "getChatMessage", WHOLE_CABINET):
        pause = store.pauses.find(7, method)
        assert pause is not None
        assert pause.method == WHOLE_CABINET
    assert store.pauses.find(8, "getChats") is None


def test_of_two_pauses_the_longer_one_counts(store: Store) -> None:
    begin(store, WHOLE_CABINET, 10)
    begin(store, "getChats", 20)
    pause = store.pauses.find(7, "getChats")
    assert pause is not None
    assert pause.method == "getChats"


def test_a_pause_that_is_prolonged_keeps_its_beginning_and_is_no_new_one(store: Store) -> None:
    assert begin(store, "getChats", 10)
    assert not begin(store, "getChats", 30, "still spent", later=11)
    assert store.pauses.find(7, "getChats") == Pause("getChats", NOW, NOW + 30 * MINUTE, "still spent")


def test_a_pause_that_ended_is_forgotten_and_the_next_one_is_new(store: Store) -> None:
    begin(store, "getChats", 10)
    begin(store, "getChat", 10)
    store.pauses.end(7, "getChats")
    assert store.pauses.find(7, "getChats") is None
    assert store.pauses.find(7, "getChat") is not None
    assert begin(store, "getChats", 10)
