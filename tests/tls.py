"""TLS before a server that speaks none, as stunnel does it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def tls_before(place: str, context: ssl.SSLContext) -> Iterator[int]:
    """Take TLS connections on a free port of 127.0.0.1, which is yielded, and pass them on to `place`, host:port."""
    host, _, port = place.partition(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_take, args=(listener, (host, int(port)), context), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _take(listener: socket.socket, server: tuple[str, int], context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_pass_on, args=(plain, server, context), daemon=True).start()


def _pass_on(plain: socket.socket, server: tuple[str, int], context: ssl.SSLContext) -> None:
    with suppress(OSError), socket.create_connection(server) as inner, context.wrap_socket(plain, True) as outer:
        threading.Thread(target=_copy, args=(inner, outer), daemon=True).start()
        _copy(outer, inner)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(1 << 16):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
