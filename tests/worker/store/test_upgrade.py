"""A database that the first schema made, brought to the newest: what a shop has must survive every version.

`data_folder_0001.sql` was written by the code of that time: two chats of eight messages, judged, two violations, one
of them with an alert, and a message that waits.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.store import MessageKey, Store, revisions

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as old:
        old.executescript((Path(__file__).parent / "data_folder_0001.sql").read_text(encoding="utf-8"))
    return f"sqlite:///{tmp_path}/old.sqlite"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    before, newest = revisions(url)
    assert before == "0001" != newest
    store = Store.open(url)
    assert revisions(url) == (newest, newest)
    yield store
    store.close()


def test_all_that_was_there_is_there(store: Store) -> None:
    [cabinet] = store.figures.status([])
    assert (cabinet.judged, cabinet.waiting, cabinet.violations, cabinet.unsent_alerts) == (16, 1, 2, 2)
    assert cabinet.requests == {"getChatHistory": 2}
    assert [(found.chat_id, found.message_id, found.rule) for found in store.violations.find()] == [
        (1, 8, "contact-request"),
        (2, 16, "contact-request"),
    ]
    assert store.sweeps.last_finished(1) == datetime(2026, 11, 1, tzinfo=UTC)


def test_work_goes_on_where_it_was(store: Store) -> None:
    due = store.messages.take_due(now=NOW, hold=timedelta(minutes=1), limit=10)
    assert due == [MessageKey(1, 9, 900)]
    store.alerts.prepare_all(digest_above=500, now=NOW)
    alerts = store.alerts.due(now=NOW, limit=10)
    told = [one for alert in alerts for one in store.alerts.claim(alert, now=NOW, lease=timedelta(minutes=1))]
    assert sorted(violation.message_id for violation in told) == [8, 16]
    assert len(alerts) == 2
