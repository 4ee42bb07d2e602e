"""Writing down what one look at a chat brought; all of it in the caller's transaction."""

import functools
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, or_
from sqlalchemy.dialects.sqlite import Insert

from worker.store.records import MessageKey, Reading, State
from worker.store.schema import chats, messages, reminders, requests, violations
from worker.store.upsert import insert


def record_reading(connection: Connection, reading: Reading, now: datetime) -> list[int]:
    """Write a reading; what is known already stays as it is. Returns the ids of the violations that are new."""
    _record_context(connection, reading)
    record_requests(connection, reading.business_id, reading.requests)
    _record_messages(connection, reading, now)
    _record_reminders(connection, reading)
    return _record_violations(connection, reading, now)


def _record_context(connection: Connection, reading: Reading) -> None:
    if reading.context is not None:
        values = {name: getattr(reading.context, name) for name in _CONTEXT}
        where = {"business_id": reading.business_id, "chat_id": reading.chat_id}
        connection.execute(_upsert_context(connection.engine.dialect.name), {**where, **values})


def record_requests(connection: Connection, business_id: int, spent: Mapping[str, int]) -> None:
    """Add to the requests that were spent on a cabinet, by method."""
    for method, count in spent.items():
        values = {"business_id": business_id, "method": method, "count": count}
        connection.execute(_add_requests(connection.engine.dialect.name), values)


def _record_messages(connection: Connection, reading: Reading, now: datetime) -> None:
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
        for message in sorted(reading.messages, key=lambda message: message.message_id)  # one order for all who lock
    ]
    if rows:
        connection.execute(_upsert_messages(connection.engine.dialect.name), rows)


# Built once for each kind of database: building a statement takes longer than SQLite takes to answer it.
_CONTEXT = ("context_type", "order_id", "return_id")
_VERDICT = ("state", "created_at", "sender", "text", "file_names", "rule_set", "judged_at", "attempts")
_NO_LONGER = dict.fromkeys(("claimed_by", "claimed_until", "retry_at", "troubled_since", "last_error"))


@functools.cache
def _upsert_context(dialect: str) -> Insert:
    statement = insert(dialect, chats)
    return statement.on_conflict_do_update(
        index_elements=[chats.c.business_id, chats.c.chat_id],
        set_={name: statement.excluded[name] for name in _CONTEXT},
    )


@functools.cache
def _add_requests(dialect: str) -> Insert:
    statement = insert(dialect, requests)
    return statement.on_conflict_do_update(
        index_elements=[requests.c.business_id, requests.c.method],
        set_={"count": requests.c.count + statement.excluded["count"]},
    )


@functools.cache
def _upsert_messages(dialect: str) -> Insert:
    statement = insert(dialect, messages)
    return statement.on_conflict_do_update(
        index_elements=[messages.c.business_id, messages.c.chat_id, messages.c.message_id],
        set_={**{name: statement.excluded[name] for name in _VERDICT}, **_NO_LONGER},
        where=or_(messages.c.state != State.JUDGED, messages.c.rule_set != statement.excluded["rule_set"]),
    )


def _record_reminders(connection: Connection, reading: Reading) -> None:
    for message in reading.messages:
        if message.is_reminder:
            key = MessageKey(reading.business_id, reading.chat_id, message.message_id)
            statement = insert(connection.engine.dialect.name, reminders).values(
                **key._asdict(), created_at=message.created_at
            )
            connection.execute(statement.on_conflict_do_nothing())


def _record_violations(connection: Connection, reading: Reading, now: datetime) -> list[int]:
    new: list[int] = []
    for found in reading.violations:
        statement = insert(connection.engine.dialect.name, violations).values(
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
