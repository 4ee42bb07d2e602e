"""One cabinet's client of a Market in virtual time: the sandbox's limits, Chatwarden's quota, and answers at once.

An answer's time passes afterwards, in `workers`: until then the request counts as in flight.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.benchmarks.simulation.virtual_redis import VirtualRedis
from worker.fetching import HISTORY, MESSAGE
from worker.market.errors import HourlyLimitError, NoBudgetError
from worker.market.quota import ENTER, LEAVE, SLOT_S
from worker.market.rate_limit import RateLimit
from worker.sandbox.limits import HourlyLimitReachedError, Limits, Quota

PAGE = 100  # messages


class Context(NamedTuple):
    """What Market says a chat is about."""

    type: str = "ORDER"
    order_id: int | None = None
    return_id: int | None = None


class Message(NamedTuple):
    """Of a message only its id matters here."""

    message_id: int


class History(NamedTuple):
    """A page of a chat's messages."""

    messages: Sequence[Message]
    next_page_token: str | None
    context: Context = Context()


class BusyError(Exception):
    """All of the cabinet's places at Market are taken."""


class VirtualMarket:
    """Market as all cabinets see it, and what was asked of it.

    Args:
        clock: seconds since the epoch.
        redis: where the quota is kept.
        parallel: requests of a cabinet in flight at once.

    Attributes:
        chats: the ids of each chat's messages, (cabinet, chat) by arrival.
        requests: by cabinet, method and hour.
        most_in_flight: of a cabinet, ever.
        limited: how often Market answered 420.
    """

    def __init__(self, clock: Callable[[], float], redis: VirtualRedis, *, parallel: int = 3) -> None:
        self.chats: dict[tuple[int, int], list[int]] = {}
        self.requests: Counter[tuple[int, str, int]] = Counter()
        self.most_in_flight = self.limited = 0
        self.clock = clock
        self.limits = Quota(Limits(), clock)
        self._parallel = parallel
        self._enter, self._leave = redis.register_script(ENTER), redis.register_script(LEAVE)
        self._in_flight: Counter[int] = Counter()
        self._tokens = 0

    def enter(self, business_id: int, method: str, *, reserve: float = 0.0) -> str:
        """Begin a request as `worker.market.quota.Quota` does, and return its token.

        Raises BusyError, NoBudgetError and HourlyLimitError. `reserve` is the share of the hour left to live messages.
        """
        self._tokens += 1
        token = str(self._tokens)
        answer = self._enter(keys=_keys(business_id, method), args=[self._parallel, SLOT_S, token, reserve])
        if answer == "busy":
            raise BusyError
        if answer not in {"told", "untold"}:
            raise NoBudgetError(method, retry_at=datetime.fromtimestamp(float(answer) + 1, UTC))
        self.limits.enter(business_id)
        self._in_flight[business_id] += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight[business_id])
        self.requests[business_id, method, int(self.clock() // 3600)] += 1
        try:
            self.limits.spend(business_id, method)
        except HourlyLimitReachedError:
            self.limited += 1
            rate = self.leave(business_id, method, token)
            raise HourlyLimitError(method, 420, retry_at=rate.until if rate else None) from None
        return token

    def leave(self, business_id: int, method: str, token: str) -> RateLimit | None:
        """End a request; the quota is told what Market's headers say."""
        self.limits.leave(business_id)
        self._in_flight[business_id] -= 1
        now = datetime.fromtimestamp(self.clock(), UTC)
        rate = RateLimit.from_headers(self.limits.headers(business_id, method), now=now)
        told = [rate.remaining, rate.until.timestamp(), rate.limit] if rate else ["", "", ""]
        self._leave(keys=_keys(business_id, method), args=[token, *told])
        return rate


class VirtualClient:
    """Takes the place of `MarketClient` for one fetch.

    Attributes:
        requests: how many were made.
        in_flight: method and token of the last of them, which has not had its answer yet.
    """

    def __init__(self, market: VirtualMarket, business_id: int) -> None:
        self.requests = 0
        self.in_flight: tuple[str, str] | None = None
        self._market = market
        self._business_id = business_id

    def get_chat_message(self, _chat_id: int, message_id: int) -> Any:
        """Return a message."""
        self._ask(MESSAGE)
        return Message(message_id)

    def get_chat_history(self, chat_id: int, *, message_id_from: int, page_token: str | None) -> Any:
        """Return a page of the chat."""
        self._ask(HISTORY)
        since = int(page_token) if page_token else message_id_from
        ids = [one for one in self._market.chats[self._business_id, chat_id] if one >= since]
        return History([Message(one) for one in ids[:PAGE]], str(ids[PAGE]) if len(ids) > PAGE else None)

    def end(self) -> None:
        """Let the last request have its answer."""
        if self.in_flight:
            self._market.leave(self._business_id, *self.in_flight)
            self.in_flight = None

    def _ask(self, method: str) -> None:
        self.end()
        self.in_flight = method, self._market.enter(self._business_id, method)
        self.requests += 1


def _keys(business_id: int, method: str) -> list[str]:
    return [f"slots:{business_id}", f"budget:{business_id}:{method}"]
