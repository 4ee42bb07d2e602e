"""The database locked or lost: tasks wait or go back to the queue unacknowledged, and nothing is lost."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres_server import PostgresServer
from tests.reliability.system import assert_nothing_lost_or_doubled, running_system
from tests.waiting import until


# Writers wait for half a minute; what is locked for longer sends the tasks back to the queue.
@pytest.mark.parametrize("locked_s", [3, pytest.param(45, marks=pytest.mark.slow)])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_locked_database_loses_nothing(tmp_path: Path, measured: Callable[[str], None], locked_s: float) -> None:
    with running_system(tmp_path, chats=40, messages_a_chat=10) as system:
        system.market.fail(delay_s=0.5)  # so that much is left to do when the lock is had, however busy the machine
        system.enqueue(system.keys)
        until(lambda: system.judged(1))
        with closing(sqlite3.connect(tmp_path / "chatwarden.sqlite", isolation_level=None)) as another:
            another.execute("BEGIN EXCLUSIVE")
            time.sleep(locked_s)
            assert not system.judged(len(system.keys))
            system.market.heal()
            another.execute("ROLLBACK")
        took = system.wait_until_done(len(system.keys), 60)
        measured(f"all done {took:.1f} s after {locked_s} s of lock")
        assert_nothing_lost_or_doubled(system)


@pytest.mark.parametrize("away_s", [2, pytest.param(45, marks=pytest.mark.slow)])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_killed_database_loses_nothing(
    tmp_path: Path, measured: Callable[[str], None], postgres: PostgresServer, away_s: float
) -> None:
    with running_system(tmp_path, chats=40, messages_a_chat=10) as system:
        system.enqueue(system.keys)
        until(lambda: system.judged(1))
        postgres.kill()
        time.sleep(away_s)
        postgres.revive()
        took = system.wait_until_done(len(system.keys), 60)
        measured(f"all done {took:.1f} s after {away_s} s without PostgreSQL")
        assert_nothing_lost_or_doubled(system)
