"""`/v1/send`: a message of the shop goes to Market unless it would break the policy."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import anyio
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from rules import RuleError
from worker.errors import OperatorError
from worker.market.errors import HourlyLimitError, MarketError, NotFoundError, NotSentError, ParallelLimitError
from worker.sending import Draft, Sender, Sent
from worker.store import Outcome
from worker.web.checks import REFUSALS, Answer, Checks, Id, Refused, WrongRequest
from worker.web.tokens import Caller

LONGEST = 4_096  # characters; Market takes no more

_LOST = "Market's answer was lost, the message may have been sent: look into the chat before you send it again"
_REPEATED = (
    "the same text may have been sent into this chat within the last hour, its answer was lost: look into the chat, "
    'and to send it all the same add "again": true'
)


class Letter(BaseModel):
    """A message to be sent.

    `override_reason`: why it is to be sent although the rules flag it; the token must have the right to say so.
    `again`: send it although the answer to the same text was lost before.
    """

    model_config = ConfigDict(extra="forbid")

    business_id: Id
    chat_id: Id
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    override_reason: Annotated[str, Field(min_length=3, max_length=500)] | None = None
    again: bool = False


class SendAnswer(Answer):
    """What became of it: `sent` is null when nobody knows."""

    outcome: Literal["sent", "prevented", "refused", "unknown"]
    sent: bool | None
    detail: str


class Sends:
    """Answers sends.

    Args:
        sender: judges and sends.
        checks: words verdicts.
    """

    def __init__(self, sender: Sender, checks: Checks) -> None:
        self._sender = sender
        self._checks = checks
        self._sending = anyio.CapacityLimiter(8)

    def routes(self) -> APIRouter:
        """Return the endpoint."""
        router = APIRouter(tags=["send"], responses=REFUSALS)
        others = {
            403: "The token may not override",
            404: "Market knows no such chat; nothing was sent",
            409: "The same text may have been sent just now; nothing was sent now",
            422: "Prevented: the rules flag it; or no such request",
            424: "Market refused it or was not reached; or its answer was lost, then `sent` is null",
            429: "Market's limits; nothing was sent",
        }
        described: dict[int | str, dict[str, Any]] = {
            code: {"description": text, "model": Refused if code == 403 else SendAnswer | Refused | WrongRequest}
            for code, text in others.items()
        }
        router.post("/v1/send", summary="Send a message unless it breaks the policy", responses=described)(self.send)
        return router

    async def send(self, letter: Letter, request: Request, response: Response) -> SendAnswer:
        """Judge a message, then send it; what is flagged is not sent but recorded as prevented."""
        caller: Caller = request.state.caller
        self._checks.require_cabinet(letter.business_id)
        if letter.override_reason is not None and not caller.may_override:
            raise HTTPException(403, f"the token {caller.name} may not override the rules")
        draft = Draft(**letter.model_dump(), caller=caller.name)
        try:
            sent = await anyio.to_thread.run_sync(self._sender.send, draft, limiter=self._sending)
        except RuleError as error:
            raise HTTPException(422, f"the text could not be judged and was not sent: {error}") from None
        response.status_code = _status(sent)
        if wait_s := _wait_s(sent.error):
            response.headers["Retry-After"] = str(wait_s)
        return SendAnswer(
            **self._checks.answer(sent.verdict).model_dump(),
            outcome=sent.outcome.value,
            sent={Outcome.SENT: True, Outcome.UNKNOWN: None}.get(sent.outcome, False),
            detail=_detail(sent),
        )


def _status(sent: Sent) -> int:
    """Return the HTTP status: never one after which clients repeat by themselves, unless nothing was sent."""
    if sent.outcome is Outcome.SENT:
        return 200
    if sent.outcome is Outcome.PREVENTED:
        return 422
    if sent.repeated:
        return 409
    if isinstance(sent.error, NotFoundError):
        return 404
    return 429 if isinstance(sent.error, NotSentError | HourlyLimitError | ParallelLimitError) else 424


def _wait_s(error: MarketError | OperatorError | None) -> int | None:
    if not isinstance(error, MarketError) or error.retry_at is None:
        return None
    return max(1, round((error.retry_at - datetime.now(UTC)).total_seconds()))


def _detail(sent: Sent) -> str:
    if sent.outcome is Outcome.UNKNOWN:
        return _REPEATED if sent.repeated else f"{_LOST} ({sent.error})"
    if sent.outcome is Outcome.REFUSED:
        return f"not sent: {sent.error}"
    return "sent" if sent.outcome is Outcome.SENT else "not sent: it would break Market's chat policy"
