"""How long what the shop wrote is kept."""

from datetime import datetime, timedelta

from worker.settings import Settings
from worker.store import Store


def delete_old(store: Store, settings: Settings, *, now: datetime) -> None:
    """Delete texts and violations whose time is over; the store records how much of what."""
    texts, violations = (
        now - timedelta(days=days) for days in (settings.keep_texts_days, settings.keep_violations_days)
    )
    store.retention.delete_texts(before=texts, now=now)
    store.retention.delete_steps(before=texts, now=now)
    store.retention.delete_violations(before=violations, now=now)
    for report in (settings.data_dir / "reports").glob("audit-*"):
        if report.stat().st_mtime < texts.timestamp():
            report.unlink()
