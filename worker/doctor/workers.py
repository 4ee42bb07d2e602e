"""The processes: whether workers answer, work on every queue, and are given their schedule."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from kombu.exceptions import OperationalError
from redis import RedisError

from worker.app import QUEUES, app, broker_url
from worker.broker import require_redis
from worker.doctor.diagnosis import Diagnosis
from worker.errors import OperatorError
from worker.settings import Settings
from worker.store import Store, revisions

WORKERS, SCHEDULE = "workers", "schedule"
PATIENCE_S = 2.0
LATE = 3  # times the interval of sweeps, and half an hour for the sweep itself


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Ask the workers over the queue, and the store when the schedule last did its work."""
    try:
        require_redis(broker_url(settings))
        queues = app.control.inspect(timeout=PATIENCE_S).active_queues() or {}
    except OperatorError:
        return  # `queue` has said it
    except (OperationalError, RedisError, OSError) as error:
        yield Diagnosis.wrong(WORKERS, f"cannot be asked ({type(error).__name__})", "see that Redis runs")
        return
    worked_on = {queue["name"] for worker in queues.values() for queue in worker}
    if not queues:
        yield Diagnosis.wrong(WORKERS, "none answers", "start `chatwarden up`, or `chatwarden worker`")
    elif left := [queue for queue in QUEUES if queue not in worked_on]:
        names = ",".join(left)
        yield Diagnosis.wrong(WORKERS, f"none works on {names}", f"start `chatwarden worker -Q {names}`")
    else:
        yield Diagnosis.ok(WORKERS, f"{len(queues)} at work, every queue is worked on")
    if queues:
        yield from _schedule(settings)


def _schedule(settings: Settings) -> Iterator[Diagnosis]:
    revision, newest = revisions(settings.effective_database_url)
    if revision != newest:
        return  # `database` has said it
    due = datetime.now(UTC) - LATE * timedelta(seconds=settings.sweep_every_s) - timedelta(minutes=30)
    with closing(Store.open(settings.effective_database_url)) as store:
        swept = [(cabinet, store.sweeps.last_finished(cabinet.business_id)) for cabinet in settings.cabinets]
    late = [f"{cabinet.title} ({time:%Y-%m-%d %H:%M})" for cabinet, time in swept if time and time < due]
    if late:
        yield Diagnosis.warning(
            SCHEDULE, f"not swept as a whole for long: {', '.join(late)}", "see that `chatwarden beat` and workers run"
        )
    else:
        yield Diagnosis.ok(SCHEDULE, f"no cabinet's sweep is overdue ({len(swept)} watched)")
