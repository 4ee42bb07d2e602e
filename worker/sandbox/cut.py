"""Connections that end before their answer: no ASGI message can ask for it, so the protocol lends its transports."""

import asyncio
from typing import ClassVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

Address = tuple[str, int]

_HALF_AN_ANSWER = b'{"status":"OK","result":{"messageId":'


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP, with its open connections found by the client's address."""

    transports: ClassVar[dict[Address, asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        if self.client:
            self.transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.client:
            self.transports.pop(self.client, None)
        super().connection_lost(exc)


class CutResponse(Response):
    """Ends the connection, before anything was answered or after half of the body.

    Needs a server that runs `CuttableProtocol`; under any other one it raises KeyError.
    """

    def __init__(self, *, half_answered: bool) -> None:
        super().__init__(_HALF_AN_ANSWER if half_answered else b"", media_type="application/json")
        self._half_answered = half_answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is to be sent, end the connection, and wait until the server has seen its end."""
        transport = CuttableProtocol.transports[tuple(scope["client"])]
        if self._half_answered:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            # What is written goes out before the connection ends; abort would drop it.
            transport.close()
        else:
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
