"""Market's limits, kept by all workers together through Redis.

At most some requests of a cabinet are in flight at once, and each method has so many requests an hour. Market tells in
every answer what is left; before it has told, a moving window counts. Work that can wait (`bulk`) leaves a share of
every budget to live messages.
"""

import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import redis
from limits import RateLimitItemPerHour
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from worker.broker import connect
from worker.market.errors import NoBudgetError, NoSlotError
from worker.market.rate_limit import RateLimit

# Requests an hour and cabinet, as Market documents them; what its headers say counts more.
HOURLY = {
    "getAuthTokenInfo": 100,
    "getCampaigns": 1_000,
    "getChat": 1_000,
    "getChatHistory": 10_000,
    "getChatMessage": 1_000,
    "getChats": 5_000,
    "sendMessageToChat": 1_000,
}
UNKNOWN_HOURLY = 1_000

SLOT_S = 20.0  # a slot whose holder was killed comes back after this; longer than any request lasts
POLL_S = 0.02

# Slots are a sorted set: token by time of expiry. The budget is a hash: what Market said is left, and until when.
ENTER = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local ends = tonumber(redis.call('HGET', KEYS[2], 'until') or '0')
if ends > now then
    local told = redis.call('HMGET', KEYS[2], 'remaining', 'limit')
    if tonumber(told[1]) <= tonumber(told[2]) * tonumber(ARGV[4]) then return tostring(ends) end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 'busy' end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[2]) + 1)
if ends > now then
    redis.call('HINCRBY', KEYS[2], 'remaining', -1)
    return 'told'
end
return 'untold'
"""

# An answer tells what was left when it was made: requests still in flight may have spent some of it since.
LEAVE = """
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] == '' then return end
local left = ARGV[2] - redis.call('ZCARD', KEYS[1])
local ends, known = tonumber(ARGV[3]), tonumber(redis.call('HGET', KEYS[2], 'until') or '0')
if ends < known - 2 then return end
if ends <= known + 2 then left = math.min(left, tonumber(redis.call('HGET', KEYS[2], 'remaining'))) end
redis.call('HSET', KEYS[2], 'remaining', left, 'until', ends, 'limit', ARGV[4])
redis.call('EXPIREAT', KEYS[2], math.ceil(ends) + 1)
"""


class Slot:
    """A request's place among those in flight; tells the quota what Market said."""

    def __init__(self) -> None:
        self.told: RateLimit | None = None
        self.limited = False  # the answer was 420


@contextmanager
def _told_by(method: str) -> Iterator[None]:
    """Hold a request back while Redis cannot tell whether it may go."""
    try:
        yield
    except redis.RedisError as error:
        retry_at = datetime.now(UTC) + timedelta(seconds=5)
        raise NoSlotError(method, detail=f"Redis: {type(error).__name__}", retry_at=retry_at) from None


class Quota:
    """The limits of one cabinet.

    Args:
        url: Redis, shared by all workers.
        business_id: the cabinet.
        parallel: requests in flight at once, 1 to 4.
        reserve: share of each hourly budget, 0 to 1, that `bulk` work leaves to live messages.
        bulk: whether this is work that can wait.
        patience_s: seconds to wait for a slot.
    """

    def __init__(
        self, url: str, business_id: int, *, parallel: int, reserve: float, bulk: bool = False, patience_s: float = 2.0
    ) -> None:
        self._redis = connect(url, decode_responses=True)
        self._window = MovingWindowRateLimiter(RedisStorage("redis://", connection_pool=self._redis.connection_pool))
        self._enter = self._redis.register_script(ENTER)
        self._leave = self._redis.register_script(LEAVE)
        self._business_id = business_id
        self._parallel = parallel
        self._reserve = reserve if bulk else 0.0
        self._patience_s = patience_s

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    @contextmanager
    def slot(self, method: str) -> Iterator[Slot]:
        """Hold a place for one request while the block runs.

        NoBudgetError when the method's requests of this hour are spent, NoSlotError when no place came free in time.
        """
        keys = [f"chatwarden:slots:{self._business_id}", self._budget_key(method)]
        token = uuid.uuid4().hex
        slot = Slot()
        with _told_by(method):
            told = self._wait_for_slot(method, keys, token)
        try:
            if not told:
                with _told_by(method):
                    self._count(method)
            yield slot
        finally:
            rate = slot.told
            arguments = [str(rate.remaining), str(rate.until.timestamp()), str(rate.limit)] if rate else ["", "", ""]
            # When Redis is gone the slot comes back by itself; the answer that was just got is worth more.
            with suppress(redis.RedisError):
                self._leave(keys=keys, args=[token, *arguments])
                if slot.limited:
                    self._redis.hincrby(_limited_key(self._business_id), method)

    def _wait_for_slot(self, method: str, keys: list[str], token: str) -> bool:
        """Wait for a place in flight; True when Market has told what is left of the budget."""
        arguments: list[str | float] = [self._parallel, SLOT_S, token, self._reserve]
        deadline = time.monotonic() + self._patience_s
        while (answer := str(self._enter(keys=keys, args=arguments))) not in {"told", "untold"}:
            if answer != "busy":
                raise NoBudgetError(method, retry_at=datetime.fromtimestamp(float(answer) + 1, UTC))
            if time.monotonic() > deadline:
                raise NoSlotError(method, retry_at=datetime.now(UTC) + timedelta(seconds=1))
            time.sleep(POLL_S * random.uniform(0.5, 1.5))
        return answer == "told"

    def _count(self, method: str) -> None:
        """Count the request in our own window, as long as Market has not told what is left."""
        limit = HOURLY.get(method, UNKNOWN_HOURLY)
        item = RateLimitItemPerHour(limit)
        names = ("chatwarden", str(self._business_id), method)
        if self._reserve:
            ends, left = self._window.get_window_stats(item, *names)
            if left <= limit * self._reserve:
                raise NoBudgetError(method, retry_at=datetime.fromtimestamp(ends, UTC))
        if not self._window.hit(item, *names):
            ends, _ = self._window.get_window_stats(item, *names)
            raise NoBudgetError(method, retry_at=datetime.fromtimestamp(ends, UTC))

    def _budget_key(self, method: str) -> str:
        return _budget_key(self._business_id, method)


def told_budgets(client: redis.Redis, business_id: int) -> dict[str, int]:
    """Return the requests that are left of each method in the period that Market told of last."""
    left = {method: client.hget(_budget_key(business_id, method), "remaining") for method in HOURLY}
    return {method: int(remaining) for method, remaining in left.items() if remaining is not None}


def limits_hit(client: redis.Redis, business_id: int) -> dict[str, int]:
    """Return how often Market answered 420, by method, since Redis has its data."""
    hits = client.hgetall(_limited_key(business_id))
    return {(name.decode() if isinstance(name, bytes) else name): int(count) for name, count in hits.items()}


def _budget_key(business_id: int, method: str) -> str:
    return f"chatwarden:budget:{business_id}:{method}"


def _limited_key(business_id: int) -> str:
    return f"chatwarden:limited:{business_id}"
