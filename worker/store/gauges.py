"""Gauges: what monitors ask of the store."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, extract, func, select

from worker.store.engine import for_reading
from worker.store.records import State
from worker.store.schema import messages, violations

PARTNER = "PARTNER"
# Reasons as they are told, and what they are called: a label must not have as many values as there are times.
_REASONS = (
    (re.compile(r"HTTP (\d{3})"), r"http_\1"),
    (re.compile(r"no answer"), "no_answer"),
    (re.compile(r"not in the settings"), "unknown_cabinet"),
    (re.compile(r"while judging"), "judging_broke"),
    (re.compile(r"Api-Key"), "key"),
)


@dataclass(frozen=True, slots=True)
class Delays:
    """How long something took: how often up to each bound, in seconds and not summed up, and all of it in seconds."""

    counts: Mapping[float, int]
    total_s: float


class Gauges:
    """The monitors' part of the store: reads only."""

    def __init__(self, engine: Engine) -> None:
        self._reads = for_reading(engine)
        self._sqlite = engine.dialect.name == "sqlite"

    def judged(self) -> dict[tuple[int, str], int]:
        """Count the shop's judged messages by cabinet and verdict, "violation" or "clean"."""
        all_of_them = select(messages.c.business_id, func.count()).where(
            messages.c.state == State.JUDGED, messages.c.sender == PARTNER
        )
        guilty = select(violations.c.business_id, violations.c.chat_id, violations.c.message_id).distinct().subquery()
        found = {}
        with self._reads.connect() as connection:
            by_cabinet = select(guilty.c.business_id, func.count()).group_by(guilty.c.business_id)
            flagged = {row[0]: row[1] for row in connection.execute(by_cabinet)}
            for business_id, count in connection.execute(all_of_them.group_by(messages.c.business_id)):
                found[business_id, "violation"] = flagged.get(business_id, 0)
                found[business_id, "clean"] = count - flagged.get(business_id, 0)
        return found

    def violations(self) -> dict[tuple[int, str], int]:
        """Count the violations by cabinet and rule."""
        columns = (violations.c.business_id, violations.c.rule)
        return {(row[0], row[1]): row[2] for row in self._rows(select(*columns, func.count()).group_by(*columns))}

    def waiting(self) -> Counter[tuple[int, str]]:
        """Count the waiting messages by cabinet and reason; "queued" are those that nothing stands against."""
        columns = (messages.c.business_id, messages.c.last_error)
        query = select(*columns, func.count()).where(messages.c.state == State.WAITING).group_by(*columns)
        found: Counter[tuple[int, str]] = Counter()
        for business_id, reason, count in self._rows(query):
            found[business_id, _called(reason)] += count
        return found

    def oldest_waiting(self) -> dict[int, datetime]:
        """Return since when the oldest unjudged message of each cabinet waits."""
        query = select(messages.c.business_id, func.min(messages.c.first_seen_at)).where(
            messages.c.state == State.WAITING
        )
        return {row[0]: row[1] for row in self._rows(query.group_by(messages.c.business_id))}

    def oldest_unreported(self) -> datetime | None:
        """Return when the oldest violation was found whose alert has not arrived."""
        query = select(func.min(violations.c.found_at)).where(violations.c.reported_at.is_(None))
        found: datetime | None = self._rows(query)[0][0]
        return found

    def alert_delays(self, bounds: Sequence[float]) -> Delays:
        """Measure from the writing of a message to the arrival of its alert; the last of `bounds` is infinity."""
        took = self._seconds(violations.c.reported_at) - self._seconds(violations.c.created_at)
        bucket = case(*((took <= bound, at) for at, bound in enumerate(bounds[:-1])), else_=len(bounds) - 1)
        query = select(bucket, func.count(), func.sum(took)).where(violations.c.reported_at.is_not(None))
        rows = self._rows(query.group_by(bucket))
        return Delays({bounds[row[0]]: row[1] for row in rows}, sum(float(row[2]) for row in rows))

    def _seconds(self, time: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.julianday(time) * 86_400 if self._sqlite else extract("epoch", time)

    def _rows(self, query: Any) -> Sequence[Any]:
        with self._reads.connect() as connection:
            rows: Sequence[Any] = connection.execute(query).all()
        return rows


def _called(reason: str | None) -> str:
    if reason is None:
        return "queued"
    for pattern, name in _REASONS:
        if told := pattern.search(reason):
            return told.expand(name)
    return "other"
