"""Alerts: which violations one Sentry event tells of, and whether Sentry has taken it.

What an alert tells of is settled before it is sent for the first time and never changes: a repeat after a crash is the
same event under the same id, which Sentry takes once.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, bindparam, func, or_, select, update

from worker.store.engine import for_reading
from worker.store.records import Violation
from worker.store.schema import UtcDateTime, alerts, violations
from worker.store.violations import everything, violation_of

# Asked for every alert, so built once.
_NOW = bindparam("now", type_=UtcDateTime)
_UNSENT = and_(alerts.c.sent_at.is_(None), or_(alerts.c.claimed_until.is_(None), alerts.c.claimed_until < _NOW))
_THIS = alerts.c.id == bindparam("alert")
_ITS = violations.c.alert_id == bindparam("alert")
_UNPREPARED = select(func.count()).select_from(violations).where(violations.c.alert_id.is_(None))
_SENT_SINCE = select(func.count()).select_from(alerts).where(alerts.c.sent_at > bindparam("time"))
_DUE = select(alerts.c.id).where(_UNSENT).order_by(alerts.c.created_at, alerts.c.id).limit(bindparam("most"))
_CLAIM = update(alerts).where(_THIS, _UNSENT).values(claimed_until=bindparam("lease_end", type_=UtcDateTime))
_TOLD = everything().where(_ITS).order_by(violations.c.id)
_MARK_SENT = (
    update(alerts).where(_THIS).values(sent_at=_NOW, claimed_until=None),
    update(violations).where(_ITS).values(reported_at=_NOW),
)


class Alerts:
    """The alerts' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def prepare(self, violation_id: int, *, now: datetime) -> str | None:
        """Make the alert of one violation and return its id; None when it has one."""
        with self._engine.begin() as connection:
            return _prepare(connection, [violation_id], now)

    def prepare_all(self, *, digest_above: int, now: datetime) -> None:
        """Make alerts of all violations that have none: one each, or where there are many one a chat and rule."""
        columns = (violations.c.id, violations.c.business_id, violations.c.chat_id, violations.c.rule)
        query = select(*columns).where(violations.c.alert_id.is_(None), violations.c.reported_at.is_(None))
        with self._engine.begin() as connection:
            rows = connection.execute(query.order_by(violations.c.found_at, violations.c.id)).all()
            groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
            for row in rows:
                alone = len(rows) <= digest_above
                groups[(row.id,) if alone else (row.business_id, row.chat_id, row.rule)].append(row.id)
            for group in groups.values():
                _prepare(connection, group, now)

    def unprepared(self) -> int:
        """Count the violations that have no alert yet."""
        with self._reads.connect() as connection:
            return connection.execute(_UNPREPARED).scalar_one()

    def due(self, *, now: datetime, limit: int) -> list[str]:
        """Return the ids of alerts that nobody has sent or is sending, oldest first."""
        with self._reads.connect() as connection:
            return list(connection.execute(_DUE, {"now": now, "most": limit}).scalars())

    def sent_since(self, time: datetime) -> int:
        """Count the alerts sent after a time."""
        with self._reads.connect() as connection:
            return connection.execute(_SENT_SINCE, {"time": time}).scalar_one()

    def claim(self, alert_id: str, *, now: datetime, lease: timedelta) -> list[Violation]:
        """Take the right to send an alert, for `lease`; return its violations, none when it is sent or being sent."""
        which = {"alert": alert_id}
        with self._engine.begin() as connection:
            if connection.execute(_CLAIM, {**which, "now": now, "lease_end": now + lease}).rowcount == 0:
                return []
            return [violation_of(row) for row in connection.execute(_TOLD, which)]

    def mark_sent(self, alert_id: str, *, now: datetime) -> None:
        """Record that an alert has arrived, and so its violations are reported."""
        with self._engine.begin() as connection:
            for statement in _MARK_SENT:
                connection.execute(statement, {"alert": alert_id, "now": now})

    def release(self, alert_id: str) -> None:
        """Put an alert back that did not arrive."""
        with self._engine.begin() as connection:
            connection.execute(update(alerts).where(alerts.c.id == alert_id).values(claimed_until=None))


def _prepare(connection: Connection, violation_ids: Iterable[int], now: datetime) -> str | None:
    alert_id = uuid.uuid4().hex
    chosen = violations.c.id.in_(list(violation_ids)), violations.c.alert_id.is_(None)
    if connection.execute(update(violations).where(*chosen).values(alert_id=alert_id)).rowcount == 0:
        return None
    connection.execute(alerts.insert().values(id=alert_id, created_at=now))
    return alert_id
