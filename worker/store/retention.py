"""What is kept no longer: texts and violations after their time, a chat on request. Every deletion is recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, null, select, update

from worker.store.engine import for_reading
from worker.store.schema import audited_chats, audits, chats, deletions, hints, messages, reminders, sends, violations


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted: what had been written before a time, or what belonged to a chat."""

    deleted_at: datetime
    what: str
    count: int
    before: datetime | None
    business_id: int | None
    chat_id: int | None


class Retention:
    """The part of the store that deletes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def delete_texts(self, *, before: datetime, now: datetime) -> int:
        """Delete the texts that the shop wrote before a time; return of how many messages. Verdicts stay."""
        old = (messages.c.created_at < before, messages.c.text.is_not(None))
        with self._engine.begin() as connection:
            # SQL's NULL: the JSON null would be a text that is kept.
            count = connection.execute(update(messages).where(*old).values(text=None, file_names=null())).rowcount
            _record(connection, "texts", count, now, before=before)
        return count

    def delete_violations(self, *, before: datetime, now: datetime) -> int:
        """Delete the violations that the shop wrote, or wanted to, before a time; return how many."""
        with self._engine.begin() as connection:
            count = connection.execute(delete(violations).where(violations.c.created_at < before)).rowcount
            count += connection.execute(delete(sends).where(sends.c.created_at < before)).rowcount
            _record(connection, "violations", count, now, before=before)
        return count

    def delete_steps(self, *, before: datetime, now: datetime) -> int:
        """Delete what ended audits noted chat by chat; the audits themselves stay, with their figures."""
        ended = select(audits.c.run_id).where(audits.c.started_at < before, audits.c.under_way.is_(None))
        with self._engine.begin() as connection:
            count = connection.execute(delete(audited_chats).where(audited_chats.c.run_id.in_(ended))).rowcount
            _record(connection, "audit steps", count, now, before=before)
        return count

    def forget_chat(self, business_id: int, chat_id: int, *, now: datetime) -> int:
        """Delete all that is known of a chat; return of how many messages.

        Only its number and that of its last message stay, so that it is not read in again.
        """
        with self._engine.begin() as connection:
            mine = messages.c.business_id == business_id, messages.c.chat_id == chat_id
            last = connection.execute(select(func.max(messages.c.message_id)).where(*mine)).scalar_one()
            count = 0
            for table in (violations, reminders, hints, sends, messages):
                of_chat = table.c.business_id == business_id, table.c.chat_id == chat_id
                count = connection.execute(delete(table).where(*of_chat)).rowcount
            if last is not None:
                gone = {"context_type": None, "order_id": None, "return_id": None, "forgotten_up_to": last}
                is_chat = chats.c.business_id == business_id, chats.c.chat_id == chat_id
                connection.execute(update(chats).where(*is_chat).values(**gone))
            _record(connection, "chat", count, now, business_id=business_id, chat_id=chat_id)
        return count

    def forgotten_up_to(self, business_id: int, chat_id: int) -> int:
        """Return the last message of a chat that was forgotten; 0 where none was."""
        is_chat = chats.c.business_id == business_id, chats.c.chat_id == chat_id
        with self._reads.connect() as connection:
            return connection.execute(select(chats.c.forgotten_up_to).where(*is_chat)).scalar_one_or_none() or 0

    def deletions(self) -> Iterator[Deletion]:
        """Yield what was deleted, oldest first."""
        columns = [deletions.c[name] for name in Deletion.__slots__]
        with self._reads.connect() as connection:
            rows = connection.execute(select(*columns).order_by(deletions.c.id)).all()
        return (Deletion(*row) for row in rows)


def _record(connection: Connection, what: str, count: int, now: datetime, **about: object) -> None:
    if count:
        connection.execute(deletions.insert().values(what=what, count=count, deleted_at=now, **about))
