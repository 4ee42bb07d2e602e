"""How long what does not work is left alone: a cabinet whose key fails, a method whose requests are spent, a message.

Delays double by themselves: each is as long as the trouble has lasted so far, within bounds.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from worker.market.errors import MarketError, Scope
from worker.store import WHOLE_CABINET, Store

MESSAGE_DELAY = (timedelta(seconds=2), timedelta(minutes=5))
METHOD_DELAY = (timedelta(seconds=5), timedelta(minutes=5))
CABINET_DELAY = (timedelta(seconds=10), timedelta(hours=1))


class Breaks:
    """The breaks of all cabinets, kept in the store and so by all workers.

    Args:
        store: where they are kept.
        alarm: told once of a cabinet that is stopped: a line for people, and the cabinet.
    """

    def __init__(self, store: Store, alarm: Callable[[str, int], None]) -> None:
        self._store = store
        self._alarm = alarm

    def after(self, business_id: int, error: MarketError) -> datetime | None:
        """Stop as much of a cabinet as an error says; return when to try again, None where that is not told."""
        if error.permanent and error.scope is Scope.CABINET:
            return self.stop_cabinet(business_id, error)
        if error.scope is Scope.METHOD:
            now = datetime.now(UTC)
            until = error.retry_at or now + CABINET_DELAY[0]
            self._store.pauses.begin(business_id, error.method, now=now, until=until, reason=str(error))
            return until
        return error.retry_at

    def leave_alone(self, business_id: int, method: str, error: MarketError) -> None:
        """Leave a method alone for as long as its trouble has lasted."""
        now = datetime.now(UTC)
        before = self._store.pauses.find(business_id, method)
        until = now + as_long_again(now - before.since if before else timedelta(), METHOD_DELAY)
        self._store.pauses.begin(business_id, method, now=now, until=until, reason=str(error))

    def stop_cabinet(self, business_id: int, error: Exception) -> datetime:
        """Stop a cabinet whose key does not work, tell once, and return when the key is tried again."""
        now = datetime.now(UTC)
        stopped = self._store.pauses.find(business_id, WHOLE_CABINET)
        until = now + as_long_again(now - stopped.since if stopped else timedelta(), CABINET_DELAY)
        if self._store.pauses.begin(business_id, WHOLE_CABINET, now=now, until=until, reason=str(error)):
            self._alarm(f"Cabinet {business_id} is stopped, its key does not work: {error}", business_id)
        return until


def as_long_again(lasted: timedelta, bounds: tuple[timedelta, timedelta] = MESSAGE_DELAY) -> timedelta:
    """Return as long as the trouble has lasted, within bounds, with jitter so that not all come back at once."""
    return min(max(lasted, bounds[0]), bounds[1]) * random.uniform(0.75, 1.25)
