"""Everything that can go wrong with a request to Market.

    MarketError
    ├── AnswerError                  Market answered with an error status
    │   ├── BadRequestError          400  permanent  request   a bug of ours
    │   ├── UnauthorizedError        401  permanent  cabinet   the key is wrong or revoked
    │   ├── ForbiddenError           403  permanent  cabinet   the key lacks a scope, or the API is off
    │   ├── NotFoundError            404  permanent  request   no such chat or message
    │   ├── HourlyLimitError         420  temporary  method    until `retry_at`
    │   ├── ParallelLimitError       420  temporary  cabinet   for a moment
    │   ├── MigrationError           423  temporary  cabinet   Market moves the cabinet's data
    │   ├── ServerError              5xx  temporary  market
    │   ├── RefusedError             4xx  permanent  request   any other refusal worded by Market
    │   └── GatewayError                  temporary  market    redirects, and a 4xx not worded by Market
    ├── NotSentError                      temporary            held back by Chatwarden itself, to keep Market's limits
    │   ├── NoBudgetError                 temporary  method    this hour's requests are spent
    │   └── NoSlotError                   temporary  request   too many requests are in flight
    ├── NoAnswerError                     temporary  market
    │   ├── MarketTimeoutError            no answer in time
    │   └── BrokenConnectionError         no connection, or one that ended too early
    │       └── NoConnectionError         none at all: nothing was sent
    └── UnreadableError
        ├── NotJsonError                  temporary  market    a page of something before Market, most likely
        └── WrongShapeError               temporary  request   JSON, but not what the method answers

Permanent means that asking again gives the same until a person changes something; the word after it is the `scope`,
that which had better stop. All are built from plain values, so that they survive pickling, and none holds a key, a body
or the text of a message.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

LONGEST_DETAIL = 200

# Statuses that ask to come again later; Market has none of them, a gateway before it may.
_COME_AGAIN = frozenset({408, 425, 429})
_KEY = re.compile(r"ACMA:[^\s'\",;]+")


class Scope(StrEnum):
    """What an error stops."""

    REQUEST = "request"
    METHOD = "method"
    CABINET = "cabinet"
    MARKET = "market"


class MarketError(Exception):
    """A request to Market did not give what it was sent for.

    Attributes:
        permanent: whether asking again is useless until a person changes something.
        scope: what stops: this request, this method of the cabinet, the cabinet, or all of Market.
        method: Market's name of the method, such as `getChatMessage`.
        status: HTTP status, or None when there was no answer.
        code, detail: Market's error code and message, or our own word of what happened; cut, keys removed.
        retry_at: when to ask again, aware; None where Market did not say.
    """

    permanent: ClassVar[bool] = False
    scope: ClassVar[Scope] = Scope.MARKET

    def __init__(
        self,
        method: str,
        status: int | None = None,
        code: str | None = None,
        detail: str | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        self.method = method
        self.status = status
        self.code = _presentable(code)
        self.detail = _presentable(detail)
        self.retry_at = retry_at
        # Pickle and Celery rebuild an exception by calling its class with `args`.
        super().__init__(method, status, self.code, self.detail, retry_at)

    def __str__(self) -> str:
        said = ": ".join(part for part in (self.code, self.detail) if part)
        answer = "no answer" if self.status is None else f"HTTP {self.status}"
        until = f" (until {self.retry_at.isoformat()})" if self.retry_at else ""
        return f"{self.method}: {answer}{', ' if said else ''}{said}{until}"


class AnswerError(MarketError):
    """Market answered with a status that is no success."""


class BadRequestError(AnswerError):
    """400: the request is wrong; a bug of ours, never to be repeated."""

    permanent, scope = True, Scope.REQUEST


class UnauthorizedError(AnswerError):
    """401: the key is invalid or revoked."""

    permanent, scope = True, Scope.CABINET


class ForbiddenError(AnswerError):
    """403: the key lacks the scope or the cabinet, or the cabinet's API is switched off."""

    permanent, scope = True, Scope.CABINET


class NotFoundError(AnswerError):
    """404: there is no such chat or message."""

    permanent, scope = True, Scope.REQUEST


class HourlyLimitError(AnswerError):
    """420: the method's requests of this hour are spent; `retry_at` is the end of Market's period."""

    scope = Scope.METHOD


class ParallelLimitError(AnswerError):
    """420: too many requests of the cabinet at one time; goes by as soon as one of them ends."""

    scope = Scope.CABINET


class MigrationError(AnswerError):
    """423: Market moves the cabinet's data; retry later."""

    scope = Scope.CABINET


class ServerError(AnswerError):
    """5xx: Market's own fault."""


class RefusedError(AnswerError):
    """Any other 4xx, in Market's words."""

    permanent, scope = True, Scope.REQUEST


class GatewayError(AnswerError):
    """A status that says nothing of the request: a redirect, or a refusal that is not worded as Market words it."""


class NotSentError(MarketError):
    """The request was not sent: it would have broken one of Market's limits."""


class NoBudgetError(NotSentError):
    """The method's requests of this hour are spent, or left to live messages; `retry_at` is when there are new ones."""

    scope = Scope.METHOD


class NoSlotError(NotSentError):
    """As many requests of the cabinet as are allowed were in flight all the time, or nobody could tell."""

    scope = Scope.REQUEST


class NoAnswerError(MarketError):
    """There was no answer, or only a part of one; whether the request arrived is not known."""


class MarketTimeoutError(NoAnswerError):
    """No complete answer within the time limit."""


class BrokenConnectionError(NoAnswerError):
    """The connection could not be made, or ended before the answer did."""


class NoConnectionError(BrokenConnectionError):
    """The connection could not be made: Market has not seen the request."""


class UnreadableError(MarketError):
    """Market answered with success and a body that cannot be used."""


class NotJsonError(UnreadableError):
    """The body is no JSON."""


class WrongShapeError(UnreadableError):
    """The body is JSON, but not what the method answers; the detail names places and kinds, never values."""

    scope = Scope.REQUEST


_BY_STATUS: dict[int, type[AnswerError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    423: MigrationError,
}


def error_of(
    method: str, status: int, code: str | None, detail: str | None, *, worded: bool, exhausted_until: datetime | None
) -> AnswerError:
    """Build the error of an answer with no success status.

    Args:
        method: Market's name of the method.
        status: HTTP status.
        code: Market's error code.
        detail: Market's error message.
        worded: whether the body was an error as Market words it. A 404 page of a mistyped address must not count as
            a missing message, so what is not worded is permanent only for 401 and 403, which stop the cabinet.
        exhausted_until: end of the period whose requests are spent, by the headers; None when they are not.
    """
    if status == 420:
        hourly = "parallel" not in (detail or "") and (exhausted_until is not None or "requests per" in (detail or ""))
        limit = HourlyLimitError if hourly else ParallelLimitError
        return limit(method, status, code, detail, exhausted_until if hourly else None)
    return _kind(status, worded=worded)(method, status, code, detail)


def _kind(status: int, *, worded: bool) -> type[AnswerError]:
    if status >= 500:
        return ServerError
    if status in {401, 403, 423}:
        return _BY_STATUS[status]
    if status < 400 or status in _COME_AGAIN or not worded:
        return GatewayError
    return _BY_STATUS.get(status, RefusedError)


def _presentable(text: str | None) -> str | None:
    """One line, cut, without anything that looks like a key."""
    if text is None:
        return None
    return _KEY.sub("ACMA:***", " ".join(text.split()))[:LONGEST_DETAIL]
