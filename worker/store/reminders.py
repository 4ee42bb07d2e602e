"""Market's reminders, and what stood before each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, exists, select, update

from worker.store.engine import for_reading
from worker.store.records import MessageKey, State
from worker.store.schema import messages, reminders, violations


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message of Market's that reminds the shop of the policy.

    Attributes:
        key: of Market's message.
        created_at: when Market sent it.
        of: the shop's message in which something was found last before it.
        reported_at: when what was found last before it was reported; None where that is not done.
    """

    key: MessageKey
    created_at: datetime
    of: MessageKey | None
    reported_at: datetime | None

    @property
    def missed(self) -> bool:
        """Whether nothing had been found."""
        return self.of is None

    @property
    def ahead_s(self) -> float | None:
        """By how many seconds the report came before Market; negative when it came after, None without a report."""
        return (self.created_at - self.reported_at).total_seconds() if self.reported_at else None


class Reminders:
    """The reminders' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def find(self, business_id: int, *, since: datetime, until: datetime) -> Iterator[Reminder]:
        """Yield the reminders of a cabinet from a period, oldest first."""
        in_period = and_(reminders.c.created_at >= since, reminders.c.created_at < until)
        query = select(reminders).where(reminders.c.business_id == business_id, in_period)
        with self._reads.connect() as connection:
            rows = connection.execute(query.order_by(reminders.c.created_at, reminders.c.message_id)).all()
            for row in rows:
                key = MessageKey(row.business_id, row.chat_id, row.message_id)
                yield _measured(connection, key, row.created_at)

    def untold(self, *, limit: int) -> list[Reminder]:
        """Return reminders that nobody has looked at, oldest first, unless a message before them still waits."""
        waits = exists().where(
            messages.c.business_id == reminders.c.business_id,
            messages.c.chat_id == reminders.c.chat_id,
            messages.c.message_id < reminders.c.message_id,
            messages.c.state == State.WAITING,
        )
        query = select(reminders).where(reminders.c.told_at.is_(None), ~waits).order_by(reminders.c.created_at)
        with self._reads.connect() as connection:
            rows = connection.execute(query.limit(limit)).all()
            return [_measured(connection, MessageKey(*row[:3]), row.created_at) for row in rows]

    def mark_told(self, key: MessageKey, *, now: datetime) -> None:
        """Note that a reminder was looked at, and told of if it was a miss."""
        is_it = [reminders.c[name] == value for name, value in key._asdict().items()]
        with self._engine.begin() as connection:
            connection.execute(update(reminders).where(*is_it).values(told_at=now))


def _measured(connection: Connection, key: MessageKey, created_at: datetime) -> Reminder:
    begin = _begin(connection, key)
    before = and_(
        violations.c.business_id == key.business_id,
        violations.c.chat_id == key.chat_id,
        violations.c.message_id > begin,
        violations.c.message_id < key.message_id,
    )
    query = select(violations.c.message_id, violations.c.reported_at).where(before)
    rows = connection.execute(query.order_by(violations.c.message_id.desc())).all()
    last = [row.reported_at for row in rows if row.message_id == rows[0].message_id and row.reported_at]
    guilty = key._replace(message_id=rows[0].message_id) if rows else None
    return Reminder(key, created_at, guilty, min(last, default=None))


def _begin(connection: Connection, key: MessageKey) -> int:
    """Return after which message the shop wrote what Market reminds of: after the reminder before it.

    Two reminders with nothing of the shop's between them are of the same words.
    """
    in_chat = (messages.c.business_id == key.business_id, messages.c.chat_id == key.chat_id)
    said = select(messages.c.message_id).where(*in_chat, messages.c.text.is_not(None))
    last = said.where(messages.c.message_id < key.message_id).order_by(messages.c.message_id.desc()).limit(1)
    earlier = select(reminders.c.message_id).where(
        reminders.c.business_id == key.business_id,
        reminders.c.chat_id == key.chat_id,
        reminders.c.message_id < last.scalar_subquery(),
    )
    return connection.execute(earlier.order_by(reminders.c.message_id.desc()).limit(1)).scalar_one_or_none() or 0
