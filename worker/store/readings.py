"""Writing down what one look at a chat brought; all of it in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, or_

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
    if reading.context is None:
        return
    values = {
        "context_type": reading.context.context_type,
        "order_id": reading.context.order_id,
        "return_id": reading.context.return_id,
    }
    statement = insert(connection.engine, chats).values(
        business_id=reading.business_id, chat_id=reading.chat_id, **values
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=[chats.c.business_id, chats.c.chat_id], set_=values)
    )


def record_requests(connection: Connection, business_id: int, spent: Mapping[str, int]) -> None:
    """Add to the requests that were spent on a cabinet, by method."""
    for method, count in spent.items():
        statement = insert(connection.engine, requests).values(business_id=business_id, method=method, count=count)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[requests.c.business_id, requests.c.method], set_={"count": requests.c.count + count}
            )
        )


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
        for message in reading.messages
    ]
    if not rows:
        return
    statement = insert(connection.engine, messages)
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


def _record_reminders(connection: Connection, reading: Reading) -> None:
    for message in reading.messages:
        if message.is_reminder:
            key = MessageKey(reading.business_id, reading.chat_id, message.message_id)
            statement = insert(connection.engine, reminders).values(**key._asdict(), created_at=message.created_at)
            connection.execute(statement.on_conflict_do_nothing())


def _record_violations(connection: Connection, reading: Reading, now: datetime) -> list[int]:
    new: list[int] = []
    for found in reading.violations:
        statement = insert(connection.engine, violations).values(
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
