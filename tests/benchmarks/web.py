"""How fast the doors answer, beside a bare FastAPI endpoint in the same run.

    python -m tests.benchmarks.web [--rate 200] [--seconds 10] [--with-worker]

Requests leave evenly at the given rate, whether or not those before them were answered, over eight connections; then as
many as eight connections can carry. `--with-worker` judges the messages meanwhile: then the workers, the sandbox
Market and this program share the machine with the doors.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from statistics import quantiles

from tests.commands import CHATWARDEN
from tests.reliability.system import System, running_system
from tests.waiting import until

CONNECTIONS = 8
TOKEN = "benchmark"
TEXTS = (
    "Здравствуйте! Заказ собран, отправим сегодня до 18:00.",
    "Напишите ваш номер телефона, перезвоним.",
    "Да, серый, артикул 4512-7. Проверили перед упаковкой, всё работает, комплект полный, чек внутри коробки.",
)

Bodies = Iterator[tuple[str, bytes]]  # path, body


@dataclass(frozen=True)
class Measured:
    """What came of a load: milliseconds of each answer, and answers a second at most."""

    ms: list[float]
    most: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=200, help="requests a second")
    parser.add_argument("--seconds", type=float, default=10, help="of each load")
    parser.add_argument("--with-worker", action="store_true", help="judge the messages meanwhile")
    options = parser.parse_args()
    start = ("worker", "beat") if options.with_worker else ()
    chats = 500 if options.with_worker else 2
    with (
        tempfile.TemporaryDirectory() as folder,
        running_system(
            Path(folder),
            chats=chats,
            messages_a_chat=20,
            start=start,
            notification_networks="127.0.0.0/8",
            notifications_per_minute="1000000",
            api_tokens=f"benchmark:{TOKEN}",
        ) as system,
    ):
        doors, bare = _start(system, "serve"), _start(system, "bare")

        def load(what: str, port: int, bodies: Callable[[], Bodies]) -> None:
            _print(what, asyncio.run(_load(port, bodies(), options.rate, options.seconds)))

        load("bare FastAPI", bare, _pings)
        load("PING", doors, _pings)
        load("CHAT_MESSAGE_SENT", doors, lambda: _messages(system))
        load("check before sending", doors, _checks)
        system.kill("redis")
        load("PING without Redis", doors, _pings)
        load("CHAT_MESSAGE_SENT without Redis", doors, _unknown_messages)


def _start(system: System, name: str) -> int:
    """Start the doors, or the bare endpoint, and return their port."""
    ready = system.folder / f"{name}.port"
    if name == "serve":
        system.start(name, *CHATWARDEN, name, "--port", "0", "--ready-file", str(ready))
    else:
        system.start(name, sys.executable, "-m", f"tests.benchmarks.{name}", str(ready))
    return int(until(lambda: ready.exists() and ready.read_text(encoding="ascii")))


def _pings() -> Bodies:
    return cycle([("/notification", b'{"notificationType":"PING","time":"2026-11-23T09:00:00Z"}')])


def _messages(system: System) -> Bodies:
    for key in cycle(system.keys):
        yield "/notification", _message(*key)


def _unknown_messages() -> Bodies:
    for number in count(10**9):
        yield "/notification", _message(1, number % 100 + 1, number)


def _message(business_id: int, chat_id: int, message_id: int) -> bytes:
    ids = {"businessId": business_id, "chatId": chat_id, "messageId": str(message_id)}
    return json.dumps({"notificationType": "CHAT_MESSAGE_SENT", **ids, "sentAt": "2026-11-23T09:00:00Z"}).encode()


def _checks() -> Bodies:
    for text in cycle(TEXTS):
        yield "/v1/check", json.dumps({"text": text}).encode()


async def _load(port: int, bodies: Bodies, rate: int, seconds: float) -> Measured:
    connections: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        connections.put_nowait(await _Connection.open(port))
    ms: list[float] = []

    async def ask(due: float) -> None:
        connection = await connections.get()
        await connection.ask(*next(bodies))
        ms.append((time.perf_counter() - due) * 1000)
        connections.put_nowait(connection)

    async with asyncio.TaskGroup() as tasks:
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(due - time.perf_counter())
            tasks.create_task(ask(due))
    return Measured(ms, await _most(connections, bodies, seconds / 2))


async def _most(connections: "asyncio.Queue[_Connection]", bodies: Bodies, seconds: float) -> float:
    answers, ends = 0, time.perf_counter() + seconds

    async def hurry(connection: _Connection) -> None:
        nonlocal answers
        while time.perf_counter() < ends:
            await connection.ask(*next(bodies))
            answers += 1
        connection.close()

    async with asyncio.TaskGroup() as tasks:
        while not connections.empty():
            tasks.create_task(hurry(connections.get_nowait()))
    return answers / seconds


class _Connection:
    """The least HTTP that a client can speak: a client library would take longer than the doors do."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "_Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, path: str, body: bytes) -> None:
        """Post a body and read the answer; AssertionError unless it is 200."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self._reader.readexactly(int(length.partition(b":")[2]))
        assert answer.startswith(b"HTTP/1.1 200 "), answer

    def close(self) -> None:
        self._writer.close()


def _print(what: str, measured: Measured) -> None:
    cuts = quantiles(measured.ms, n=100)
    figures = ", ".join(f"{name} {ms:.1f}" for name, ms in (("p50", cuts[49]), ("p95", cuts[94]), ("p99", cuts[98])))
    line = f"{what:32} {len(measured.ms)} answers: {figures}, longest {max(measured.ms):.1f} ms; "
    print(f"{line}at most {measured.most:.0f} a second", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
