"""Market failing at random: nothing is lost, and no storm of requests makes it worse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system

MOST_MORE = 1.6
FAULTS: dict[str, dict[str, Any]] = {
    "answers 500": {"status": 500},
    "does not answer in time": {"delay_s": 3},
    "cuts connections": {"cut": "inside"},
    "answers broken JSON": {"body": "truncated"},
    "answers 420": {"status": 420},
}
ALWAYS = ("answers 500", "answers 420")


@pytest.mark.parametrize(
    "fault", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.slow) for name in FAULTS]
)
def test_faults_of_market_lose_nothing_and_raise_no_storm(
    tmp_path: Path, measured: Callable[[str], None], fault: str
) -> None:
    spent = []
    for faults in ({}, FAULTS[fault]):
        folder = tmp_path / f"with {len(faults)} faults"
        folder.mkdir()
        with running_system(folder, chats=60, messages_a_chat=10, market_timeout_s="1") as system:
            if faults:
                system.market.fail(probability=0.3, **faults)
            system.enqueue(system.keys)
            took = system.wait_until_done(len(system.keys), 120)
            spent.append(system.requests())
            assert_nothing_lost_or_doubled(system)
    measured(f"{spent[1]} requests instead of {spent[0]}, {spent[1] / spent[0]:.2f} times, {took:.1f} s")
    assert spent[1] <= MOST_MORE * spent[0]
