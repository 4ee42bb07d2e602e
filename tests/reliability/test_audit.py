"""An audit of a whole history: killed in the middle it ends as if it had not been, and all its reports say the same."""

import csv
import io
import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.commands import CHATWARDEN
from tests.reliability.system import System, running_system
from tests.waiting import until

MOST_BYTES = 400 * 1024**2
YEAR = ("--since", "400d", "--format", "html,csv,json")


@pytest.mark.slow
@pytest.mark.parametrize(("chats", "messages"), [(40, 40), (500, 200)], ids=["1,600", "100,000"])
def test_an_audit_killed_in_the_middle_ends_with_the_same_report(
    tmp_path: Path, measured: Callable[[str], None], chats: int, messages: int
) -> None:
    with running_system(tmp_path, chats=chats, messages_a_chat=messages, days=360, start=[]) as system:
        began = time.monotonic()
        system.start("audit", *CHATWARDEN, "audit", *YEAR, "--out", str(tmp_path / "killed"))
        until(lambda: _read(system) > chats * 0.4, timeout_s=600)
        system.kill("audit")
        before = time.monotonic() - began
        assert 0 < _read(system) < chats

        began = time.monotonic()
        system.start("audit", *CHATWARDEN, "audit", *YEAR, "--out", str(tmp_path / "again"))
        peak = _peak_of(system.processes("audit")[-1])
        after = time.monotonic() - began
        again = _report(tmp_path / "again")
        system.start("audit", *CHATWARDEN, "audit", *YEAR, "--until", again["until"], "--out", str(tmp_path / "whole"))
        _peak_of(system.processes("audit")[-1])
        whole = _report(tmp_path / "whole")

        took = f"{before:.0f} s to the kill and {after:.0f} s after it"
        measured(f"{chats * messages} messages in {took}, {peak / 1024**2:.0f} MiB at most")
        assert again["cabinets"] == whole["cabinets"]
        assert again["totals"]["messages"] == chats * messages
        assert again["totals"]["judged"] == again["totals"]["partner_messages"] == chats * messages // 2
        found = {(one["chat_id"], one["message_id"], one["rule"]) for one in again["cabinets"][0]["violations"]}
        assert found == {(chat, message, rule) for _, chat, message, rule in system.expected()}
        assert peak < MOST_BYTES
    _assert_all_formats_agree(tmp_path / "again", again)


def _assert_all_formats_agree(folder: Path, report: dict[str, Any]) -> None:
    [html], [sheet] = folder.glob("*.html"), folder.glob("*.csv")
    shown = re.findall(r'data-figure="(\w+)">([\d\s]+)<', html.read_text())
    assert {name: int(re.sub(r"\s", "", figure)) for name, figure in shown} == {
        name: report["totals"][name] for name, _ in shown
    }
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig")), delimiter=";"))
    [cabinet] = [row for row in rows if row["kind"] == "cabinet"]
    assert int(cabinet["judged"]) == report["totals"]["judged"]
    assert sum(row["kind"] == "violation" for row in rows) == report["totals"]["violations"]


def _read(system: System) -> int:
    """Return how many chats the audit under way has read."""
    return sum(system.store.audits.progress(audit.run_id, 1)[0] for audit in system.store.audits.under_way())


def _report(folder: Path) -> dict[str, Any]:
    [path] = folder.glob("*.json")
    report: dict[str, Any] = json.loads(path.read_text())
    return report


def _peak_of(process: psutil.Process) -> int:
    """Return the most memory that a process has until its end."""
    peak = 0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        peak = max(peak, process.memory_info().rss)
        threading.Event().wait(0.2)
    return peak
