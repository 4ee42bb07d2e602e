"""Economy: a burst of ids of the same chats is read as history."""

from collections.abc import Callable
from pathlib import Path

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system


def test_a_thousand_ids_of_fifty_chats_cost_few_requests(tmp_path: Path, measured: Callable[[str], None]) -> None:
    with running_system(tmp_path, chats=50, messages_a_chat=20, start=["worker"]) as system:
        system.enqueue(system.keys)
        took = system.wait_until_done(1000, 60)
        measured(f"{system.requests()} requests, {took:.1f} s")
        assert system.requests() <= 120
        assert_nothing_lost_or_doubled(system)
