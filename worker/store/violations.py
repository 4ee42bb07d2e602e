"""Violations: what was found, and what of it was reported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, Select, and_, func, or_, select, update

from worker.store.records import Violation
from worker.store.schema import chats, messages, violations

PAGE = 500  # rows read at a time


@dataclass(frozen=True, slots=True)
class Filter:
    """Which violations are meant; what is None or empty does not narrow. Times are of the message's writing."""

    business_id: int | None = None
    chat_id: int | None = None
    rule: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Violations:
    """The violations' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, which: Filter = Filter()) -> Iterator[Violation]:
        """Yield violations, oldest first, a page at a time."""
        query = _narrow(_everything(), which).order_by(violations.c.id).limit(PAGE)
        last = 0
        while True:
            with self._engine.connect() as connection:
                rows = connection.execute(query.where(violations.c.id > last)).all()
            yield from map(_violation, rows)
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    def unreported(self, *, now: datetime, limit: int) -> list[int]:
        """Return the ids of violations that nobody has reported or is reporting, oldest first."""
        query = (
            select(violations.c.id)
            .where(violations.c.reported_at.is_(None), _free(now))
            .order_by(violations.c.found_at, violations.c.id)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def claim_alert(self, violation_id: int, *, now: datetime, lease: timedelta) -> Violation | None:
        """Take the right to report a violation, for `lease`; None when it is reported or being reported."""
        taken = (
            update(violations)
            .where(violations.c.id == violation_id, violations.c.reported_at.is_(None), _free(now))
            .values(alert_claimed_until=now + lease)
        )
        with self._engine.begin() as connection:
            if connection.execute(taken).rowcount == 0:
                return None
            return _violation(connection.execute(_everything().where(violations.c.id == violation_id)).one())

    def mark_reported(self, violation_id: int, *, now: datetime) -> None:
        """Record that the alert has arrived."""
        self._set(violation_id, reported_at=now, alert_claimed_until=None)

    def release_alert(self, violation_id: int, *, retry_at: datetime) -> None:
        """Put an alert that did not arrive back until `retry_at`."""
        self._set(violation_id, alert_claimed_until=retry_at)

    def count(self) -> int:
        """Count all violations."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(violations)).scalar_one()

    def count_unreported(self) -> int:
        """Count the violations whose alert has not arrived."""
        query = select(func.count()).select_from(violations).where(violations.c.reported_at.is_(None))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def _set(self, violation_id: int, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(violations).where(violations.c.id == violation_id).values(**values))


def _free(now: datetime) -> Any:
    return or_(violations.c.alert_claimed_until.is_(None), violations.c.alert_claimed_until < now)


def _everything() -> Select[Any]:
    same_chat = and_(violations.c.business_id == chats.c.business_id, violations.c.chat_id == chats.c.chat_id)
    same_message = and_(
        violations.c.business_id == messages.c.business_id,
        violations.c.chat_id == messages.c.chat_id,
        violations.c.message_id == messages.c.message_id,
    )
    joined = violations.outerjoin(chats, same_chat).outerjoin(messages, same_message)
    return select(violations, chats.c.order_id, messages.c.text, messages.c.file_names).select_from(joined)


def _narrow(query: Select[Any], which: Filter) -> Select[Any]:
    for column, value in (
        (violations.c.business_id, which.business_id),
        (violations.c.chat_id, which.chat_id),
        (violations.c.rule, which.rule),
    ):
        if value is not None:
            query = query.where(column == value)
    if which.since is not None:
        query = query.where(violations.c.created_at >= which.since)
    if which.until is not None:
        query = query.where(violations.c.created_at < which.until)
    return query


def _violation(row: Row[Any]) -> Violation:
    fields = {name: getattr(row, name) for name in Violation.__slots__}
    return Violation(**{**fields, "file_names": tuple(row.file_names or ())})
