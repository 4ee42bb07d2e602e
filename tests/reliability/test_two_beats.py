"""Two schedules at once: twice the ticks, and nothing done twice."""

from collections.abc import Callable
from pathlib import Path

from tests.commands import CHATWARDEN
from tests.reliability.system import assert_nothing_lost_or_doubled, running_system


def test_two_beats_do_no_harm(tmp_path: Path, measured: Callable[[str], None]) -> None:
    with running_system(tmp_path, chats=20, messages_a_chat=20, sweep_every_s="10") as system:
        system.start("second beat", *CHATWARDEN, "beat")
        system.wait_until_done(len(system.keys), 60)  # by sweeps alone
        assert_nothing_lost_or_doubled(system)
        alive = [bool(system.processes(name)) for name in ("beat", "second beat")]
        measured(f"{system.requests()} requests, both alive: {alive}")
        assert alive == [True, True]
