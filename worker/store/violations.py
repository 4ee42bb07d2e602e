"""Violations: what was found, and what of it was reported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, and_, func, select

from worker.store.engine import for_reading
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
        self._reads = for_reading(engine)

    def find(self, which: Filter = Filter()) -> Iterator[Violation]:
        """Yield violations, oldest first, a page at a time."""
        query = _narrow(everything(), which).order_by(violations.c.id).limit(PAGE)
        last = 0
        while True:
            with self._reads.connect() as connection:
                rows = connection.execute(query.where(violations.c.id > last)).all()
            yield from map(violation_of, rows)
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    def count(self) -> int:
        """Count all violations."""
        with self._reads.connect() as connection:
            return connection.execute(select(func.count()).select_from(violations)).scalar_one()

    def count_unreported(self) -> int:
        """Count the violations whose alert has not arrived."""
        query = select(func.count()).select_from(violations).where(violations.c.reported_at.is_(None))
        with self._reads.connect() as connection:
            return connection.execute(query).scalar_one()


def everything() -> Select[Any]:
    """Return the query of all violations with what else is known of each."""
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


def violation_of(row: Row[Any]) -> Violation:
    """Build a violation of a row of `everything`."""
    fields = {name: getattr(row, name) for name in Violation.__slots__}
    return Violation(**{**fields, "file_names": tuple(row.file_names or ())})
