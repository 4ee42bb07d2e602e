"""A Sentry on localhost: takes envelopes over HTTP as Sentry's ingest does, and keeps what arrived."""

import gzip
import importlib
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PUBLIC_KEY = "sinkkey"
PROJECT = 42

_ENVELOPE_PATH = re.compile(rf"/api/{PROJECT}/envelope/?(\?.*)?")


class SentrySink:
    """What arrived, and what the next requests are answered with.

    Attributes:
        events: the events that were taken, as JSON, in the order of their arrival; what is refused is not among them.
        check_ins: what monitors of schedules were told, as JSON.
        envelopes: the bytes of every request, decompressed, refused ones too.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.envelopes: list[bytes] = []
        self.check_ins: list[dict[str, Any]] = []
        self._status = 200
        self._headers: Mapping[str, str] = {}
        self._delay_s = 0.0
        self._server = _Server(("127.0.0.1", 0), self)
        self._port: int = self._server.server_address[1]
        self._thread = self._serve()

    @property
    def dsn(self) -> str:
        """The DSN of the sink's one project."""
        return f"http://{PUBLIC_KEY}@127.0.0.1:{self._port}/{PROJECT}"

    @property
    def violations(self) -> list[dict[str, Any]]:
        """The alerts among the events."""
        return self._of_kind("violation")

    @property
    def faults(self) -> list[dict[str, Any]]:
        """Chatwarden's own faults among the events."""
        return self._of_kind("fault")

    @property
    def audits(self) -> list[dict[str, Any]]:
        """The summaries of audits among the events."""
        return self._of_kind("audit")

    @property
    def misses(self) -> list[dict[str, Any]]:
        """The alerts of what Market saw first."""
        return self._of_kind("miss")

    def answer(self, status: int = 200, *, headers: Mapping[str, str] | None = None, delay_s: float = 0) -> None:
        """Answer so from now on; events count as taken only with 200."""
        self._status, self._headers, self._delay_s = status, headers or {}, delay_s

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse every connection for as long as the block runs."""
        self.close()
        try:
            yield
        finally:
            self._server = _Server(("127.0.0.1", self._port), self)
            self._thread = self._serve()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, envelope: bytes) -> tuple[int, Mapping[str, str], dict[str, str]]:
        """Take one envelope; return status, headers and body of the answer."""
        self.envelopes.append(envelope)
        time.sleep(self._delay_s)
        events = [json.loads(payload) for kind, payload in _items(envelope) if kind == "event"]
        if self._status != 200:
            return self._status, self._headers, {"detail": "refused by the sink"}
        self.events += events
        self.check_ins += [json.loads(payload) for kind, payload in _items(envelope) if kind == "check_in"]
        return 200, self._headers, {"id": events[0]["event_id"]} if events else {}

    def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("tags", {}).get("kind") == kind]

    def _serve(self) -> threading.Thread:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sentry", daemon=True)
        thread.start()
        return thread


@contextmanager
def sentry_sink() -> Iterator[SentrySink]:
    """Run a sink for as long as the block runs."""
    sink = SentrySink()
    try:
        yield sink
    finally:
        sink.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # sentry-sdk keeps its connections open

    def __init__(self, address: tuple[str, int], sink: SentrySink) -> None:
        super().__init__(address, _Handler)
        self.sink = sink

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away before the answer."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = _plain(self.rfile.read(int(self.headers["Content-Length"])), self.headers.get("Content-Encoding"))
        if _ENVELOPE_PATH.fullmatch(self.path) and f"sentry_key={PUBLIC_KEY}" in self.headers["X-Sentry-Auth"]:
            status, headers, answer = self.server.sink.take(body)
        else:
            status, headers, answer = 404, {}, {"detail": "no such endpoint, or no such key"}
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, *_: object) -> None:
        """Print nothing."""


def _plain(body: bytes, encoding: str | None) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "br":
        plain: bytes = importlib.import_module("brotli").decompress(body)
        return plain
    return body


def _items(envelope: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield kind and payload of an envelope's items: JSON lines, each with as many bytes as it says behind it."""
    _, _, rest = envelope.partition(b"\n")
    while rest.strip():
        line, _, rest = rest.partition(b"\n")
        header = json.loads(line)
        length = header["length"] if "length" in header else len(rest.partition(b"\n")[0])
        yield header["type"], rest[:length]
        rest = rest[length:].removeprefix(b"\n")
