"""Whether the work gets done: queue, store, keys, sweeps, alerts; and since when what is wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from worker.app import broker_url
from worker.broker import require_redis
from worker.errors import OperatorError
from worker.settings import Settings
from worker.store import WHOLE_CABINET, Store

SWEEP_LATE = 3  # times the interval of sweeps, and half an hour for the sweep itself
SWEEP_TAKES = timedelta(minutes=30)
ALERT_LATE = timedelta(minutes=10)


class Check(BaseModel):
    """One thing that must work; `since` is when it was first found to be wrong, or began to be."""

    ok: bool
    detail: str
    since: datetime | None = None


class Readiness(BaseModel):
    """All checks, by what they look at."""

    ready: bool
    checks: dict[str, Check]


class Inspector:
    """Looks at everything, and remembers since when what is wrong."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._wrong_since: dict[str, datetime] = {}
        self._started = datetime.now(UTC)

    def look(self) -> Readiness:
        """Check everything now."""
        checks = {"queue": self._queue()}
        try:
            checks |= dict(self._of_store())
            checks["store"] = Check(ok=True, detail="answers")
        except SQLAlchemyError as error:
            checks["store"] = Check(ok=False, detail=f"cannot be read: {type(error).__name__}")
        dated = {name: self._dated(name, check) for name, check in checks.items()}
        return Readiness(ready=all(check.ok for check in dated.values()), checks=dated)

    def _dated(self, name: str, check: Check) -> Check:
        if check.ok:
            self._wrong_since.pop(name, None)
            return check
        since = self._wrong_since.setdefault(name, check.since or datetime.now(UTC))
        return check.model_copy(update={"since": since})

    def _queue(self) -> Check:
        try:
            require_redis(broker_url(self._settings))
        except OperatorError as error:
            return Check(ok=False, detail=str(error))
        return Check(ok=True, detail="Redis answers")

    def _of_store(self) -> Iterator[tuple[str, Check]]:
        for cabinet in self._settings.cabinets:
            yield f"cabinet {cabinet.business_id}", self._cabinet(cabinet.business_id)
            yield f"sweep {cabinet.business_id}", self._sweep(cabinet.business_id)
        yield "alerts", self._alerts()

    def _cabinet(self, business_id: int) -> Check:
        cabinet = self._settings.cabinet(business_id)
        try:
            if cabinet:
                cabinet.read_key()
        except OperatorError as error:
            return Check(ok=False, detail=str(error))
        pause = self._store.pauses.find(business_id, WHOLE_CABINET)
        if pause:
            return Check(ok=False, detail=pause.reason, since=pause.since)
        return Check(ok=True, detail="the key works as far as is known")

    def _sweep(self, business_id: int) -> Check:
        last = self._store.sweeps.last_finished(business_id)
        latest = timedelta(seconds=self._settings.sweep_every_s) * SWEEP_LATE + SWEEP_TAKES
        if datetime.now(UTC) - max(last or self._started, self._started) > latest:
            return Check(ok=False, detail=f"no sweep was finished for {latest}; see workers and beat", since=last)
        return Check(ok=True, detail=f"the last one ended {last.isoformat()}" if last else "the first one is not done")

    def _alerts(self) -> Check:
        oldest = self._store.gauges.oldest_unreported()
        if oldest and datetime.now(UTC) - oldest > ALERT_LATE:
            unsent = self._store.violations.count_unreported()
            return Check(ok=False, detail=f"{unsent} violations are not reported; see SENTRY_DSN", since=oldest)
        return Check(ok=True, detail="reported")
