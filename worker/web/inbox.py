"""The inbox: what notifications tell is written down first, many in one transaction, and queued after the answer.

With the store away the queue takes the ids instead; only when neither can is a notification refused.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from worker.store import MessageKey, Store
from worker.sweep import FIRST_LOOK

logger = logging.getLogger(__name__)

AT_ONCE = 500
STORE_PATIENCE_S = 3.0  # both together less than the 10 s after which Market repeats
QUEUE_PATIENCE_S = 4.0
HOLD = timedelta(seconds=10)  # the queue has them by then, else they are taken up from the store
UNQUEUED = 5_000  # ids that may wait for a slow Redis here; those beyond it wait in the store alone


class Moved(NamedTuple):
    """A chat that moved, by the message that a notification names, where it names one."""

    business_id: int
    chat_id: int
    message_id: int | None


class NotTakenError(Exception):
    """Neither the store nor the queue took it."""


class Inbox:
    """Takes in what moved.

    Args:
        store: takes the ids of messages, and the chats that are to be looked at again.
        queue: hands ids to the workers; False when Redis is away, which loses nothing: they stand in the store.
        sweep: begins the sweep of a cabinet.
    """

    def __init__(
        self, store: Store, queue: Callable[[Sequence[MessageKey]], bool], sweep: Callable[[int], object]
    ) -> None:
        self._store = store
        self._queue = queue
        self._sweep = sweep
        self._waiting: list[tuple[Moved, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._unqueued: list[MessageKey] = []
        self._written = asyncio.Event()
        self._away = False
        # One thread each: a database that hangs must not stop the queue, nor the other way round.
        self._writer = ThreadPoolExecutor(1, "inbox-store")
        self._sender = ThreadPoolExecutor(1, "inbox-queue")

    async def put(self, moved: Moved) -> None:
        """Return when it is written down; NotTakenError when it cannot be."""
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((moved, taken))
        self._arrived.set()
        await taken

    def sweep_soon(self, business_id: int) -> None:
        """Ask the workers to sweep a cabinet; without Redis the schedule does so when it is back."""
        self._sender.submit(self._sweep, business_id)

    async def run(self) -> None:
        """Write down what comes and hand it over, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write_down())
            tasks.create_task(self._hand_over())

    def close(self) -> None:
        """Let the threads end what they are at: a store that is closed while one writes keeps its connection open."""
        self._writer.shutdown(cancel_futures=True)
        self._sender.shutdown(cancel_futures=True)

    async def _write_down(self) -> None:
        while True:
            await self._arrived.wait()
            some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            if not self._waiting:
                self._arrived.clear()
            done = await self._take([moved for moved, _ in some])
            for _, taken in some:
                if taken.done():  # the client went away
                    continue
                if done:
                    taken.set_result(None)
                else:
                    taken.set_exception(NotTakenError())

    async def _take(self, some: Sequence[Moved]) -> bool:
        keys = [MessageKey(one.business_id, one.chat_id, one.message_id) for one in some if one.message_id is not None]
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(STORE_PATIENCE_S):
                await loop.run_in_executor(self._writer, self._write, some, keys)
        except (SQLAlchemyError, TimeoutError) as error:
            logger.error("the store takes no notifications (%s); the queue is asked to", type(error).__name__)
        else:
            self._unqueued = [*self._unqueued, *keys][-UNQUEUED:]
            self._written.set()
            return True
        try:
            async with asyncio.timeout(QUEUE_PATIENCE_S):
                return await loop.run_in_executor(self._sender, self._queue, keys)
        except TimeoutError:
            return False

    async def _hand_over(self) -> None:
        while True:
            await self._written.wait()
            self._written.clear()
            keys, self._unqueued = self._unqueued, []
            queued = await asyncio.get_running_loop().run_in_executor(self._sender, self._queue, keys)
            if queued is self._away:
                self._away = not queued
                logger.warning("notified messages %s", "are queued again" if queued else "wait in the store: no queue")

    def _write(self, some: Sequence[Moved], keys: Sequence[MessageKey]) -> None:
        now = datetime.now(UTC)
        # A message that is named is read by its id now, and what comes around it a little later; else the chat at once.
        looks = {one[:2]: now + FIRST_LOOK if one.message_id else now for one in some}
        self._store.hints.note(keys, looks, now=now, due_at=now + HOLD)
