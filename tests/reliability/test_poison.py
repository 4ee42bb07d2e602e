"""A message whose judging kills the process: it is given up, told, and nothing else suffers."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.poisoned_worker import BEGUN, POISON
from tests.reliability.system import running_system
from tests.waiting import until
from worker.store import State

MOST_ATTEMPTS = 4


@pytest.mark.slow
@pytest.mark.parametrize("found_by", ["its id", "a sweep"])
def test_poison_is_given_up_after_four_attempts_and_all_others_are_judged(
    tmp_path: Path, measured: Callable[[str], None], found_by: str
) -> None:
    begun = tmp_path / "begun"
    with running_system(tmp_path, chats=3, messages_a_chat=16, start=["beat"], sweep_every_s="10") as system:
        poison = system.market.say(POISON, chat_id=2)
        after = system.market.say("Спасибо за заказ!", chat_id=2)
        keys = [*system.keys, poison, after]
        system.start(
            "worker", sys.executable, "-m", "tests.reliability.poisoned_worker", "worker", **{BEGUN: str(begun)}
        )

        if found_by == "its id":
            system.enqueue(keys)

        until(lambda: system.states() == Counter({State.JUDGED: len(keys) - 1, State.FAILED: 1}), 120)
        attempts = begun.stat().st_size
        measured(f"{attempts} attempts, found by {found_by}")
        assert attempts <= MOST_ATTEMPTS
        told = until(lambda: [event for event in system.sink.faults if "is given up" in json.dumps(event)])
        assert len(told) == 1
        assert f"Message {poison.message_id} of chat {poison.chat_id}" in json.dumps(told)

        retried = system.command("retry")
        assert retried.stdout == "1 messages wait to be judged again\n"
        until(lambda: system.states()[State.WAITING] == 1)
