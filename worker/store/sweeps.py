"""Sweeps: how far the reading of all of a cabinet's chats has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select, update

from worker.store.engine import for_reading
from worker.store.readings import record_requests
from worker.store.schema import chats, sweeps
from worker.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep that is under way; `page_token` is where it goes on, None at its beginning."""

    since: datetime
    started_at: datetime
    page_token: str | None


class Sweeps:
    """The sweeps' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def claim(self, business_id: int, owner: str, *, since: datetime, now: datetime, lease: timedelta) -> Sweep | None:
        """Take up the cabinet's sweep, or begin one that looks back to `since`; None while somebody else is at it."""
        fresh = {"claimed_by": owner, "claimed_until": now + lease}
        statement = insert(self._engine.dialect.name, sweeps).values(
            business_id=business_id, since=since, started_at=now, **fresh
        )
        statement = statement.on_conflict_do_update(
            index_elements=[sweeps.c.business_id],
            set_=fresh,
            where=or_(sweeps.c.claimed_until.is_(None), sweeps.c.claimed_until < now, sweeps.c.claimed_by == owner),
        )
        columns = (sweeps.c.since, sweeps.c.started_at, sweeps.c.page_token)
        with self._engine.begin() as connection:
            row = connection.execute(statement.returning(*columns)).first()
        return Sweep(*row) if row else None

    def prolong(self, business_id: int, owner: str, *, until: datetime) -> None:
        """Keep the claim that `owner` has."""
        mine = (sweeps.c.business_id == business_id, sweeps.c.claimed_by == owner)
        with self._engine.begin() as connection:
            connection.execute(update(sweeps).where(*mine).values(claimed_until=until))

    def begin_anew(self, business_id: int, *, since: datetime, now: datetime) -> None:
        """Let the claimed sweep start at its first page."""
        self._set(business_id, since=since, started_at=now, page_token=None)

    def turn_page(self, business_id: int, page_token: str) -> None:
        """Note that a page is done and let go of the claim."""
        self._set(business_id, page_token=page_token, claimed_by=None, claimed_until=None)

    def finish(self, business_id: int, *, now: datetime) -> None:
        """Note that all pages are done."""
        self._set(business_id, page_token=None, finished_at=now, claimed_by=None, claimed_until=None)

    def let_go(self, business_id: int) -> None:
        """Let go of the claim; the sweep goes on where it was."""
        self._set(business_id, claimed_by=None, claimed_until=None)

    def last_finished(self, business_id: int) -> datetime | None:
        """Return when the cabinet was last swept as a whole."""
        with self._reads.connect() as connection:
            return connection.execute(
                select(sweeps.c.finished_at).where(sweeps.c.business_id == business_id)
            ).scalar_one_or_none()

    def under_way(self, business_id: int) -> bool:
        """Whether a sweep was begun and is not whole."""
        begun = (sweeps.c.business_id == business_id, sweeps.c.page_token.is_not(None))
        with self._engine.connect() as connection:
            return connection.execute(select(sweeps.c.since).where(*begun)).first() is not None

    def chat(self, business_id: int, chat_id: int) -> tuple[datetime | None, int | None]:
        """Return the `updatedAt` at which a chat was last swept and the last message of that sweep."""
        query = select(chats.c.swept_at, chats.c.judged_up_to).where(
            chats.c.business_id == business_id, chats.c.chat_id == chat_id
        )
        with self._reads.connect() as connection:
            row = connection.execute(query).first()
        return (row.swept_at, row.judged_up_to) if row else (None, None)

    def record_chat(self, business_id: int, chat_id: int, *, swept_at: datetime, judged_up_to: int | None) -> None:
        """Note that all of a chat was read."""
        values: dict[str, object] = {"swept_at": swept_at}
        if judged_up_to is not None:
            values["judged_up_to"] = judged_up_to
        statement = insert(self._engine.dialect.name, chats).values(business_id=business_id, chat_id=chat_id, **values)
        with self._engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=[chats.c.business_id, chats.c.chat_id], set_=values)
            )

    def record_requests(self, business_id: int, spent: Mapping[str, int]) -> None:
        """Count requests that brought nothing to record."""
        with self._engine.begin() as connection:
            record_requests(connection, business_id, spent)

    def _set(self, business_id: int, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(sweeps).where(sweeps.c.business_id == business_id).values(**values))
