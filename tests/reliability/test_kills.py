"""SIGKILL at random moments of a run of 2,000 ids: nothing is lost, nothing is done twice, and all is soon done."""

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.reliability.system import System, assert_nothing_lost_or_doubled, running_system, up_in
from tests.waiting import until

RECOVERY_S = 15.0
BUSY_S = 60.0  # where other tests run beside
ALL = ("redis", "worker", "beat")
VICTIMS = {
    "a worker child": (),
    "the worker": ("worker",),
    "beat": ("beat",),
    "Redis": ("redis",),
    "all at once": ALL,
    "chatwarden up": ("up",),
}


@pytest.mark.parametrize(
    ("victim", "moments", "chats", "recovery_s"),
    [
        ("a worker child", 3, 50, BUSY_S),
        ("chatwarden up", 1, 50, BUSY_S),
        *(pytest.param(victim, 10, 100, RECOVERY_S, marks=pytest.mark.slow) for victim in VICTIMS),
    ],
)
def test_kills_lose_and_double_nothing(
    tmp_path: Path,
    rng: random.Random,
    measured: Callable[[str], None],
    victim: str,
    moments: int,
    chats: int,
    recovery_s: float,
) -> None:
    running = up_in if victim == "chatwarden up" else running_system
    with running(tmp_path, chats=chats, messages_a_chat=20) as system:
        system.enqueue(system.keys)
        # Moments by progress: on a busy machine the run is longer, and the kills are spread over all of it.
        for done in sorted(rng.sample(range(len(system.keys)), moments)):
            until(partial(system.judged, done), 120, every_s=0.1)
            time.sleep(rng.uniform(0.0, 0.3))
            _kill(system, VICTIMS[victim], rng)
        took = system.wait_until_done(len(system.keys), 90)
        measured(f"{moments} kills of {victim}, all done {took:.1f} s after the last restart, {_repeats(system)}")
        assert_nothing_lost_or_doubled(system)
    assert took <= recovery_s


def _kill(system: System, names: tuple[str, ...], rng: random.Random) -> None:
    if names:
        system.kill(*names)
        system.revive(*names)
    else:
        system.kill_worker_child(rng)


def _repeats(system: System) -> str:
    return f"{system.repeats()} events sent again under their id"
