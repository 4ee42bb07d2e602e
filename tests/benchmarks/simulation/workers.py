"""Worker processes in virtual time: what waits, who is free, and how long each message waited for its verdict."""

import heapq
from array import array
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, cast

from tests.benchmarks.simulation.day import BEGIN, Arrival
from tests.benchmarks.simulation.virtual_hints import Chat, VirtualHints
from tests.benchmarks.simulation.virtual_market import BusyError, VirtualClient, VirtualMarket
from tests.benchmarks.simulation.virtual_redis import VirtualRedis
from worker import fair_queue
from worker.breaks import Breaks, as_long_again
from worker.bulk import AGAIN_AFTER_S
from worker.fetching import HISTORY, Fetcher, NotNowError
from worker.market.errors import MarketError
from worker.market.quota import POLL_S
from worker.store import ChatContext, MessageKey, Pause, Store
from worker.tasks import LOOK_AT_ONCE

SHARE = 3  # `parallel_requests`
LIVE_SHARE = 0.3  # `live_share`
PATIENCE_S = 2.0  # for a place at Market
INSISTENCE = len(AGAIN_AFTER_S)  # so often a look waits for its place again
TICK_S = 2.0  # of the schedule that takes up what waits
KNOWN = ChatContext("ORDER")


class Costs(NamedTuple):
    """How long things take, in seconds, as `calibration` measured them."""

    transport: float  # from enqueuing an id to the begin of its check by a free process
    check: float  # all of a check but Market's answer
    message: float  # each further message that a history brings
    settled: float  # an id that somebody else has judged or is at
    market: float  # until Market answers


class Delay(NamedTuple):
    """From a message's arrival to its verdict."""

    arrived_at: float
    business_id: int
    seconds: float


class VirtualStore:
    """What a `Fetcher` and its `Breaks` ask of the store."""

    def __init__(self) -> None:
        self.chats: set[tuple[int, int]] = set()
        self._pauses: dict[tuple[int, str], Pause] = {}
        self.messages = self.pauses = self

    def context(self, business_id: int, chat_id: int) -> ChatContext | None:
        """Return what a chat that was read is about."""
        return KNOWN if (business_id, chat_id) in self.chats else None

    def find(self, business_id: int, method: str) -> Pause | None:
        """Return the pause of a method."""
        return self._pauses.get((business_id, method))

    def begin(self, business_id: int, method: str, *, now: datetime, until: datetime, reason: str) -> bool:
        """Begin a pause or prolong it."""
        self._pauses[business_id, method] = Pause(method, now, until, reason)
        return True

    def end(self, business_id: int, method: str) -> None:
        """Forget a pause."""
        self._pauses.pop((business_id, method), None)


class Workers:
    """So many processes, one task at a time each.

    Args:
        processes: how many.
        costs: how long things take.
        notified: whether the ids come by Market's notifications, so that their chats are looked at again.

    Attributes:
        market: what was asked of it.
        arrived_at, cabinet, verdict_after: of every message, in the order of the verdicts; see `delays`.
        put_off: how often a message had to wait for Market's next hour or a place.
        looks_left_out: how often a look was left to the next, for want of requests that live messages leave.
    """

    def __init__(self, processes: int, costs: Costs, *, notified: bool = True) -> None:
        self.now = 0.0
        self.redis = VirtualRedis(lambda: self.now)
        self.market = VirtualMarket(lambda: self.now, self.redis, parallel=SHARE)
        self.arrived_at, self.verdict_after, self.cabinet = array("d"), array("f"), array("l")
        self.put_off = self.looks_left_out = 0
        self._hints = VirtualHints() if notified else None
        self._free, self._costs = processes, costs
        self._store = VirtualStore()
        self._client: VirtualClient | None = None
        store = cast("Store", self._store)
        self._fetcher = Fetcher(store, cast("Any", lambda _: self._client), Breaks(store, lambda *_: None))
        self._waiting: dict[tuple[int, int], dict[int, float]] = {}  # ids of a chat without a verdict: when they came
        self._claimed: set[MessageKey] = set()
        self._troubled: dict[MessageKey, float] = {}  # since when
        self._live, self._soon, self._looks = deque[MessageKey](), deque[MessageKey](), deque[Chat]()
        self._look_next = False
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._due: list[tuple[float, MessageKey]] = []
        self._count = 0

    @property
    def delays(self) -> Iterable[Delay]:
        """Every message that was judged, in the order of the verdicts."""
        return map(Delay, self.arrived_at, self.cabinet, self.verdict_after)

    def run(self, arrivals: Iterable[Arrival]) -> None:
        """Judge all messages that arrive, each under its own id."""
        self._after(BEGIN, self._tick)
        for at, key in arrivals:
            self._run_until(at)
            self._arrive(key)
        while self._waiting:
            self._run_until(self._events[0][0])

    def _run_until(self, time: float) -> None:
        while self._events and self._events[0][0] <= time:
            self.now, _, what = heapq.heappop(self._events)
            what()
        self.now = max(self.now, time)

    def _after(self, time: float, what: Callable[[], object]) -> None:
        self._count += 1
        heapq.heappush(self._events, (time, self._count, what))

    def _arrive(self, key: MessageKey) -> None:
        self.market.chats.setdefault(key[:2], []).append(key.message_id)
        self._waiting.setdefault(key[:2], {})[key.message_id] = self.now
        if self._hints:
            self._hints.note(key[:2], self.now)
        self._admit(key.business_id, joining=[key])

    def _tick(self) -> None:
        """Do what the tasks `take_up_waiting` and `look_at_moved` do."""
        for business_id in fair_queue.lengths(cast("Any", self.redis)):
            self._admit(business_id)
        while self._due and self._due[0][0] <= self.now:
            key = heapq.heappop(self._due)[1]
            self._admit(key.business_id, joining=[key])
        if self._hints and len(self._looks) < LOOK_AT_ONCE:
            self._looks.extend(self._hints.take_due(self.now))
        self._begin()
        self._after(self.now + TICK_S, self._tick)

    def _admit(
        self, business_id: int, *, joining: list[MessageKey] | None = None, leaving: Iterable[MessageKey] = ()
    ) -> None:
        joining = joining or []
        client = cast("Any", self.redis)
        for key in fair_queue.admit(client, business_id, share=SHARE, joining=joining, leaving=list(leaving)):
            queue = self._live if key in joining else self._soon
            self._after(self.now + self._costs.transport, partial(self._queue, queue, key))

    def _queue(self, queue: deque[MessageKey], key: MessageKey) -> None:
        queue.append(key)
        self._begin()

    def _begin(self) -> None:
        """Give work to who is free: what came just now, then who stood in line and looks by turns, as Redis does."""
        while self._free and (self._live or self._looks or self._soon):
            self._free -= 1
            if self._live:
                self._check(self._live.popleft())
            elif self._looks and (self._look_next or not self._soon):
                self._look_next = False
                self._look(self._looks.popleft(), INSISTENCE)
            else:
                self._look_next = True
                self._check(self._soon.popleft())

    def _look(self, chat: Chat, again: int) -> None:
        """Read what came in a chat; it has its verdict by now, or gets it under its own id."""
        try:
            token = self.market.enter(chat[0], HISTORY, reserve=LIVE_SHARE)
        except BusyError:
            if again:
                self._after(self.now + PATIENCE_S, lambda: self._look(chat, again - 1))
                return
            self._leave_out()
        except MarketError:
            self._leave_out()
        else:
            answered = self.now + self._costs.market
            self._after(answered, partial(self.market.leave, chat[0], HISTORY, token))
            self._after(answered + self._costs.check, self._freed)

    def _leave_out(self) -> None:
        self.looks_left_out += 1
        self._after(self.now + self._costs.settled, self._freed)

    def _freed(self) -> None:
        self._free += 1
        self._begin()

    def _check(self, key: MessageKey) -> None:
        waiting = self._waiting.get(key[:2], {})
        if key.message_id not in waiting or key in self._claimed:
            self._after(self.now + self._costs.settled, lambda: self._end([key]))
            return
        siblings = [one for one in waiting if one != key.message_id and MessageKey(*key[:2], one) not in self._claimed]
        claimed = [key, *(MessageKey(*key[:2], one) for one in siblings)]
        self._claimed.update(claimed)
        self._fetch(claimed, siblings, self.now + PATIENCE_S)

    def _fetch(self, claimed: list[MessageKey], siblings: list[int], patience: float) -> None:
        key, client = claimed[0], VirtualClient(self.market, claimed[0].business_id)
        self._client = client
        try:
            fetched = self._fetcher.fetch(key, siblings, now=datetime.fromtimestamp(self.now, UTC))
        except BusyError:
            if self.now < patience:
                self._after(self.now + POLL_S, lambda: self._fetch(claimed, siblings, patience))
                return
            self._put_off(claimed, datetime.fromtimestamp(self.now + 1, UTC))
        except (MarketError, NotNowError) as error:
            self._put_off(claimed, error.retry_at)
        else:
            answered = self.now + client.requests * self._costs.market
            ends = answered + self._costs.check + (len(fetched.messages) - 1) * self._costs.message
            brought = {one.message_id for one in fetched.messages}
            self._after(answered, client.end)
            self._after(ends, lambda: self._judge(claimed, brought))

    def _put_off(self, claimed: list[MessageKey], retry_at: datetime | None) -> None:
        self.put_off += len(claimed)
        self._claimed.difference_update(claimed)
        until = retry_at.timestamp() if retry_at else self._as_long_again(claimed)
        for key in claimed:
            heapq.heappush(self._due, (until, key))
        self._after(self.now + self._costs.settled, lambda: self._end(claimed))

    def _as_long_again(self, claimed: list[MessageKey]) -> float:
        since = self._troubled.get(claimed[0], self.now)
        for key in claimed:
            self._troubled.setdefault(key, since)
        return self.now + as_long_again(timedelta(seconds=self.now - since)).total_seconds()

    def _judge(self, claimed: list[MessageKey], brought: set[int]) -> None:
        key = claimed[0]
        self._store.chats.add(key[:2])
        waiting = self._waiting[key[:2]]
        self._claimed.difference_update(claimed)
        for one in claimed:
            self._troubled.pop(one, None)
            if one.message_id in brought:
                came = waiting.pop(one.message_id)
                self.arrived_at.append(came)
                self.verdict_after.append(self.now - came)
                self.cabinet.append(key.business_id)
            else:
                heapq.heappush(self._due, (self.now, one))
        if not waiting:
            del self._waiting[key[:2]]
        self._end(claimed)

    def _end(self, leaving: list[MessageKey]) -> None:
        self._admit(leaving[0].business_id, leaving=leaving)
        self._freed()
