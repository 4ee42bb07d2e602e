"""A server that answers with the very bytes it was given, and keeps what it was asked."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class RawServer:
    url: str
    requests: list[bytes] = field(default_factory=list)


def http(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def answering(*pieces: bytes, pause_s: float = 0) -> Iterator[RawServer]:
    """Serve every request with the same pieces, a pause after each, and then close the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    server.requests.append(_received(connection))
                    _send(connection, pieces, pause_s)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            # Closing alone would not wake the thread that waits in accept.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _received(connection: socket.socket) -> bytes:
    """One request with its whole body, which may come in a packet of its own."""
    request = b""
    while piece := connection.recv(65536):
        request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if b"\r\n\r\n" in request and len(body) >= int(length[1] if length else 0):
            break
    return request


def _send(connection: socket.socket, pieces: tuple[bytes, ...], pause_s: float) -> None:
    try:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause_s)
    except OSError:
        return
