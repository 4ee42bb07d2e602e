"""The outermost layer: security headers, a log without secrets, and faults that stay inside."""

import logging
import re
import time
from typing import Any

import sentry_sdk
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SLASHES = re.compile("/+")

logger = logging.getLogger(__name__)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# The page of the API's description takes its script and its style from there.
_DOCS_POLICY = (
    "default-src 'none'; script-src https://cdn.jsdelivr.net 'unsafe-inline'; style-src https://cdn.jsdelivr.net "
    "'unsafe-inline'; img-src data: https://fastapi.tiangolo.com; connect-src 'self'; frame-ancestors 'none'"
)


class Front:
    """An ASGI application around all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what breaks was answered with 500 further inside, here it is told of."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # One spelling of every path, for the gate and the routes behind it alike.
        scope = {**scope, "path": _SLASHES.sub("/", scope["path"]).rstrip("/") or "/"}
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _harden(scope, message)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last stop of everything
            sentry_sdk.capture_exception(error)
            logger.error("%s while answering %s", type(error).__name__, _place(scope))
        took_ms = (time.perf_counter() - began) * 1000
        logger.debug("%s %s %s, %.1f ms", scope["method"], _place(scope), status, took_ms)


def _harden(scope: Scope, start: Message) -> None:
    headers = MutableHeaders(raw=start["headers"])
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"] == "/docs":
        headers["Content-Security-Policy"] = _DOCS_POLICY


def _place(scope: Scope) -> str:
    """Name what was asked for; not by the path, which may hold the secret prefix, nor with the query."""
    route: Any = scope.get("route")
    return str(getattr(route, "name", "nothing that is here"))
