"""Sends: what was to be sent through Chatwarden, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, func, select, update

from worker.store.engine import for_reading
from worker.store.schema import sends


class Outcome(StrEnum):
    """What became of a message that was to be sent."""

    SENDING = "sending"  # asked of Market; should the process die now, nobody knows whether it was sent
    SENT = "sent"
    UNKNOWN = "unknown"  # the answer was lost: it may have been sent
    REFUSED = "refused"  # surely not sent: Market refused, or was not reached
    PREVENTED = "prevented"  # the rules flagged it


@dataclass(frozen=True, slots=True)
class Sending:
    """A message that is to be sent; of its text only the hash is kept, and what the rules found."""

    business_id: int
    chat_id: int
    text_hash: str
    caller: str
    findings: Sequence[dict[str, Any]]
    override_reason: str | None


class Sends:
    """The sends' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def prevent(self, sending: Sending, *, now: datetime) -> None:
        """Record a message that the rules kept from being sent."""
        with self._engine.begin() as connection:
            connection.execute(sends.insert().values(**_values(sending), outcome=Outcome.PREVENTED, created_at=now))

    def begin(self, sending: Sending, *, now: datetime, unless_unclear_since: datetime | None) -> int | None:
        """Record that a message is being sent, and return the record's id.

        None when it is not known whether the same text has reached the chat, as of a time: then nothing is recorded.
        """
        values = _values(sending)
        same = (sends.c[name] == values[name] for name in ("business_id", "chat_id", "text_hash"))
        unclear = select(sends.c.id).where(*same, sends.c.outcome.in_((Outcome.SENDING, Outcome.UNKNOWN)))
        record = sends.insert().values(**values, outcome=Outcome.SENDING, created_at=now).returning(sends.c.id)
        with self._engine.begin() as connection:
            if unless_unclear_since is not None:
                recent = unclear.where(sends.c.created_at >= unless_unclear_since)
                if connection.execute(recent.limit(1)).first():
                    return None
            send_id: int = connection.execute(record).scalar_one()
        return send_id

    def settle(self, send_id: int, outcome: Outcome) -> None:
        """Record what became of a message that was being sent."""
        with self._engine.begin() as connection:
            connection.execute(update(sends).where(sends.c.id == send_id).values(outcome=outcome))

    def count(self) -> dict[tuple[int, str, bool], int]:
        """Count by cabinet, outcome and whether the rules were overridden."""
        overridden = sends.c.override_reason.is_not(None)
        columns = (sends.c.business_id, sends.c.outcome, overridden)
        with self._reads.connect() as connection:
            rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
        return {(business_id, outcome, bool(by_override)): count for business_id, outcome, by_override, count in rows}


def _values(sending: Sending) -> dict[str, Any]:
    return {name: getattr(sending, name) for name in Sending.__slots__} | {"findings": list(sending.findings)}
