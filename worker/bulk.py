"""Work that reads much of a cabinet and can wait: sweeps and audits.

It asks with the share of Market's budgets that live messages leave, stays away while a pause stands, and asks again
what Market could not answer just now.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from worker.checking import Checker
from worker.errors import OperatorError
from worker.fetching import HISTORY
from worker.market.errors import MarketError, NotSentError, Scope
from worker.market.models import History
from worker.store import WHOLE_CABINET, Pause, Store

if TYPE_CHECKING:
    from worker.market.client import MarketClient

CHATS = "getChats"
AGAIN_AFTER_S = (0.5, 1.0, 2.0)  # a request that Market could not answer just now

_T = TypeVar("_T")


class TroubleError(Exception):
    """A cabinet cannot be read now; the text says why, `retry_at` is when to try again, None where nobody knows."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class Bulk:
    """The way to Market for work that can wait.

    Args:
        store: the pauses that stand.
        checker: counts the requests, and takes breaks.
        client_for: gives the client of a cabinet, None for a cabinet that is not in the settings; its `on_answer` must
            be the checker's `count_request`.
    """

    def __init__(self, store: Store, checker: Checker, client_for: Callable[[int], "MarketClient | None"]) -> None:
        self._store = store
        self._checker = checker
        self._client_for = client_for

    def client(self, business_id: int) -> "MarketClient":
        """Return the client of a cabinet that may be read now; raises TroubleError."""
        try:
            client = self._client_for(business_id)
        except OperatorError as error:  # the cabinet's key cannot be read
            raise TroubleError(str(error)) from None
        if client is None:
            raise TroubleError(f"cabinet {business_id} is not in the settings")
        for pause in self._pauses(business_id):
            if pause.until > datetime.now(UTC):
                raise TroubleError(pause.reason, None if pause.method == WHOLE_CABINET else pause.until)
        return client

    def answered(self, business_id: int) -> None:
        """End the pauses that are over: Market has answered again."""
        for pause in self._pauses(business_id):
            if pause.until <= datetime.now(UTC):
                self._store.pauses.end(business_id, pause.method)

    def refused(self, business_id: int, error: MarketError) -> TroubleError:
        """Take note of what Market refused, and leave alone what must be; return it in words."""
        self._checker.record_requests(business_id)
        if error.scope is Scope.MARKET:
            self._checker.breaks.leave_alone(business_id, CHATS, error)
        elif not isinstance(error, NotSentError):  # a budget that is kept back for live messages must not stop those
            self._checker.breaks.after(business_id, error)
        if error.permanent:
            return TroubleError(str(error))
        until = [pause.until for pause in self._pauses(business_id)]
        return TroubleError(str(error), error.retry_at or max(until, default=None))

    def _pauses(self, business_id: int) -> list[Pause]:
        found = (self._store.pauses.find(business_id, method) for method in (CHATS, HISTORY))
        return [pause for pause in found if pause]


def pages(client: "MarketClient", chat_id: int, since_id: int | None = None) -> Iterator[History]:
    """Yield a chat's history a page at a time, from a message on; MarketError when Market refuses."""
    token = None
    while True:
        page = insistently(partial(client.get_chat_history, chat_id, message_id_from=since_id, page_token=token))
        yield page
        token = page.next_page_token
        if token is None:
            return


def is_of_this_chat_alone(error: MarketError) -> bool:
    """Whether an error says nothing of other chats: one that cannot be read must not end it all."""
    return error.scope is Scope.REQUEST and not isinstance(error, NotSentError)


def insistently(ask: Callable[[], _T]) -> _T:
    """Ask again what Market could not answer just now: a long way of pages must not end with one fault."""
    for pause_s in AGAIN_AFTER_S:
        try:
            return ask()
        except MarketError as error:
            if error.permanent or error.scope is Scope.METHOD:
                raise
        time.sleep(pause_s)
    return ask()
