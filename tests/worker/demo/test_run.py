"""`chatwarden demo` as a user runs it."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.commands import CHATWARDEN
from tests.sentry_sink import SentrySink
from worker.store import Store

DEMO = [*CHATWARDEN, "demo"]
DEADLINE_S = 90.0


def start(folder: Path, **environment: str) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHATWARDEN_", "SENTRY_"))}
    return subprocess.Popen(
        DEMO,
        cwd=folder,
        env={**inherited, **environment, "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return all processes that run in a folder of ours, whoever their parent is."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def test_it_reports_each_violation_once_and_leaves_nothing_behind(tmp_path: Path, sentry_sink: SentrySink) -> None:
    process = start(tmp_path, SENTRY_DSN=sentry_sink.dsn)
    printed, _ = process.communicate(timeout=DEADLINE_S)

    assert process.returncode == 0, printed
    assert processes_of(tmp_path) == []
    store = Store.open(f"sqlite:///{tmp_path}/chatwarden-data/demo/chatwarden.sqlite")
    found = list(store.violations.find())
    (total,) = (sum(row.judged for row in rows) for rows in [store.figures.status([])])
    store.close()
    assert total >= 2000
    assert found
    assert sorted(event["event_id"] for event in sentry_sink.violations) == sorted(
        {event["event_id"] for event in sentry_sink.violations}
    )
    assert len(sentry_sink.violations) == len(found)
    assert sentry_sink.faults == []
    assert re.search(rf"messages judged +│ {total}", printed)
    assert re.search(rf"alerts sent +│ {len(found)} to Sentry", printed)
    assert "⟦" in printed
    assert "chatwarden up" in printed
    assert re.search(r"Doors, while it runs: http://127.0.0.1:\d+/docs", printed)


@pytest.mark.parametrize(("number", "after_s"), [(signal.SIGTERM, 1.0), (signal.SIGINT, 3.0), (signal.SIGTERM, 5.0)])
def test_it_leaves_no_process_behind_when_it_is_stopped(tmp_path: Path, number: int, after_s: float) -> None:
    process = start(tmp_path)
    time.sleep(after_s)  # a moment of the run, not a wait for something

    process.send_signal(number)
    process.communicate(timeout=DEADLINE_S)

    assert process.returncode in {128 + number, -number}
    assert processes_of(tmp_path) == []


def test_it_keeps_off_a_folder_that_is_not_a_demo(tmp_path: Path) -> None:
    kept = tmp_path / "chatwarden-data" / "demo" / "letters.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")

    process = start(tmp_path)
    printed, _ = process.communicate(timeout=DEADLINE_S)

    assert process.returncode == 2
    assert printed.count("\n") == 1
    assert "holds something else than a demo; move it away" in printed
    assert kept.read_text() == "mine"
