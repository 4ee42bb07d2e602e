"""Many write the same chat at once: nobody fails on a lock, and what each wrote stands."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.worker.store.records import LEASE, NOW, found, reading, said
from worker.store import MessageKey, Store

WRITERS, ROUNDS, CHAT = 8, 12, 30


def test_eight_writers_do_not_lock_each_other_out(database_url: str) -> None:
    Store.open(database_url).close()
    with ThreadPoolExecutor(WRITERS) as pool:
        new = list(pool.map(_write, [database_url] * WRITERS, range(WRITERS)))

    with closing(Store.open(database_url)) as store:
        [cabinet] = store.figures.status([7])
        assert cabinet.judged + cabinet.waiting == CHAT
        assert cabinet.requests == {"getChatHistory": WRITERS * ROUNDS}
        assert cabinet.violations == sum(new)
        rows = Counter((row.message_id, row.rule) for row in store.violations.find())
        assert set(rows.values()) == {1}


def _write(database_url: str, number: int) -> int:
    """Claim, judge, put back and pause as a worker does, in an order of its own; return how much was new."""
    rng = random.Random(number)
    new = 0
    with closing(Store.open(database_url)) as store:
        for _ in range(ROUNDS):
            ids = rng.sample(range(1, CHAT + 1), 10)
            key, owner = MessageKey(7, 70, ids[0]), f"writer-{number}"
            store.messages.claim(key, owner, rule_set="rules-1", now=NOW, lease=LEASE, max_attempts=10**6)
            store.messages.claim_siblings(key, owner, now=NOW, lease=LEASE)
            claimed = store.messages.claim_page(7, 70, ids, owner, rule_set="rules-1", now=NOW, lease=LEASE)
            read = reading(*map(said, ids), violations=tuple(map(found, ids)), getChatHistory=1)
            new += len(store.messages.record(read, now=NOW, leftover=claimed))
            store.messages.wait(key, reason="budget", retry_at=NOW, siblings=claimed)
            store.messages.take_due(now=NOW, hold=LEASE, limit=5)
            store.pauses.begin(7, "getChats", now=NOW, until=NOW, reason="budget")
            store.pauses.end(7, "getChats")
    return new
