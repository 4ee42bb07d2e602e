"""What every request passes before it is looked at: network or token, then size and time of its body."""

import asyncio
import logging
from collections.abc import Collection, Mapping

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.web.settings import WebSettings
from worker.web.tokens import Tokens
from worker.web.visitors import is_among, visitor

logger = logging.getLogger(__name__)

OPEN = frozenset({"/healthz"})
FOR_BROWSERS = frozenset({"/docs", "/openapi.json"})
BASIC = 'Basic realm="Chatwarden, the password is the token"'
BODY_S = 8.0  # Market itself waits 10 s for the answer
NOTIFICATION_BYTES = 64 * 1024
BODY_BYTES = 256 * 1024
LARGER_BODIES: Mapping[str, int] = {"/v1/check/batch": 32 * 1024 * 1024}
GUESSES = RateLimitItemPerMinute(30)  # wrong tokens from one address


class Gate:
    """Turns strangers away and reads bodies within bounds; an ASGI application around another.

    What comes from Market's networks is answered with 200 or 400 alone: Market repeats after anything else, and holds
    all later notifications back meanwhile.
    """

    def __init__(self, app: ASGIApp, *, settings: WebSettings, tokens: Tokens, notifications: Collection[str]) -> None:
        self._app = app
        self._networks = settings.notification_networks
        self._proxies = settings.trusted_proxies
        self._tokens = tokens
        self._notifications = frozenset(notifications)
        self._guesses = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            try:
                body = await _body(receive, self._longest(scope), Headers(scope=scope).get("content-length"))
            except _BodyRefusedError as error:
                refusal = self._refused_body(scope, error)
            else:
                receive = _once(body, receive)
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        path = scope["path"]
        if path in OPEN:
            return None
        address = visitor(scope, self._proxies)
        if path in self._notifications:
            if is_among(address, self._networks):
                return None
            logger.warning("a notification from %s is refused: not one of Market's networks", address)
            return market_error(403, "UNKNOWN", "not from one of Market's networks")
        if caller := self._tokens.caller(Headers(scope=scope).get("authorization")):
            scope.setdefault("state", {})["caller"] = caller
            return None
        if self._guesses.hit(GUESSES, str(address)):
            logger.info("a request from %s has no known token", address)
            way = BASIC if path in FOR_BROWSERS else "Bearer"
            return JSONResponse({"detail": "a known token is needed"}, 401, {"WWW-Authenticate": way})
        return JSONResponse({"detail": "too many wrong tokens; wait a minute"}, 429, {"Retry-After": "60"})

    def _longest(self, scope: Scope) -> int:
        path = scope["path"]
        return NOTIFICATION_BYTES if path in self._notifications else LARGER_BODIES.get(path, BODY_BYTES)

    def _refused_body(self, scope: Scope, error: "_BodyRefusedError") -> Response:
        close = {"Connection": "close"}  # the rest of the body is not waited for
        if scope["path"] in self._notifications:
            return market_error(400, "WRONG_EVENT_FORMAT", error.reason, close)
        return JSONResponse({"detail": error.reason}, error.status, close)


def market_error(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as Market's contract words it."""
    return JSONResponse({"error": {"type": kind, "message": message}}, status, headers)


class _BodyRefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def _body(receive: Receive, longest: int, announced: str | None) -> bytes:
    """Read the body whole, so that a slow client holds nothing but its own connection."""
    too_long = _BodyRefusedError(413, f"the body is longer than {longest} bytes")
    if announced is not None and announced.isdigit() and int(announced) > longest:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > longest:
                    raise too_long
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _BodyRefusedError(408, f"the body did not come within {BODY_S:.0f} seconds") from None


def _once(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then what comes after."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
