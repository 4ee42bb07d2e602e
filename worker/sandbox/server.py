"""Runs the sandbox on a local port."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from worker.sandbox.cut import CuttableProtocol

HOST = "127.0.0.1"
START_S = 10.0


class _Server(uvicorn.Server):
    """A server that tells its port once it listens."""

    def __init__(self, app: ASGIApp, host: str, port: int, on_ready: Callable[[int], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host,
                port,
                http=CuttableProtocol,
                ws="none",
                lifespan="off",
                access_log=False,
                proxy_headers=False,
                log_level="warning",
                backlog=512,
                timeout_graceful_shutdown=1,
                # Longer than clients keep a connection, so that none is closed under a request.
                timeout_keep_alive=60,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready(self.servers[0].sockets[0].getsockname()[1])


def serve(app: ASGIApp, *, host: str = HOST, port: int = 0, ready_file: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        app: what to serve.
        host, port: where to listen; port 0 takes a free one.
        ready_file: gets the port as decimal digits once the server listens; it is there as a whole or not at all.
    """

    def announce(chosen: int) -> None:
        if ready_file is not None:
            draft = ready_file.with_name(f"{ready_file.name}.draft")
            draft.write_text(f"{chosen}\n", encoding="ascii")
            draft.replace(ready_file)

    _Server(app, host, port, announce).run()


@contextmanager
def running(app: ASGIApp, *, port: int = 0) -> Iterator[str]:
    """Serve in a thread of this process for as long as the context lasts; yields the base URL."""
    chosen: list[int] = []
    server = _Server(app, HOST, port, chosen.append)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    deadline = time.monotonic() + START_S
    while not chosen:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.005)
    try:
        yield f"http://{HOST}:{chosen[0]}"
    finally:
        server.should_exit = True
        thread.join()
