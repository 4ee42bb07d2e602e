"""Redis lost: killed and restarted empty, or away while ids come in."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system
from tests.waiting import until
from worker.store import State


def test_one_sweep_finds_all_that_an_empty_redis_has_lost(
    tmp_path: Path, rng: random.Random, measured: Callable[[str], None]
) -> None:
    with running_system(tmp_path, chats=50, messages_a_chat=20) as system:
        system.enqueue(system.keys[: len(system.keys) // 2])  # the others never come
        time.sleep(rng.uniform(0.0, 2.0))
        system.kill("redis")
        system.wipe_redis()
        system.revive("redis")

        swept = system.command("sweep")

        assert swept.returncode == 0, swept.stderr
        measured(f"{system.states()[State.WAITING]} wait after the sweep, {swept.stdout.strip()}")
        system.wait_until_done(1000, 30)
        assert_nothing_lost_or_doubled(system)


@pytest.mark.slow
def test_ids_that_come_while_redis_is_away_wait_in_the_store(tmp_path: Path, measured: Callable[[str], None]) -> None:
    with running_system(tmp_path, chats=10, messages_a_chat=20) as system:
        system.enqueue(system.keys[:20])
        until(lambda: system.judged(20))  # worker and beat are up
        system.kill("redis")

        taken = system.enqueue(system.keys[20:])

        assert (taken.returncode, taken.stdout) == (0, "180 taken, 0 refused\n")
        assert taken.stderr == "chatwarden: Redis does not answer; the ids wait in the store until it is back\n"
        assert system.states() == Counter({State.JUDGED: 20, State.WAITING: 180})
        system.revive("redis")
        took = system.wait_until_done(200, 60)
        measured(f"180 ids done {took:.1f} s after Redis came back")
        assert_nothing_lost_or_doubled(system)
        assert took <= 15
