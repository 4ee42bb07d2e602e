import asyncio
import time
from collections.abc import Sequence
from contextlib import closing

import pytest
from sqlalchemy import QueuePool

from tests.waiting import until
from worker.store import MessageKey, Store
from worker.web import inbox
from worker.web.inbox import Inbox, Moved, NotTakenError

KEY = MessageKey(7, 70, 700)


class Queue:
    """Takes what is handed over, unless it is away or slow."""

    def __init__(self, *, away: bool = False, slow_s: float = 0) -> None:
        self.keys: list[MessageKey] = []
        self._away, self._slow_s = away, slow_s

    def take(self, keys: Sequence[MessageKey]) -> bool:
        time.sleep(self._slow_s)
        self.keys += [] if self._away else keys
        return not self._away


class Taking:
    """An inbox over a store and a queue."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._inbox = Inbox(store, queue.take, lambda _: None)

    def put(self, *moved: Moved) -> float:
        """Put all at the same time; return the seconds it took."""

        async def work() -> float:
            running = asyncio.create_task(self._inbox.run())
            began = time.monotonic()
            try:
                await asyncio.gather(*map(self._inbox.put, moved))
                return time.monotonic() - began
            finally:
                running.cancel()

        return asyncio.run(work())

    def close(self) -> None:
        self._inbox.close()


def put(store: Store, queue: Queue, *moved: Moved) -> float:
    """Put all at the same time into an inbox that is closed then; return the seconds until all were taken."""
    with closing(Taking(store, queue)) as taking:
        return taking.put(*moved)


def waiting(store: Store) -> int:
    return sum(row.waiting for row in store.figures.status([]))


def spoil(store: Store) -> None:
    """Let the store take nothing any more."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE hints")


def test_many_are_written_at_once_and_then_queued(store: Store) -> None:
    queue = Queue()
    put(store, queue, *(Moved(7, 70, number) for number in range(1, 1201)))
    assert waiting(store) == 1200
    until(lambda: len(queue.keys) in range(500, 1201))  # the last of them may have been cancelled with the inbox


def test_a_slow_queue_holds_no_answer_up(store: Store) -> None:
    took_s = put(store, Queue(slow_s=1.0), *(Moved(7, 70, number) for number in range(1, 10)))
    assert took_s < 1.0
    assert waiting(store) == 9


def test_without_the_store_the_queue_takes_them(store: Store) -> None:
    spoil(store)
    queue = Queue()
    put(store, queue, Moved(*KEY), Moved(7, 71, None))
    assert queue.keys == [KEY]


@pytest.mark.parametrize("queue", [Queue(away=True), Queue(slow_s=0.5)])
def test_without_either_it_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch, queue: Queue) -> None:
    monkeypatch.setattr(inbox, "QUEUE_PATIENCE_S", 0.1)
    spoil(store)
    with pytest.raises(NotTakenError):
        put(store, queue, Moved(*KEY))


def test_a_store_that_hangs_is_not_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "STORE_PATIENCE_S", 0.2)
    queue = Queue()
    with closing(Taking(store, queue)) as taking, store._engine.begin():  # a writer that does not end
        taking.put(Moved(*KEY))
        assert queue.keys == [KEY]


def test_what_it_writes_when_it_is_closed_is_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "STORE_PATIENCE_S", 0.2)
    taking = Taking(store, Queue())
    with store._engine.begin():
        taking.put(Moved(*KEY))
    taking.close()
    assert isinstance(store._engine.pool, QueuePool)
    assert store._engine.pool.checkedout() == 0
    assert waiting(store) == 1
