from datetime import timedelta

from tests.worker.store.records import KEY, LEASE, NOW
from worker.store import MessageKey, Store

CHAT = KEY[:2]
AGAIN = (timedelta(minutes=1), timedelta(minutes=3))


def note(store: Store, *keys: MessageKey, in_s: float = 15, after_s: float = 0) -> None:
    now = NOW + timedelta(seconds=after_s)
    store.hints.note(keys, {CHAT: now + timedelta(seconds=in_s)}, now=now, due_at=now + LEASE)


def due(store: Store, after_s: float) -> bool:
    """Whether the chat is to be looked at then; if so that look is done."""
    return store.hints.take_due(now=NOW + timedelta(seconds=after_s), again_after=AGAIN, limit=9) == [CHAT]


def test_a_chat_is_looked_at_some_times_and_then_forgotten(store: Store) -> None:
    note(store)
    assert [after_s for after_s in range(0, 1000, 5) if due(store, after_s)] == [15, 75, 255]


def test_a_new_hint_begins_anew_but_puts_nothing_off(store: Store) -> None:
    note(store)
    note(store, after_s=10)
    assert due(store, 15)
    note(store, after_s=20)
    assert [after_s for after_s in range(20, 1000, 5) if due(store, after_s)] == [35, 95, 275]


def test_messages_wait_with_it(store: Store) -> None:
    note(store, KEY, KEY._replace(message_id=701))
    note(store, KEY)
    assert store.figures.status([])[0].waiting == 2
    assert store.messages.take_due(now=NOW, hold=LEASE, limit=9) == []
    assert len(store.messages.take_due(now=NOW + LEASE, hold=LEASE, limit=9)) == 2


def test_a_chat_that_is_not_there_is_forgotten(store: Store) -> None:
    note(store)
    store.hints.forget(CHAT)
    assert not due(store, 1000)


def test_only_so_many_are_taken_at_once_the_oldest_first(store: Store) -> None:
    for chat_id in (3, 1, 2):
        store.hints.note([], {(7, chat_id): NOW + timedelta(seconds=chat_id)}, now=NOW, due_at=NOW)
    assert store.hints.take_due(now=NOW + LEASE, again_after=(), limit=2) == [(7, 1), (7, 2)]
