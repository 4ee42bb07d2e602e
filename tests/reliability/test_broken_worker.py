"""Celery's worker may end by itself when Redis is lost at a bad moment: Chatwarden's begins again and still stops."""

import sys
from pathlib import Path

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system

GRACE_S = 10


def test_a_worker_that_broke_begins_again_and_stops_when_asked(tmp_path: Path) -> None:
    with running_system(tmp_path, chats=5, messages_a_chat=8, start=[]) as system:
        system.start("worker", sys.executable, "-m", "tests.reliability.broken_worker", "worker")
        system.enqueue(system.keys)
        system.wait_until_done(len(system.keys), 60)
        assert_nothing_lost_or_doubled(system)

        assert system.stop("worker") <= GRACE_S
        assert "has no attribute 'hostname'" in (tmp_path / "worker.log").read_text()
