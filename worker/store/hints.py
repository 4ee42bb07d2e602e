"""Hints: chats of which Market said that they moved, and when each is looked at next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, case, delete, select, update

from worker.store.messages import expect
from worker.store.records import MessageKey
from worker.store.schema import hints
from worker.store.upsert import insert

Chat = tuple[int, int]  # cabinet, chat


class Hints:
    """The hints' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        statement = insert(engine.dialect.name, hints)
        sooner = statement.excluded["look_at"]
        self._note = statement.on_conflict_do_update(
            index_elements=[hints.c.business_id, hints.c.chat_id],
            set_={"look_at": case((hints.c.look_at < sooner, hints.c.look_at), else_=sooner), "looks": 0},
        )

    def note(
        self, keys: Sequence[MessageKey], looks: Mapping[Chat, datetime], *, now: datetime, due_at: datetime
    ) -> None:
        """Take note of messages as `Messages.expect` does, and of when to look at chats, in one transaction."""
        rows = [
            {"business_id": chat[0], "chat_id": chat[1], "look_at": look_at, "looks": 0}
            for chat, look_at in sorted(looks.items())  # in one order, so that two writers do not lock each other out
        ]
        with self._engine.begin() as connection:
            expect(connection, keys, now=now, due_at=due_at)
            if rows:
                connection.execute(self._note, rows)

    def take_due(self, *, now: datetime, again_after: Sequence[timedelta], limit: int) -> list[Chat]:
        """Return chats that are to be looked at now, and put each off to its next look; after the last it is forgotten.

        `again_after` are the times from each look to the next.
        """
        due = select(hints).where(hints.c.look_at <= now).order_by(hints.c.look_at).limit(limit)
        due = due.with_for_update(skip_locked=True)
        with self._engine.begin() as connection:
            rows = connection.execute(due).all()
            for row in rows:
                this = _is((row.business_id, row.chat_id))
                if row.looks < len(again_after):
                    look_at = now + again_after[row.looks]
                    connection.execute(update(hints).where(this).values(look_at=look_at, looks=row.looks + 1))
                else:
                    connection.execute(delete(hints).where(this))
        return [(row.business_id, row.chat_id) for row in rows]

    def forget(self, chat: Chat) -> None:
        """Forget a chat: there is none of that number."""
        with self._engine.begin() as connection:
            connection.execute(delete(hints).where(_is(chat)))


def _is(chat: Chat) -> ColumnElement[bool]:
    return and_(hints.c.business_id == chat[0], hints.c.chat_id == chat[1])
