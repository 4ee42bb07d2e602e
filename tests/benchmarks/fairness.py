"""How long a small cabinet's message waits alone, and while a huge cabinet has thousands in the queue.

    python -m tests.benchmarks.fairness [--huge 4000] [--small 40] [--processes 4] [--market-ms 100]

The sandbox Market keeps no limits, so that it is Chatwarden's queue that is measured; every id is of a chat of its own
and costs a request, which Market answers after some time. One that answers at once lets the huge cabinet keep the whole
machine busy, the sandbox included: then the small one's own check takes longer too.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

from tests.waiting import until
from worker import tasks
from worker.embedded import embedded_redis
from worker.processes import Children, stop_signals
from worker.sandbox.world import generated_world
from worker.store import MessageKey, Store

PATIENCE_S = 300.0
WARM = 50  # verdicts of the huge cabinet before the small one's are timed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--huge", type=int, default=4000)
    parser.add_argument("--small", type=int, default=40)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--market-ms", type=float, default=100, help="until Market answers")
    options = parser.parse_args()
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        stop = parts.enter_context(stop_signals())
        children = parts.enter_context(Children())
        url = parts.enter_context(embedded_redis(children, folder, stop))
        os.environ.update(_environment(children, folder, url, options))
        store = parts.enter_context(closing(Store.open(f"sqlite:///{folder}/chatwarden.sqlite")))
        worker = [sys.executable, "-m", "worker.cli", "worker"]
        children.start("worker", worker, log=folder / "worker.log", environment=os.environ)
        small = [MessageKey(2, chat, 2 * chat - 1) for chat in range(1, 2 * options.small + 2)]
        _delay_s(store, small.pop())  # once the worker is up
        alone = [_delay_s(store, small.pop()) for _ in range(options.small)]
        _print("alone", alone)
        huge = [MessageKey(1, chat, 2 * chat - 1) for chat in range(1, options.huge + 1)]
        tasks.enqueue(store, huge)
        until(lambda: store.messages.settled(huge) > WARM, PATIENCE_S)
        beside = [_delay_s(store, small.pop()) for _ in range(options.small)]
        left = len(huge) - store.messages.settled(huge)
        _print(f"beside a huge one ({left} of its {len(huge)} still wait)", beside)


def _environment(children: Children, folder: Path, url: str, options: argparse.Namespace) -> dict[str, str]:
    """Start the sandbox and return the settings of a worker for it."""
    ready = folder / "market.port"
    market = [sys.executable, "-m", "worker.sandbox", "--ready-file", str(ready), "--limits", "off"]
    market += ["--generated", f"2,{options.huge},2", "--fault", json.dumps({"delay_s": options.market_ms / 1000})]
    children.start("sandbox", market, log=folder / "sandbox.log")
    until(ready.exists, PATIENCE_S)
    keys = {number: one.api_key for number, one in generated_world(cabinets=2, chats=1).cabinets.items()}
    cabinets = [{"business_id": number, "api_key_env": f"KEY_{number}"} for number in keys]
    return {
        **{f"KEY_{number}": key for number, key in keys.items()},
        "CHATWARDEN_CABINETS": json.dumps(cabinets),
        "CHATWARDEN_DATA_DIR": str(folder),
        "CHATWARDEN_LOG_LEVEL": "WARNING",
        "CHATWARDEN_MARKET_URL": f"http://127.0.0.1:{ready.read_text().strip()}",
        "CHATWARDEN_REDIS_URL": url,
        "CHATWARDEN_WORKER_PROCESSES": str(options.processes),
    }


def _delay_s(store: Store, key: MessageKey) -> float:
    began = time.monotonic()
    tasks.enqueue(store, [key])
    until(lambda: store.messages.settled([key]) == 1, PATIENCE_S, every_s=0.002)
    return time.monotonic() - began


def _print(name: str, delays: list[float]) -> None:
    p95 = statistics.quantiles(delays, n=20)[-1]
    print(f"{name}: median {statistics.median(delays) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
