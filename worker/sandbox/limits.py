"""Market's limits: parallel requests of a cabinet, and requests an hour of a method in a cabinet.

Whether Market's hour is a fixed or a sliding window is documented nowhere, so both are here.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat

from worker.market.rate_limit import LIMIT, REMAINING, UNTIL
from worker.sandbox.refusal import RefusalError

# Requests an hour, as documented.
HOURLY = {
    "getChatMessage": 1_000,
    "getChatHistory": 10_000,
    "getChats": 5_000,
    "getChat": 1_000,
    "sendMessageToChat": 1_000,
    "getAuthTokenInfo": 100,
    "getCampaigns": 1_000,
}


class Limits(BaseModel):
    """Which limits are kept.

    Attributes:
        parallel: requests of a cabinet at one time; None for no limit.
        hourly: requests a period by method; a method that is not named has no limit.
        period_s: length of the period in seconds.
        window: whether the period is fixed from its first request on, or slides.
        headers_on_parallel: whether the refusal of a parallel request carries the three headers too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parallel: NonNegativeInt | None = 4
    hourly: Mapping[str, NonNegativeInt] = Field(default_factory=lambda: dict(HOURLY))
    period_s: PositiveFloat = 3600
    window: Literal["fixed", "sliding"] = "fixed"
    headers_on_parallel: bool = False

    @classmethod
    def off(cls) -> Self:
        """Return limits that refuse nothing."""
        return cls(parallel=None, hourly={})


class ParallelLimitReachedError(RefusalError):
    """420 for one request too many at one time."""


class HourlyLimitReachedError(RefusalError):
    """420 for one request too many in the period."""


@dataclass
class _FixedWindow:
    limit: int
    period_s: float
    began: float = -math.inf
    spent: int = 0

    def remaining(self, now: float) -> int:
        if now >= self.began + self.period_s:
            self.began, self.spent = now, 0
        return self.limit - self.spent

    def take(self, now: float) -> bool:
        if self.remaining(now) <= 0:
            return False
        self.spent += 1
        return True

    def give_back(self) -> None:
        self.spent = max(self.spent - 1, 0)

    def until(self) -> float:
        return self.began + self.period_s


class _SlidingWindow:
    def __init__(self, limit: int, period_s: float) -> None:
        self.limit = limit
        self._period_s = period_s
        self._spent: deque[float] = deque()
        self._asked = 0.0

    def remaining(self, now: float) -> int:
        self._asked = now
        while self._spent and self._spent[0] <= now - self._period_s:
            self._spent.popleft()
        return self.limit - len(self._spent)

    def take(self, now: float) -> bool:
        if self.remaining(now) <= 0:
            return False
        self._spent.append(now)
        return True

    def give_back(self) -> None:
        if self._spent:
            self._spent.pop()

    def until(self) -> float:
        return (self._spent[0] if self._spent else self._asked) + self._period_s


class Quota:
    """Counts requests against the limits.

    Args:
        limits: what is allowed.
        clock: seconds since the epoch.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._windows: dict[tuple[int, str], _FixedWindow | _SlidingWindow] = {}
        self._in_flight: Counter[int] = Counter()

    def change(self, limits: Limits) -> None:
        """Keep other limits from now on, with nothing spent of them."""
        self.limits = limits
        self._windows.clear()

    def enter(self, business_id: int) -> None:
        """Count a request as being worked on; ParallelLimitReachedError when there are too many."""
        parallel = self.limits.parallel
        if parallel is not None and self._in_flight[business_id] >= parallel:
            raise ParallelLimitReachedError(
                420, f"Hit rate limit of {parallel} parallel requests for businessId {business_id}"
            )
        self._in_flight[business_id] += 1

    def leave(self, business_id: int) -> None:
        """Count a request as done."""
        self._in_flight[business_id] -= 1

    def spend(self, business_id: int, method: str) -> None:
        """Take one request from the period; HourlyLimitReachedError when it is spent."""
        window = self._window(business_id, method)
        if window is not None and not window.take(self._clock()):
            period = "1 hour" if self.limits.period_s == 3600 else f"{self.limits.period_s:g} seconds"
            raise HourlyLimitReachedError(
                420, f"Hit rate limit of '{window.limit}' requests per '{period}' for resource '{method}'"
            )

    def give_back(self, business_id: int, method: str) -> None:
        """Return a request to the period: an answer of 5xx spends none."""
        if window := self._window(business_id, method):
            window.give_back()

    def headers(self, business_id: int, method: str) -> dict[str, str]:
        """Return the three headers, or none where the method has no limit."""
        window = self._window(business_id, method)
        if window is None:
            return {}
        remaining = max(window.remaining(self._clock()), 0)
        # The date has whole seconds: rounded up, so that waiting until then is enough.
        until = formatdate(math.ceil(window.until()), usegmt=True)
        return {LIMIT: str(window.limit), REMAINING: str(remaining), UNTIL: until}

    def _window(self, business_id: int, method: str) -> _FixedWindow | _SlidingWindow | None:
        limit = self.limits.hourly.get(method)
        if limit is None:
            return None
        key = (business_id, method)
        if key not in self._windows:
            kind = _FixedWindow if self.limits.window == "fixed" else _SlidingWindow
            self._windows[key] = kind(limit, self.limits.period_s)
        return self._windows[key]
