"""The sweep: reads all chats of a cabinet and judges what has no verdict. The truth behind notifications.

A chat is read when it has moved since its last sweep, from the last message of that sweep on; in which order Market
gives chats and messages does not matter. The work goes in steps of one page of chats, each chat recorded when it is
done, so that a sweep goes on after a crash where it was and never holds more than a page.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from worker.checking import Checker
from worker.errors import OperatorError
from worker.fetching import HISTORY, about
from worker.market.errors import BadRequestError, MarketError, NotSentError, Scope
from worker.market.models import Chat, History
from worker.store import Store, Sweep

if TYPE_CHECKING:
    from worker.market.client import MarketClient

logger = logging.getLogger(__name__)

CHATS = "getChats"
LEASE = timedelta(minutes=1)  # longer than a chat or a page of its history may take; a killed sweep waits that long
JUST_NOW = timedelta(seconds=5)
GIVEN_UP_AFTER = timedelta(days=1)  # a sweep that old starts anew
AGAIN_AFTER_S = (0.5, 1.0, 2.0)  # a request that Market could not answer just now

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a sweep did."""

    chats: int = 0  # on the page
    read: int = 0  # of them, because they had moved
    messages: int = 0
    done: bool = False  # the last page, or nothing can be done now
    trouble: str | None = None


class Sweeper:
    """Sweeps cabinets.

    Args:
        store: what was judged, and how far the sweeps have come.
        checker: judges and records.
        client_for: gives the client of a cabinet, None for a cabinet that is not in the settings; its `on_answer` must
            be the checker's `count_request`.
    """

    def __init__(self, store: Store, checker: Checker, client_for: Callable[[int], "MarketClient | None"]) -> None:
        self._store = store
        self._checker = checker
        self._client_for = client_for

    def run(self, business_id: int, *, owner: str, since: datetime) -> Iterator[Step]:
        """Sweep a cabinet to its end, yielding after every step."""
        step = self.step(business_id, owner=owner, since=since)
        yield step
        while not step.done:
            step = self.step(business_id, owner=owner, since=since, begin=False)
            yield step

    def step(self, business_id: int, *, owner: str, since: datetime, begin: bool = True) -> Step:
        """Read one page of chats and what moved among them.

        `since` is how far back a sweep that begins now looks; `begin` whether to begin one when none is under way.
        What Market refuses now is left to a later step.
        """
        now = datetime.now(UTC)
        try:
            client = self._client_for(business_id)
        except OperatorError as error:  # the cabinet's key cannot be read
            return Step(done=True, trouble=str(error))
        if client is None:
            return Step(done=True, trouble=f"cabinet {business_id} is not in the settings")
        pauses = [pause for method in (CHATS, HISTORY) if (pause := self._store.pauses.find(business_id, method))]
        if reasons := [pause.reason for pause in pauses if pause.until > now]:
            return Step(done=True, trouble=reasons[0])
        sweep = self._claim(business_id, owner, since, now, begin=begin)
        if sweep is None:
            return Step(done=True, trouble="another sweep of this cabinet is under way" if begin else None)
        try:
            step = self._page(client, business_id, sweep, owner)
        except MarketError as error:
            return self._stopped(business_id, sweep, error)
        except BaseException:
            self._store.sweeps.let_go(business_id)
            raise
        for pause in pauses:
            self._store.pauses.end(business_id, pause.method)
        return step

    def _claim(self, business_id: int, owner: str, since: datetime, now: datetime, *, begin: bool) -> Sweep | None:
        """Take up the sweep that is under way, or begin one; None when there is none to take up."""
        sweep = self._store.sweeps.claim(business_id, owner, since=since, now=now, lease=LEASE)
        if sweep is None:
            return None
        if sweep.page_token is None and not begin:
            self._store.sweeps.let_go(business_id)
            return None
        if sweep.page_token is None or now - sweep.started_at > GIVEN_UP_AFTER or since < sweep.since:
            self._store.sweeps.begin_anew(business_id, since=since, now=now)
            return Sweep(since, now, None)
        return sweep

    def _page(self, client: "MarketClient", business_id: int, sweep: Sweep, owner: str) -> Step:
        page = _insistently(partial(client.get_chats, page_token=sweep.page_token))
        self._checker.record_requests(business_id)
        read = messages = 0
        for chat in page.chats:
            self._store.sweeps.prolong(business_id, owner, until=datetime.now(UTC) + LEASE)
            count = self._chat(client, business_id, chat, sweep.since)
            read += count is not None
            messages += count or 0
        if page.next_page_token is None:
            self._store.sweeps.finish(business_id, now=datetime.now(UTC))
        else:
            self._store.sweeps.turn_page(business_id, page.next_page_token)
        return Step(len(page.chats), read, messages, done=page.next_page_token is None)

    def _chat(self, client: "MarketClient", business_id: int, chat: Chat, since: datetime) -> int | None:
        """Read a chat if it has moved; return how many messages it brought, None when it was not read."""
        swept_at, last = self._store.sweeps.chat(business_id, chat.chat_id)
        if chat.updated_at < since or (swept_at is not None and chat.updated_at <= swept_at):
            return None
        began = datetime.now(UTC)
        ids: list[int] = [] if last is None else [last]
        count = 0
        try:
            for page in self._pages(client, chat.chat_id, last):
                self._checker.judge_page(business_id, chat.chat_id, page.messages, about(page.context))
                count += len(page.messages)
                ids = [max([*ids, *(message.message_id for message in page.messages)])] if page.messages else ids
        except MarketError as error:
            if error.scope is not Scope.REQUEST or isinstance(error, NotSentError):
                raise
            # One chat that cannot be read must not end the sweep; not recorded as swept, it comes again with the next.
            logger.warning("chat %s/%s could not be swept: %s", business_id, chat.chat_id, error)
            self._checker.record_requests(business_id)
            return count
        # Market may tell times in whole seconds: a chat that moved just now may have moved again within the same one.
        settled = min(chat.updated_at, began - JUST_NOW)
        self._store.sweeps.record_chat(business_id, chat.chat_id, swept_at=settled, judged_up_to=max(ids, default=None))
        return count

    def _pages(self, client: "MarketClient", chat_id: int, last: int | None) -> Iterator[History]:
        token = None
        while True:
            ask = partial(client.get_chat_history, chat_id, message_id_from=last, page_token=token)
            page = _insistently(ask)
            yield page
            token = page.next_page_token
            if token is None:
                return

    def _stopped(self, business_id: int, sweep: Sweep, error: MarketError) -> Step:
        self._checker.record_requests(business_id)
        if error.scope is Scope.MARKET:
            self._checker.breaks.leave_alone(business_id, CHATS, error)
        elif not isinstance(error, NotSentError):  # a budget that is kept back for live messages must not stop those
            self._checker.breaks.after(business_id, error)
        if isinstance(error, BadRequestError):
            # Most likely a page token that Market no longer takes: the next step starts at the first page.
            self._store.sweeps.begin_anew(business_id, since=sweep.since, now=sweep.started_at)
        self._store.sweeps.let_go(business_id)
        return Step(done=True, trouble=str(error))


def _insistently(ask: Callable[[], _T]) -> _T:
    """Ask again what Market could not answer just now: a long way of pages must not end with one fault."""
    for pause_s in AGAIN_AFTER_S:
        try:
            return ask()
        except MarketError as error:
            if error.permanent or error.scope is Scope.METHOD:
                raise
        time.sleep(pause_s)
    return ask()
