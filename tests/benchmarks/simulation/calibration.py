"""How long things take on the real pipeline: an embedded Valkey, workers as processes, the sandbox Market over HTTP.

The times are the store's own: of each message when it was first heard of and when it was judged.
"""

import os
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

import redis
from sqlalchemy import select

from tests.benchmarks.simulation.workers import Costs
from tests.commands import CHATWARDEN
from tests.reliability.system import System, running_system
from tests.waiting import until
from worker import tasks
from worker.app import MESSAGES, waiting
from worker.store import MessageKey
from worker.store.engine import open_engine
from worker.store.schema import messages

PATIENCE_S = 300.0
IN_CHAT = 20
IDLE, BACKLOG, BUSY_CHATS, HUGE, SMALL = 20, 200, 20, 400, 10
CHATS = 1 + IDLE + BACKLOG + BUSY_CHATS + HUGE


class Pipeline:
    """Chatwarden's real parts, with workers that are changed in between.

    Args:
        system: what runs, without a worker.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._engine = open_engine(system.environment["CHATWARDEN_DATABASE_URL"])
        self._chats: dict[int, list[list[MessageKey]]] = {}
        for key in system.keys:
            chats = self._chats.setdefault(key.business_id, [])
            if not chats or chats[-1][0].chat_id != key.chat_id:
                chats.append([])
            chats[-1].append(key)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def costs(self, market_s: float) -> Costs:
        """Measure one worker process; Market answers after `market_s`."""
        self._start(1)
        idle = median(_delay(self._judged([key])[0]) for key in self._scattered(1, IDLE))
        check = _pace(self._judged(self._scattered(1, BACKLOG))) - market_s
        busy = [self._chats[1].pop() for _ in range(BUSY_CHATS)]
        keys = [key for chat in busy for key in chat]
        chat = _pace(self._judged(keys), steps=BUSY_CHATS - 1)
        settled = self._again(keys) / len(keys)
        self._system.stop("worker")
        return Costs(
            transport=max(idle - check - market_s, 0.0),
            check=check,
            message=max(chat - check - market_s, 0.0) / (IN_CHAT - 1),
            settled=settled,
            market=market_s,
        )

    def burst(self, processes: int) -> dict[int, list[float]]:
        """Enqueue many ids of cabinet 1 and few of cabinet 2; return the seconds to each verdict by cabinet."""
        self._start(processes)
        many, few = self._scattered(1, HUGE), self._scattered(2, SMALL)
        seen = self._judged([*many, *few])
        self._system.stop("worker")
        delays = [_delay(one) for one in seen]
        return {1: delays[:HUGE], 2: delays[HUGE:]}

    def _start(self, processes: int) -> None:
        self._system.start("worker", *CHATWARDEN, "worker", "--processes", str(processes))
        self._judged(self._scattered(2, 4 * processes))  # until each process has its connections

    def _scattered(self, business_id: int, count: int) -> list[MessageKey]:
        """Return the last messages of chats that nobody has read: each costs a history of one message."""
        return [self._chats[business_id].pop()[-1] for _ in range(count)]

    def _judged(self, keys: Sequence[MessageKey]) -> list[tuple[datetime, datetime]]:
        """Have messages judged; return when each was first heard of and when it was judged."""
        tasks.enqueue(self._system.store, keys)
        until(lambda: self._system.store.messages.settled(keys) == len(keys), PATIENCE_S, every_s=0.05)
        columns = (messages.c.business_id, messages.c.message_id, messages.c.first_seen_at, messages.c.judged_at)
        with self._engine.connect() as connection:
            rows = {tuple(row[:2]): (row[2], row[3]) for row in connection.execute(select(*columns))}
        return [rows[key.business_id, key.message_id] for key in keys]

    def _again(self, keys: Sequence[MessageKey]) -> float:
        """Return the seconds that ids take which have their verdict."""
        began = time.monotonic()
        tasks.enqueue(self._system.store, keys)
        with redis.Redis.from_url(self._system.environment["CHATWARDEN_REDIS_URL"]) as client:
            until(lambda: not waiting(client, MESSAGES) and not client.hlen("unacked"), PATIENCE_S, every_s=0.005)
        return time.monotonic() - began


def measure(folder: Path, *, market_s: float, processes: int) -> tuple[Costs, dict[int, list[float]]]:
    """Return what one worker process takes for each thing, and what came of a burst at `processes` of them."""
    with running_system(folder, cabinets=2, chats=CHATS, messages_a_chat=IN_CHAT, start=[]) as system:
        os.environ.update(system.environment)
        system.market.fail(delay_s=market_s)
        pipeline = Pipeline(system)
        try:
            return pipeline.costs(market_s), pipeline.burst(processes)
        finally:
            pipeline.close()


def _delay(seen: tuple[datetime, datetime]) -> float:
    return (seen[1] - seen[0]).total_seconds()


def _pace(seen: Iterable[tuple[datetime, datetime]], steps: int | None = None) -> float:
    """Return the seconds from one verdict to the next, of one process that is never without work."""
    judged = sorted(at for _, at in seen)
    return (judged[-1] - judged[0]).total_seconds() / (steps or len(judged) - 1)
