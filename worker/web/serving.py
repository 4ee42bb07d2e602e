"""Serves the doors on a port."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from worker.errors import OperatorError
from worker.processes import stop_signals

GRACE_S = 8  # for requests under way when it is asked to stop
HEADERS_S = 8.0  # until the headers of a request are whole
LONGEST_HEADERS = 32 * 1024  # bytes


def listen(host: str, port: int) -> socket.socket:
    """Take a port, 0 for a free one; OperatorError when it cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # Its connections inherit it. Without it the second part of an answer waits 40 ms for the client to acknowledge
        # the first; asyncio sees to that only of sockets that it makes itself.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except (socket.gaierror, UnicodeError):
        reason = "no such host"
    except OSError as error:
        reason = os.strerror(error.errno or 0)
    raise OperatorError(
        f"{host} port {port} cannot be listened on ({reason}); give another by --host and --port, "
        "or set CHATWARDEN_WEB_HOST and CHATWARDEN_WEB_PORT"
    )


def serve(app: ASGIApp, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; requests under way are answered first."""
    with stop_signals():  # uvicorn raises the signal again when it is done: that must end nothing else
        server = Server(app, on_ready)
        signal.signal(signal.SIGHUP, server.handle_exit)
        server.run([listener])


class Server(uvicorn.Server):
    """uvicorn as the doors need it; `on_ready` is called once it serves."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=PunctualProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="warning",
                access_log=False,  # it would show paths and queries
                proxy_headers=False,  # whom to believe is the gate's to decide
                server_header=False,
                h11_max_incomplete_event_size=LONGEST_HEADERS,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()


class PunctualProtocol(H11Protocol):
    """uvicorn's HTTP, which by itself would wait for the end of a request's headers for ever."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._due = self.loop.call_later(HEADERS_S, transport.close)

    def data_received(self, data: bytes) -> None:
        """Read on; the time runs from the first byte of a request to the end of its headers."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._due is None:
            self._due = self.loop.call_later(HEADERS_S, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
