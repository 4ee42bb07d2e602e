import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.worker.doctor.conftest import See
from worker.doctor import machine
from worker.doctor.diagnosis import State


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_all_is_well(see: See, tmp_path: Path) -> None:
    folder, disk, clock = see(machine.examine)
    assert folder == (State.OK, "data folder", f"{tmp_path}/chatwarden-data can be written")
    assert disk[:2] == (State.OK, "disk")
    assert clock == (State.OK, "clock", "within 30 s of Market's")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("free", "state"), [(50 << 20, State.WRONG), (500 << 20, State.WARNING)])
def test_a_disk_that_fills_up(see: See, environment: pytest.MonkeyPatch, free: int, state: State) -> None:
    environment.setattr("shutil.disk_usage", lambda path: Usage(1 << 40, 0, free))
    _, disk, _ = see(machine.examine)
    assert disk[0] == state
    assert re.search(r"\d\.\d GiB free where .*; (make room|move)", disk[2])


def test_a_data_folder_that_is_none(see: See) -> None:
    Path("file").touch()
    assert see(machine.examine, CHATWARDEN_DATA_DIR="file")[0][0] is State.WRONG


def test_a_clock_that_goes_wrong(see: See, environment: pytest.MonkeyPatch) -> None:
    environment.setattr(machine, "SKEW_S", -1.0)
    state, _, said = see(machine.examine)[2]
    assert state is State.WRONG
    assert re.fullmatch(r"the clock is \d s (ahead of|behind) Market's; let it be set .*", said)


def test_a_market_that_cannot_be_reached(see: See) -> None:
    state, _, said = see(machine.examine, CHATWARDEN_MARKET_URL="http://127.0.0.1:1")[2]
    assert state is State.WRONG
    assert said.startswith("127.0.0.1 does not answer (ConnectError); see that this machine reaches it")
