import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.worker.store.records import found, reading, said
from worker import retention
from worker.settings import Settings
from worker.store import Store


def test_what_is_old_goes_each_after_its_own_time(
    store: Store, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(keep_texts_days=10, keep_violations_days=30, data_dir=tmp_path)
    reports = tmp_path / "reports"
    reports.mkdir()
    old, new = reports / "audit-old.html", reports / "audit-new.html"
    now = datetime.now(UTC)
    for path, age in ((old, 11), (new, 9)):
        path.touch()
        time = (now - timedelta(days=age)).timestamp()
        os.utime(path, (time, time))
    message = said()
    store.messages.record(reading(message, violations=(found(),)), now=now)
    retention.delete_old(store, settings, now=message.created_at + timedelta(days=20))
    assert [one.what for one in store.retention.deletions()] == ["texts"]
    retention.delete_old(store, settings, now=message.created_at + timedelta(days=40))
    assert [one.what for one in store.retention.deletions()] == ["texts", "violations"]
    retention.delete_old(store, settings, now=now)
    assert list(reports.iterdir()) == [new]
