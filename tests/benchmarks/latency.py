"""The time from enqueueing an id to the alert's arrival at Sentry, on an idle system and at 100 ids a second.

    python -m tests.benchmarks.latency [--idle 40] [--seconds 15]

The sandbox Market keeps no limits and answers without delay. One message in eight breaks the policy, and its alert is
what is timed; on the idle system one such id is enqueued after the other.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import quantiles

from tests.reliability.system import System, running_system
from tests.waiting import until
from worker import tasks
from worker.store import MessageKey

RATE = 100  # ids a second
SLICE_S = 0.1
BROKEN = "Напишите ваш номер телефона, перезвоним."  # the generated message that breaks the policy


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=40, help="alerts to time on the idle system")
    parser.add_argument("--seconds", type=int, default=15, help="of load")
    options = parser.parse_args()
    chats = options.idle + options.seconds * RATE // 8 + 1
    with (
        tempfile.TemporaryDirectory() as folder,
        running_system(Path(folder), chats=chats, messages_a_chat=8) as system,
    ):
        os.environ.update(system.environment)
        keys = system.keys
        _warm_up(system, keys[:8])
        guilty = [key for key in keys[8:] if _text(system, key) == BROKEN][: options.idle]
        idle = [_alone(system, key) for key in guilty]
        _print("idle", idle)
        busy = [key for key in keys[8:] if key.chat_id > guilty[-1].chat_id][: options.seconds * RATE]
        _print(f"at {RATE} ids a second", _under_load(system, busy))


def _warm_up(system: System, keys: list[MessageKey]) -> None:
    tasks.enqueue(system.store, keys)
    until(lambda: bool(system.sink.violations))


def _alone(system: System, key: MessageKey) -> float:
    """Enqueue one id on the idle system; return the seconds to its alert."""
    began = time.monotonic()
    tasks.enqueue(system.store, [key])
    until(lambda: bool(_arrived(system, [key])), every_s=0.002)
    return time.monotonic() - began


def _under_load(system: System, keys: list[MessageKey]) -> list[float]:
    """Enqueue ids evenly; return the seconds from the first id of each chat, which brings the others, to its alert."""
    enqueued: dict[int, float] = {}
    arrived: dict[MessageKey, float] = {}
    a_slice = int(RATE * SLICE_S)
    began = time.monotonic()
    for at in range(0, len(keys), a_slice):
        some = keys[at : at + a_slice]
        for key in some:
            enqueued.setdefault(key.chat_id, time.monotonic())
        tasks.enqueue(system.store, some)
        while time.monotonic() < began + (at / a_slice + 1) * SLICE_S:
            _note(system, keys, arrived)
            time.sleep(0.005)
    expected = sum(_text(system, key) == BROKEN for key in keys)
    while len(arrived) < expected:
        _note(system, keys, arrived)
        time.sleep(0.005)
    return [arrived[key] - enqueued[key.chat_id] for key in arrived]


def _note(system: System, keys: Iterable[MessageKey], arrived: dict[MessageKey, float]) -> None:
    now = time.monotonic()
    for key in _arrived(system, keys):
        arrived.setdefault(key, now)


def _arrived(system: System, keys: Iterable[MessageKey]) -> set[MessageKey]:
    told = {MessageKey(*one[:3]) for one in system.told()}
    return told.intersection(keys)


def _text(system: System, key: MessageKey) -> str | None:
    return system.market.world.cabinets[key.business_id].chats[key.chat_id].messages[key.message_id].text


def _print(what: str, seconds: list[float]) -> None:
    cuts = quantiles(seconds, n=20)
    print(  # noqa: T201
        f"{what:24} {len(seconds)} alerts: median {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms, "
        f"longest {max(seconds) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
