"""Scheduled audits: begun on their day, gone on with by whichever worker is free, told of at their end."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from worker.alerts import DeliveryError
from worker.audit.auditor import Auditor, Period
from worker.audit.outcome import Outcome, gather
from worker.audit.telling import LONGEST, Schedule, Teller
from worker.settings import Settings
from worker.store import Audit, Store, UnderWayError

logger = logging.getLogger(__name__)

AUDIT, DIGEST = "audit", "digest"
AT_REST = timedelta(seconds=15)  # an audit that did not move for so long has no next step in the queue


class Rounds:
    """The scheduled audits of all cabinets.

    Args:
        settings: the cabinets, and when they are audited.
        store: how far the audits have come.
        auditor: does the work.
        teller: tells Sentry.
    """

    def __init__(self, settings: Settings, store: Store, auditor: Auditor, teller: Teller) -> None:
        self._settings = settings
        self._store = store
        self._auditor = auditor
        self._teller = teller
        crontabs = {AUDIT: settings.audit_schedule, DIGEST: settings.digest_schedule}
        self._schedules = {name: Schedule(name, due, settings.time_zone) for name, due in crontabs.items()}

    def begin(self, name: str) -> list[tuple[str, int]]:
        """Begin the audits of a schedule ("audit" or "digest"); return run and cabinet of each.

        A cabinet that has another audit under way is left out: its messages are being read already.
        """
        period = period_of(name, datetime.now(UTC), self._settings.zone)
        numbers = [cabinet.business_id for cabinet in self._settings.cabinets]
        while numbers:
            try:
                run_id = self._auditor.open(numbers, period, scheduled=True)
            except UnderWayError as error:
                logger.warning("the scheduled %s leaves cabinet %s out: %s", name, error.business_id, error)
                numbers.remove(error.business_id)
            else:
                with _told_later():
                    self._teller.begun(run_id, self._schedules[name])
                return [(run_id, number) for number in numbers]
        return []

    def at_rest(self) -> list[tuple[str, int]]:
        """Return the audits that wait for their next step, as after trouble or a crash; give up what takes too long."""
        now = datetime.now(UTC)
        waiting = []
        for audit in (one for one in self._store.audits.under_way() if one.scheduled):
            if audit.started_at < now - LONGEST:
                self._store.audits.give_up(audit, trouble=audit.trouble or "it took too long", now=now)
            elif audit.moved_at < now - AT_REST and (audit.claimed_until is None or audit.claimed_until < now):
                waiting.append((audit.run_id, audit.business_id))
        return waiting

    def tell(self) -> None:
        """Write the reports of audits that ended, and tell of them and of what Market saw first."""
        with _told_later():
            self._teller.misses()
        for run_id in self._store.audits.untold():
            outcome = gather(self._store, run_id, self._settings.name_of)
            schedule = self._schedule_of(self._store.audits.run(run_id))
            if schedule:
                self._write(outcome)
            with _told_later():
                self._teller.ended(outcome, schedule)

    def _schedule_of(self, audits: Iterable[Audit]) -> Schedule | None:
        asked = next(audit.asked for audit in audits)
        return next((schedule for name, schedule in self._schedules.items() if asked == _asked(name)), None)

    def _write(self, outcome: Outcome) -> None:
        from worker.report.files import FORMATS, write
        from worker.report.page import Reader

        reader = Reader(self._settings.language, self._settings.zone)
        write(outcome, FORMATS, self._settings.data_dir / "reports", reader)


@contextmanager
def _told_later() -> Iterator[None]:
    """Leave what does not arrive at Sentry to the next time."""
    try:
        yield
    except DeliveryError as error:
        logger.warning("Sentry could not be told of an audit: %s", error)


def period_of(name: str, now: datetime, zone: ZoneInfo) -> Period:
    """Return what a schedule's audit is of: yesterday and today so far, or the seven days before today."""
    today = datetime.combine(now.astimezone(zone), time_of_day(), zone)
    if name == DIGEST:
        return Period(today - timedelta(days=7), today, _asked(name))
    return Period(today - timedelta(days=1), now, _asked(name))


def _asked(name: str) -> str:
    return f"schedule: {name}"
