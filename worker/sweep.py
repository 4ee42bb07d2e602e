"""The sweep: reads all chats of a cabinet and judges what has no verdict. The truth behind notifications.

A chat is read when it has moved since its last sweep, from the last message of that sweep on; in which order Market
gives chats and messages does not matter. The work goes in steps of one page of chats, each chat recorded when it is
done, so that a sweep goes on after a crash where it was and never holds more than a page.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from worker.bulk import Bulk, TroubleError, insistently, is_of_this_chat_alone, pages
from worker.checking import Checker
from worker.fetching import about
from worker.market.errors import BadRequestError, MarketError, NotFoundError
from worker.market.models import Chat
from worker.store import Store, Sweep

if TYPE_CHECKING:
    from worker.market.client import MarketClient

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)  # longer than a chat or a page of its history may take; a killed sweep waits that long
JUST_NOW = timedelta(seconds=5)
GIVEN_UP_AFTER = timedelta(days=1)  # a sweep that old starts anew

# Whether Market tells of the shop's own messages is not known, so a chat that a notification names is looked at again:
# so long after the notification, and after each look. What comes later the sweep finds.
FIRST_LOOK = timedelta(seconds=15)
LOOK_AGAIN = (timedelta(minutes=1), timedelta(minutes=3))


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
        bulk: the way to Market.
    """

    def __init__(self, store: Store, checker: Checker, bulk: Bulk) -> None:
        self._store = store
        self._checker = checker
        self._bulk = bulk

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
        try:
            client = self._bulk.client(business_id)
        except TroubleError as trouble:
            return Step(done=True, trouble=str(trouble))
        sweep = self._claim(business_id, owner, since, datetime.now(UTC), begin=begin)
        if sweep is None:
            return Step(done=True, trouble="another sweep of this cabinet is under way" if begin else None)
        try:
            step = self._page(client, business_id, sweep, owner)
        except MarketError as error:
            return self._stopped(business_id, sweep, error)
        except BaseException:
            self._store.sweeps.let_go(business_id)
            raise
        self._bulk.answered(business_id)
        return step

    def look(self, business_id: int, chat_id: int) -> int:
        """Read one chat of which Market said that it moved; return how many messages it brought.

        What cannot be read now is left to the next look or sweep.
        """
        try:
            return self._read(self._bulk.client(business_id), business_id, chat_id)
        except TroubleError:  # whoever judges the cabinet's messages tells of it
            return 0
        except NotFoundError:
            self._store.hints.forget((business_id, chat_id))
            self._checker.record_requests(business_id)
        except MarketError as error:
            self._bulk.refused(business_id, error)
        return 0

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
        page = insistently(partial(client.get_chats, page_token=sweep.page_token))
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
        swept_at, _ = self._store.sweeps.chat(business_id, chat.chat_id)
        if chat.updated_at < since or (swept_at is not None and chat.updated_at <= swept_at):
            return None
        try:
            return self._read(client, business_id, chat.chat_id, chat.updated_at)
        except MarketError as error:
            if not is_of_this_chat_alone(error):
                raise
            # Not recorded as swept, it comes again with the next.
            logger.warning("chat %s/%s could not be swept: %s", business_id, chat.chat_id, error)
            self._checker.record_requests(business_id)
            return 0

    def _read(self, client: "MarketClient", business_id: int, chat_id: int, updated_at: datetime | None = None) -> int:
        """Read a chat from where the last reading ended; return how many messages it brought.

        `updated_at` is what Market said of it; by default the time of its last message.
        """
        began = datetime.now(UTC)
        _, last = self._store.sweeps.chat(business_id, chat_id)
        newest = datetime.min.replace(tzinfo=UTC)
        count = 0
        for page in pages(client, chat_id, last):
            self._checker.judge_page(business_id, chat_id, page.messages, about(page.context))
            count += len(page.messages)
            for message in page.messages:
                last, newest = max(last or 0, message.message_id), max(newest, message.created_at)
        # Market may tell times in whole seconds: a chat that moved just now may have moved again within the same one.
        settled = min(updated_at or newest, began - JUST_NOW)
        self._store.sweeps.record_chat(business_id, chat_id, swept_at=settled, judged_up_to=last)
        return count

    def _stopped(self, business_id: int, sweep: Sweep, error: MarketError) -> Step:
        trouble = self._bulk.refused(business_id, error)
        if isinstance(error, BadRequestError):
            # Most likely a page token that Market no longer takes: the next step starts at the first page.
            self._store.sweeps.begin_anew(business_id, since=sweep.since, now=sweep.started_at)
        self._store.sweeps.let_go(business_id)
        return Step(done=True, trouble=str(trouble))
