"""Market failing at random: nothing is lost, and no storm of requests makes it worse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system

MOST_MORE = 1.6
FOR_A_WHILE = {"status": 500, "count": 24}
AT_RANDOM: dict[str, dict[str, Any]] = {
    "answers 500": {"status": 500},
    "does not answer in time": {"delay_s": 3},
    "cuts connections": {"cut": "inside"},
    "answers broken JSON": {"body": "truncated"},
    "answers 420": {"status": 420},
}


@pytest.mark.parametrize(
    ("chats", "fault"),
    [
        pytest.param(160, FOR_A_WHILE, id="answers 500 for a while"),
        *(
            pytest.param(320, {**fault, "probability": 0.3}, marks=pytest.mark.slow, id=name)
            for name, fault in AT_RANDOM.items()
        ),
    ],
)
def test_faults_of_market_lose_nothing_and_raise_no_storm(
    tmp_path: Path, measured: Callable[[str], None], chats: int, fault: dict[str, Any]
) -> None:
    with running_system(tmp_path, chats=chats, messages_a_chat=5, market_timeout_s="1") as system:
        half = len(system.keys) // 2
        system.enqueue(system.keys[:half])
        system.wait_until_done(half, 60)
        without = system.requests()
        system.market.fail(**fault)
        system.enqueue(system.keys[half:])
        took = system.wait_until_done(2 * half, 120)
        spent = system.requests() - without
        measured(f"{spent} requests instead of {without}, {spent / without:.2f} times, {took:.1f} s")
        assert_nothing_lost_or_doubled(system)
    assert spent <= MOST_MORE * without
