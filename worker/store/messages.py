"""Messages: who may judge one, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, or_, select, tuple_, update

from worker.store.records import ChatContext, Claim, JudgedMessage, MessageKey, Reading, State
from worker.store.schema import chats, messages, reminders, requests, violations
from worker.store.upsert import insert

NOTHING_SPENT: Mapping[str, int] = MappingProxyType({})


class Messages:
    """The messages' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(
        self, key: MessageKey, owner: str, *, rule_set: str, now: datetime, lease: timedelta, max_attempts: int
    ) -> Claim:
        """Ask for the right to judge a message, for `lease`; the same `owner` may ask again.

        A claim counts as an attempt until `record`, `wait`, `miss` or `fail` brings it to an end: a message that
        kills its judge again and again is EXHAUSTED after `max_attempts`.
        """
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            known = connection.execute(
                select(messages.c.state, messages.c.rule_set, messages.c.attempts).where(_is(key))
            ).first()
        if known and _settled(known.state, known.rule_set, rule_set):
            return Claim.SETTLED
        fresh = {"claimed_by": owner, "claimed_until": now + lease}
        statement = insert(self._engine, messages).values(
            **key._asdict(), state=State.WAITING, first_seen_at=now, attempts=1, **fresh
        )
        statement = statement.on_conflict_do_update(
            index_elements=[messages.c.business_id, messages.c.chat_id, messages.c.message_id],
            # An old rule set's verdict waits to be replaced, so that it is taken up again if that cannot be done now.
            set_={**fresh, "state": State.WAITING, "attempts": messages.c.attempts + 1},
            where=and_(
                or_(messages.c.state == State.WAITING, messages.c.rule_set != rule_set),
                or_(
                    messages.c.claimed_until.is_(None),
                    messages.c.claimed_until < now,
                    messages.c.claimed_by == owner,
                ),
            ),
        )
        with self._engine.begin() as connection:
            taken = connection.execute(statement.returning(messages.c.attempts)).first()
        if taken is None:
            return Claim.BUSY
        return Claim.EXHAUSTED if taken.attempts > max_attempts else Claim.TAKEN

    def record(self, reading: Reading, *, now: datetime) -> list[int]:
        """Write all that one look at a chat brought, in one transaction.

        Messages that have a verdict of the same rule set and violations that are known stay as they are. Returns the
        ids of the violations that are new.
        """
        with self._engine.begin() as connection:
            self._record_context(connection, reading)
            self._record_requests(connection, reading.business_id, reading.requests)
            self._record_messages(connection, reading, now)
            self._record_reminders(connection, reading)
            return self._record_violations(connection, reading, now)

    def wait(
        self, key: MessageKey, *, reason: str, retry_at: datetime, spent: Mapping[str, int] = NOTHING_SPENT
    ) -> None:
        """Put a message back: it could not be judged for a reason outside it, which is no attempt."""
        with self._engine.begin() as connection:
            self._record_requests(connection, key.business_id, spent)
            self._release(connection, key, last_error=reason, retry_at=retry_at, attempts=messages.c.attempts - 1)

    def break_off(self, key: MessageKey, *, reason: str, retry_at: datetime) -> None:
        """Put a message back whose judging broke: the attempt counts."""
        with self._engine.begin() as connection:
            self._release(connection, key, last_error=reason, retry_at=retry_at)

    def miss(self, key: MessageKey, *, reason: str, spent: Mapping[str, int] = NOTHING_SPENT) -> None:
        """Record that Market does not know the message: final."""
        with self._engine.begin() as connection:
            self._record_requests(connection, key.business_id, spent)
            self._release(connection, key, state=State.MISSING, last_error=reason)

    def fail(self, key: MessageKey, *, reason: str | None = None, spent: Mapping[str, int] = NOTHING_SPENT) -> None:
        """Give a message up; `reason` None keeps the last error."""
        with self._engine.begin() as connection:
            self._record_requests(connection, key.business_id, spent)
            self._release(connection, key, state=State.FAILED, **({"last_error": reason} if reason else {}))

    def take_due(self, *, now: datetime, hold: timedelta, limit: int) -> list[MessageKey]:
        """Return waiting messages whose time has come, and hold them back from the next call for `hold`."""
        due = (
            select(messages.c.business_id, messages.c.chat_id, messages.c.message_id)
            .where(
                messages.c.state == State.WAITING,
                or_(messages.c.retry_at.is_(None), messages.c.retry_at <= now),
                or_(messages.c.claimed_until.is_(None), messages.c.claimed_until < now),
            )
            .order_by(messages.c.retry_at, messages.c.message_id)
            .limit(limit)
        )
        with self._engine.begin() as connection:
            keys = [MessageKey(*row) for row in connection.execute(due)]
            for key in keys:
                connection.execute(update(messages).where(_is(key)).values(retry_at=now + hold))
        return keys

    def first_seen_at(self, key: MessageKey) -> datetime:
        """Return when the store first heard of a message that it knows."""
        with self._engine.connect() as connection:
            seen: datetime = connection.execute(select(messages.c.first_seen_at).where(_is(key))).scalar_one()
        return seen

    def context(self, business_id: int, chat_id: int) -> ChatContext | None:
        """Return what the chat is about, or None when it was never read."""
        columns = (chats.c.context_type, chats.c.order_id, chats.c.return_id)
        query = select(*columns).where(chats.c.business_id == business_id, chats.c.chat_id == chat_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return ChatContext(*row) if row else None

    def shop_messages_around(
        self, business_id: int, chat_id: int, first: int, last: int, *, limit: int
    ) -> tuple[list[JudgedMessage], list[JudgedMessage]]:
        """Return the shop's kept messages before id `first` and after id `last`, at most `limit` each, oldest first."""
        kept = select(messages).where(
            messages.c.business_id == business_id, messages.c.chat_id == chat_id, messages.c.text.is_not(None)
        )
        before = kept.where(messages.c.message_id < first).order_by(messages.c.message_id.desc()).limit(limit)
        after = kept.where(messages.c.message_id > last).order_by(messages.c.message_id).limit(limit)
        with self._engine.connect() as connection:
            earlier = [_judged_message(row) for row in connection.execute(before)]
            later = [_judged_message(row) for row in connection.execute(after)]
        return earlier[::-1], later

    def settled(self, keys: Sequence[MessageKey]) -> int:
        """Count how many of these messages are no longer waiting."""
        done = 0
        with self._engine.connect() as connection:
            for at in range(0, len(keys), 300):  # SQLite's limit of variables a statement
                key = tuple_(messages.c.business_id, messages.c.chat_id, messages.c.message_id)
                among = key.in_(keys[at : at + 300])
                query = select(func.count()).where(among, messages.c.state != State.WAITING)
                done += connection.execute(query).scalar_one()
        return done

    def _record_context(self, connection: Connection, reading: Reading) -> None:
        if reading.context is None:
            return
        values = {
            "context_type": reading.context.context_type,
            "order_id": reading.context.order_id,
            "return_id": reading.context.return_id,
        }
        statement = insert(self._engine, chats).values(
            business_id=reading.business_id, chat_id=reading.chat_id, **values
        )
        connection.execute(
            statement.on_conflict_do_update(index_elements=[chats.c.business_id, chats.c.chat_id], set_=values)
        )

    def _record_requests(self, connection: Connection, business_id: int, spent: Mapping[str, int]) -> None:
        for method, count in spent.items():
            statement = insert(self._engine, requests).values(business_id=business_id, method=method, count=count)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[requests.c.business_id, requests.c.method], set_={"count": requests.c.count + count}
                )
            )

    def _record_messages(self, connection: Connection, reading: Reading, now: datetime) -> None:
        rows = [
            {
                "business_id": reading.business_id,
                "chat_id": reading.chat_id,
                "message_id": message.message_id,
                "state": State.JUDGED,
                "first_seen_at": now,
                "created_at": message.created_at,
                "sender": message.sender,
                "text": message.text,
                "file_names": list(message.file_names) or None,
                "rule_set": reading.rule_set,
                "judged_at": now,
                "attempts": 0,
            }
            for message in reading.messages
        ]
        if not rows:
            return
        statement = insert(self._engine, messages)
        replaced = ("state", "created_at", "sender", "text", "file_names", "rule_set", "judged_at", "attempts")
        statement = statement.on_conflict_do_update(
            index_elements=[messages.c.business_id, messages.c.chat_id, messages.c.message_id],
            set_={
                **{name: statement.excluded[name] for name in replaced},
                "claimed_by": None,
                "claimed_until": None,
                "retry_at": None,
                "last_error": None,
            },
            where=or_(messages.c.state != State.JUDGED, messages.c.rule_set != reading.rule_set),
        )
        connection.execute(statement, rows)

    def _record_reminders(self, connection: Connection, reading: Reading) -> None:
        for message in reading.messages:
            if message.is_reminder:
                key = MessageKey(reading.business_id, reading.chat_id, message.message_id)
                statement = insert(self._engine, reminders).values(**key._asdict(), created_at=message.created_at)
                connection.execute(statement.on_conflict_do_nothing())

    def _record_violations(self, connection: Connection, reading: Reading, now: datetime) -> list[int]:
        new: list[int] = []
        for found in reading.violations:
            statement = insert(self._engine, violations).values(
                business_id=reading.business_id,
                chat_id=reading.chat_id,
                message_id=found.message_id,
                rule=found.rule,
                start=found.start,
                end=found.end,
                category=found.category,
                severity=found.severity,
                confidence=found.confidence,
                evidence=found.evidence,
                reason=found.reason,
                created_at=found.created_at,
                found_at=now,
                status="open",
            )
            new.extend(connection.execute(statement.on_conflict_do_nothing().returning(violations.c.id)).scalars())
        return new

    def _release(self, connection: Connection, key: MessageKey, **values: object) -> None:
        connection.execute(
            update(messages).where(_is(key)).values(claimed_by=None, claimed_until=None, **{"retry_at": None, **values})
        )


def _is(key: MessageKey) -> ColumnElement[bool]:
    return and_(
        messages.c.business_id == key.business_id,
        messages.c.chat_id == key.chat_id,
        messages.c.message_id == key.message_id,
    )


def _judged_message(row: Row[Any]) -> JudgedMessage:
    return JudgedMessage(row.message_id, row.created_at, row.sender, row.text, tuple(row.file_names or ()))


def _settled(state: str, judged_by: str | None, rule_set: str) -> bool:
    return state in {State.MISSING, State.FAILED} or (state == State.JUDGED and judged_by == rule_set)
