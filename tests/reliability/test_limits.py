"""Market's documented limits are never exceeded, however many processes work."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system


@pytest.mark.parametrize(
    ("chats", "messages"), [(100, 20), pytest.param(500, 40, marks=pytest.mark.slow)], ids=["2,000", "20,000"]
)
def test_eight_processes_never_see_a_420(
    tmp_path: Path, measured: Callable[[str], None], chats: int, messages: int
) -> None:
    with running_system(
        tmp_path, chats=chats, messages_a_chat=messages, limits="{}", start=["beat"], worker_processes="8"
    ) as system:
        system.market.fail(delay_s=0.05)  # so that requests are in flight at the same time
        system.start("worker")
        system.enqueue(system.keys)
        took = system.wait_until_done(chats * messages, 400)
        stats = system.stats()
        (most,) = stats["max_in_flight"].values()
        measured(f"answers {stats['answers']}, at most {most} in flight, {took:.0f} s")
        assert "420" not in stats["answers"]
        assert most <= 4
        assert_nothing_lost_or_doubled(system)
