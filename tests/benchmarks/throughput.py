"""Messages a second through the whole pipeline, against Celery's no-op task with the same settings in the same run.

    python -m tests.benchmarks.throughput [--messages 2000] [--processes 4]

Both go through the same embedded server and a worker of as many processes; the sandbox Market keeps no limits and
answers without delay, so that it is Chatwarden that is measured. "Scattered" ids are each of a chat of its own, so that
every id costs a request; "busy" ids are of chats with 20 messages each.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import redis

from tests.commands import CHATWARDEN
from worker import tasks
from worker.app import MESSAGES, REPORTS, app, waiting
from worker.embedded import embedded_redis
from worker.processes import Children, stop_signals
from worker.sandbox.cabinet import Chat
from worker.sandbox.world import generated_world
from worker.store import MessageKey, Store

POLL_S = 0.05
DEADLINE_S = 300.0
BUSY = 20  # messages a chat


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=4)
    options = parser.parse_args()
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        stop = parts.enter_context(stop_signals())
        url = parts.enter_context(embedded_redis(parts.enter_context(Children()), folder, stop))
        os.environ.update({"CHATWARDEN_REDIS_URL": url, "CHATWARDEN_LOG_LEVEL": "WARNING"})
        noop = _noop(folder, url, options.messages, options.processes)
        print(f"no-op task           {noop:7.0f} a second")  # noqa: T201
        for name, messages_a_chat in (("scattered ids", 1), ("ids of busy chats", BUSY)):
            rate = _pipeline(folder / name, url, options.messages, messages_a_chat, options.processes)
            print(f"{name:20} {rate:7.0f} a second, {rate / noop:.0%} of no-op")  # noqa: T201


def _noop(folder: Path, url: str, count: int, processes: int) -> float:
    from tests.benchmarks.noop import noop

    command = [sys.executable, "-m", "celery", "-A", "tests.benchmarks.noop:app", "worker", "-c", str(processes)]
    command += ["-Q", "messages", "--without-gossip", "--without-mingle", "-l", "WARNING"]
    with Children() as children, app.producer_pool.acquire() as producer:
        children.start("worker", command, log=folder / "noop.log", environment=os.environ)
        noop.apply_async(producer=producer)
        _wait_for_queue(url)
        began = time.monotonic()
        for number in range(count):
            noop.apply_async(args=(1, number, number), producer=producer)
        _wait_for_queue(url)
        return count / (time.monotonic() - began)


def _pipeline(folder: Path, url: str, count: int, messages_a_chat: int, processes: int) -> float:
    folder.mkdir()
    chats = count // messages_a_chat + 1
    (cabinet,) = generated_world(cabinets=1, chats=chats, messages_a_chat=messages_a_chat).cabinets.values()
    with Children() as children, closing(Store.open(f"sqlite:///{folder}/chatwarden.sqlite")) as store:
        ready = folder / "market.port"
        market = [sys.executable, "-m", "worker.sandbox", "--ready-file", str(ready), "--limits", "off"]
        market += ["--generated", f"1,{chats},{messages_a_chat}"]
        children.start("sandbox", market, log=folder / "sandbox.log", environment=os.environ)
        _wait(ready.exists)
        environment = {
            **os.environ,
            "BENCHMARK_KEY": cabinet.api_key,
            "CHATWARDEN_CABINETS": json.dumps([{"business_id": cabinet.business_id, "api_key_env": "BENCHMARK_KEY"}]),
            "CHATWARDEN_DATA_DIR": str(folder),
            "CHATWARDEN_MARKET_URL": f"http://127.0.0.1:{ready.read_text().strip()}",
        }
        worker = [*CHATWARDEN, "worker", "--processes", str(processes)]
        children.start("worker", worker, log=folder / "worker.log", environment=environment)
        keys = [MessageKey(cabinet.business_id, *ids) for ids in _ids(cabinet.chats)]
        warming, measured = keys[:messages_a_chat], keys[messages_a_chat:]
        tasks.enqueue(store, warming)
        _wait_for_queue(url)
        began = time.monotonic()
        tasks.enqueue(store, measured)
        _wait_for_queue(url)
        took = time.monotonic() - began
        if store.messages.settled(keys) < len(keys):
            raise RuntimeError(f"not all was judged; see {folder}")
        return len(measured) / took


def _ids(chats: dict[int, Chat]) -> Iterator[tuple[int, int]]:
    for chat in chats.values():
        for message_id in chat.messages:
            yield chat.chat_id, message_id


def _wait_for_queue(url: str) -> None:
    """Wait until no task waits or is in work."""
    with redis.Redis.from_url(url) as client:
        _wait(lambda: bool(waiting(client, MESSAGES) == waiting(client, REPORTS) == client.hlen("unacked") == 0))


def _wait(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not met():
        if time.monotonic() > deadline:
            raise TimeoutError("not done in time")
        time.sleep(POLL_S)


if __name__ == "__main__":
    main()
