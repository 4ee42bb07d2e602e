"""`chatwarden up` is asked to stop with work in hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.system import assert_nothing_lost_or_doubled, up_in
from tests.waiting import until

PROMISED_S = 10.0


@pytest.mark.parametrize("market_takes_s", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_asked_to_stop_with_work_in_hand_it_ends_in_time(
    tmp_path: Path, measured: Callable[[str], None], market_takes_s: float
) -> None:
    with up_in(tmp_path, chats=20, messages_a_chat=10) as system:
        system.market.fail(delay_s=market_takes_s)
        system.enqueue(system.keys)
        until(lambda: bool(system.stats()["max_in_flight"]))

        took = system.stop("up")

        measured(f"ended {took:.1f} s after SIGTERM, {PROMISED_S - took:.1f} s before its time")
        assert took <= PROMISED_S
        system.market.heal()
        system.revive("up")
        system.wait_until_done(len(system.keys), 60)
        assert_nothing_lost_or_doubled(system)
