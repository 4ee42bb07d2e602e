"""All processes of `chatwarden up` on a machine of 512 MB."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.memory import MIB, held
from tests.reliability.system import up_in

PROMISED = 400e6  # bytes


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process shares with others")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("processes", [1, 2])
def test_they_fit(
    tmp_path: Path, measured: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # what watches the lines takes memory too
    with up_in(tmp_path, worker_processes=processes) as system:
        system.enqueue(system.keys)
        system.wait_until_done(len(system.keys), 120)
        found = held(system)

    size = sum(bytes_ for _, bytes_ in found)
    measured(f"{processes} worker processes: {size / MIB:.0f} MiB")
    assert len(found) == 5 + processes  # up, redis, serve, beat, worker and its own
    assert size < PROMISED
