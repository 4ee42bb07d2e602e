"""Guarded sending: a text is judged, and goes to Market only when it is clean or somebody answers for it.

A message whose answer was lost may have been sent. It is never sent again by itself, and the same text into the same
chat only when that is asked for: a buyer who gets it twice is worse off than a manager who looks into the chat.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from worker.breaks import Breaks
from worker.checking import Verdict
from worker.errors import OperatorError
from worker.market.errors import (
    AnswerError,
    GatewayError,
    MarketError,
    NoConnectionError,
    NotSentError,
    Scope,
    ServerError,
)
from worker.presend import Presend
from worker.store import Outcome, Sending, Store

if TYPE_CHECKING:
    from worker.market.client import MarketClient

SEND = "sendMessageToChat"
UNCLEAR_FOR = timedelta(hours=1)  # after that the manager who asks has long seen the chat


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody wants to send.

    Attributes:
        caller: the name of the token that asks.
        override_reason: why it is to be sent although the rules flag it; None where they decide.
        again: whether to send it although the same text may have been sent just now.
    """

    business_id: int
    chat_id: int
    text: str
    caller: str
    override_reason: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a draft.

    Attributes:
        error: what went wrong between here and Market, None where nothing did or nothing was tried.
    """

    outcome: Outcome
    verdict: Verdict
    error: MarketError | OperatorError | None = None
    repeated: bool = False  # held back: it may have been sent before


class Sender:
    """Sends messages of the shop.

    Args:
        store: records every attempt before it is made.
        presend: judges.
        client_for: gives the client of a cabinet that is in the settings; raises OperatorError when there can be none.
        breaks: told of a method whose requests are spent.
    """

    def __init__(
        self, store: Store, presend: Presend, client_for: "Callable[[int], MarketClient | None]", breaks: Breaks
    ) -> None:
        self._store = store
        self._presend = presend
        self._client_for = client_for
        self._breaks = breaks

    def send(self, draft: Draft) -> Sent:
        """Judge a draft, and send it unless it is flagged. Raises RuleError when it cannot be judged."""
        now = datetime.now(UTC)
        verdict = self._presend.verdict(draft.text, business_id=draft.business_id, chat_id=draft.chat_id)
        sending = _sending(draft, verdict)
        if verdict.flagged and draft.override_reason is None:
            self._store.sends.prevent(sending, now=now)
            return Sent(Outcome.PREVENTED, verdict)
        unclear_since = None if draft.again else now - UNCLEAR_FOR
        send_id = self._store.sends.begin(sending, now=now, unless_unclear_since=unclear_since)
        if send_id is None:
            return Sent(Outcome.UNKNOWN, verdict, repeated=True)
        error = self._ask(draft)
        outcome = _outcome(error)
        self._store.sends.settle(send_id, outcome)
        if outcome is not Outcome.REFUSED:  # its verdict comes the usual way, under the id that Market gave it
            self._store.hints.note([], {(draft.business_id, draft.chat_id): now}, now=now, due_at=now)
        return Sent(outcome, verdict, error)

    def _ask(self, draft: Draft) -> MarketError | OperatorError | None:
        """Ask Market once; return what went wrong."""
        pause = self._store.pauses.find(draft.business_id, SEND)
        if pause and pause.until > datetime.now(UTC):
            return NotSentError(SEND, detail=pause.reason, retry_at=pause.until)
        error: MarketError | None = None
        try:
            client = self._client_for(draft.business_id)
            if client is None:
                return OperatorError(f"cabinet {draft.business_id} is not in the settings")
            client.send_message_to_chat(draft.chat_id, draft.text)
        except OperatorError as problem:  # the key cannot be read, or no queue keeps Market's limits
            return problem
        except MarketError as problem:
            error = problem
            if error.scope is Scope.METHOD:
                self._breaks.after(draft.business_id, error)
        if not isinstance(error, NotSentError | NoConnectionError):
            self._store.sweeps.record_requests(draft.business_id, {SEND: 1})
        return error


def _outcome(error: MarketError | OperatorError | None) -> Outcome:
    if error is None:
        return Outcome.SENT
    never_left = isinstance(error, OperatorError | NotSentError | NoConnectionError)
    # Market's own refusals are plain; a fault of its, or of what stands before it, may come after the deed.
    refused = isinstance(error, AnswerError) and not isinstance(error, ServerError | GatewayError)
    return Outcome.REFUSED if never_left or refused else Outcome.UNKNOWN


def _sending(draft: Draft, verdict: Verdict) -> Sending:
    named = ("rule", "category", "severity", "start", "end", "evidence")
    return Sending(
        draft.business_id,
        draft.chat_id,
        hashlib.sha256(draft.text.encode()).hexdigest(),
        draft.caller,
        [{name: getattr(one, name) for name in named} for one in verdict.findings],
        draft.override_reason if verdict.flagged else None,
    )
