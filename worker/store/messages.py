"""Messages: who may judge one, and what became of it."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.sql.dml import ReturningInsert

from worker.store.engine import for_reading
from worker.store.readings import record_reading, record_requests
from worker.store.records import ChatContext, Claim, JudgedMessage, KeptChat, MessageKey, Reading, Standing, State
from worker.store.schema import UtcDateTime, chats, messages
from worker.store.upsert import insert

NOTHING_SPENT: Mapping[str, int] = MappingProxyType({})

_KEY = (messages.c.business_id, messages.c.chat_id, messages.c.message_id)

# What every message asks is built once: building a statement takes longer than SQLite takes to answer it.
_IN_CHAT = and_(messages.c.business_id == bindparam("at_business"), messages.c.chat_id == bindparam("at_chat"))
_IS = and_(_IN_CHAT, messages.c.message_id == bindparam("at_message"))
_CLAIMABLE = or_(
    messages.c.claimed_until.is_(None),
    messages.c.claimed_until < bindparam("now"),
    messages.c.claimed_by == bindparam("owner"),
)
_WAITS_IN_CHAT = and_(_IN_CHAT, messages.c.state == State.WAITING)
_STATE = select(messages.c.state, messages.c.rule_set, messages.c.claimed_by, messages.c.claimed_until).where(_IS)
_CLAIMABLE_IN_CHAT = select(messages.c.message_id, messages.c.attempts).where(_WAITS_IN_CHAT, _CLAIMABLE)
_CONTEXT = select(chats.c.context_type, chats.c.order_id, chats.c.return_id).where(
    chats.c.business_id == bindparam("at_business"), chats.c.chat_id == bindparam("at_chat")
)
_number = messages.c.message_id
_KEPT = select(_number, messages.c.created_at, messages.c.sender, messages.c.text, messages.c.file_names).where(
    _IN_CHAT, messages.c.text.is_not(None)
)
_AROUND = union_all(
    select(_KEPT.where(_number < bindparam("first")).order_by(_number.desc()).limit(bindparam("most")).subquery()),
    _KEPT.where(_number.between(bindparam("first"), bindparam("last"))),
    select(_KEPT.where(_number > bindparam("last")).order_by(_number).limit(bindparam("most")).subquery()),
)
_LOCK = select(func.pg_advisory_xact_lock(bindparam("chat", type_=BigInteger)))


class Messages:
    """The messages' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)
        self._claim = _claim(engine)

    def expect(self, keys: Sequence[MessageKey], *, now: datetime, due_at: datetime) -> None:
        """Take note of messages that are to be judged; should the queue lose them, they are taken up at `due_at`."""
        with self._engine.begin() as connection:
            expect(connection, keys, now=now, due_at=due_at)

    def claim(
        self, key: MessageKey, owner: str, *, rule_set: str, now: datetime, lease: timedelta, max_attempts: int
    ) -> Claim:
        """Ask for the right to judge a message, for `lease`; the same `owner` may ask again.

        A claim counts as an attempt until `record`, `wait`, `miss` or `fail` brings it to an end: a message that
        kills its judge again and again is EXHAUSTED after `max_attempts`.
        """
        with self._reads.connect() as connection:
            known = connection.execute(_STATE, _at(key)).first()
        if known and _settled(known.state, known.rule_set, rule_set):
            return Claim.SETTLED
        if known and known.claimed_by != owner and known.claimed_until is not None and known.claimed_until >= now:
            return Claim.BUSY
        values = {**key._asdict(), "now": now, "rules_now": rule_set, "owner": owner, "lease_end": now + lease}
        with self._engine.begin() as connection:
            taken = connection.execute(self._claim, values).first()
        if taken is None:
            return Claim.BUSY
        return Claim.EXHAUSTED if taken.attempts > max_attempts else Claim.TAKEN

    def claim_siblings(self, key: MessageKey, owner: str, *, now: datetime, lease: timedelta) -> list[int] | None:
        """Claim the other messages of the chat that wait, to be judged with the one that `owner` has claimed.

        An attempt for each of them, and only for those not begun before: whichever kills its judge, the next time each
        is judged alone. None when the asked one itself was begun before.
        """
        asked = {**_at(key), "now": now, "owner": owner}
        with self._reads.connect() as connection:
            waiting = connection.execute(_CLAIMABLE_IN_CHAT, asked).all()
        others = [row.message_id for row in waiting if row.message_id != key.message_id]
        begun_before = any(row.attempts > 1 for row in waiting if row.message_id == key.message_id)
        if not others:
            return None if begun_before else []
        claim = update(messages).where(_WAITS_IN_CHAT, _CLAIMABLE, messages.c.message_id != key.message_id)
        with self._writing(*key[:2]) as connection:
            if begun_before:
                mine = claim.where(messages.c.claimed_by == owner)
                connection.execute(mine.values(claimed_by=None, claimed_until=None), asked)
                return None
            fresh = {"claimed_by": owner, "claimed_until": now + lease, "attempts": 1}
            claimed = claim.where(messages.c.attempts == 0).values(**fresh).returning(messages.c.message_id)
            return list(connection.execute(claimed, asked).scalars())

    def claim_page(
        self,
        business_id: int,
        chat_id: int,
        ids: Sequence[int],
        owner: str,
        *,
        rule_set: str,
        now: datetime,
        lease: timedelta,
    ) -> list[int]:
        """Claim messages that were read without being asked for, an attempt for each; return which may be judged.

        Not those that have a verdict, that somebody else is at, or that were begun before and so are judged alone.
        """
        fresh = {"state": State.WAITING, "attempts": 1, "claimed_by": owner, "claimed_until": now + lease}
        chat = {"business_id": business_id, "chat_id": chat_id, "first_seen_at": now}
        statement = insert(self._engine.dialect.name, messages)
        statement = statement.on_conflict_do_update(
            index_elements=_KEY,
            set_=fresh,
            where=and_(
                or_(
                    and_(messages.c.state == State.WAITING, messages.c.attempts == 0),
                    and_(messages.c.state == State.JUDGED, messages.c.rule_set != rule_set),
                    messages.c.state == State.MISSING,  # Market knows it by now
                ),
                or_(messages.c.claimed_until.is_(None), messages.c.claimed_until < now, messages.c.claimed_by == owner),
            ),
        )
        rows = [{**chat, **fresh, "message_id": message_id} for message_id in sorted(ids)]
        if not rows:
            return []
        with self._writing(business_id, chat_id) as connection:
            return list(connection.execute(statement.returning(messages.c.message_id), rows).scalars())

    def record(self, reading: Reading, *, now: datetime, leftover: Sequence[int] = ()) -> list[int]:
        """Write all that one look at a chat brought, in one transaction.

        Messages that have a verdict of the same rule set and violations that are known stay as they are; claimed
        messages that it did not bring (`leftover`) are due at once. Returns the ids of the violations that are new.
        """
        with self._writing(reading.business_id, reading.chat_id) as connection:
            new = record_reading(connection, reading, now)
            self._release(connection, (reading.business_id, reading.chat_id), leftover, retry_at=now)
            return new

    def wait(
        self,
        key: MessageKey,
        *,
        reason: str,
        retry_at: datetime,
        troubled_since: datetime | None = None,
        spent: Mapping[str, int] = NOTHING_SPENT,
        siblings: Sequence[int] = (),
    ) -> None:
        """Put a message and its claimed siblings back: a reason outside them, which is no attempt.

        `troubled_since` is when the trouble began that their delay grows with, None where it does not: that neither
        begins a trouble nor ends one.
        """
        ids = [key.message_id, *siblings]
        since = func.coalesce(messages.c.troubled_since, literal(troubled_since, UtcDateTime))
        again = {"retry_at": retry_at, "troubled_since": since, "attempts": messages.c.attempts - 1}
        with self._writing(*key[:2]) as connection:
            record_requests(connection, key.business_id, spent)
            self._release(connection, key[:2], ids, last_error=reason, **again)

    def put_back(self, business_id: int, chat_id: int, ids: Sequence[int], *, now: datetime) -> None:
        """Put claimed messages back that could not be judged together: each is due to be judged alone."""
        with self._writing(business_id, chat_id) as connection:
            self._release(connection, (business_id, chat_id), ids, retry_at=now)

    def break_off(
        self, key: MessageKey, *, reason: str, retry_at: datetime, now: datetime, siblings: Sequence[int] = ()
    ) -> None:
        """Put a message back whose judging broke, and its siblings, which are due at once; the attempts count."""
        with self._writing(*key[:2]) as connection:
            self._release(connection, key[:2], [key.message_id], last_error=reason, retry_at=retry_at)
            self._release(connection, key[:2], siblings, retry_at=now)

    def miss(
        self,
        key: MessageKey,
        *,
        reason: str,
        spent: Mapping[str, int] = NOTHING_SPENT,
        siblings: Sequence[int] = (),
    ) -> None:
        """Record that Market does not know a message and these siblings: final."""
        with self._writing(*key[:2]) as connection:
            record_requests(connection, key.business_id, spent)
            ids = [key.message_id, *siblings]
            self._release(connection, key[:2], ids, state=State.MISSING, last_error=reason)

    def fail(self, key: MessageKey, *, reason: str | None = None, spent: Mapping[str, int] = NOTHING_SPENT) -> None:
        """Give a message up; `reason` None keeps the last error."""
        with self._writing(*key[:2]) as connection:
            record_requests(connection, key.business_id, spent)
            why = {"last_error": reason} if reason else {}
            self._release(connection, key[:2], [key.message_id], state=State.FAILED, **why)

    def retry_failed(self, business_id: int | None, *, now: datetime) -> int:
        """Let failed messages, of one cabinet or of all, wait again as if new; return how many."""
        again = update(messages).where(messages.c.state == State.FAILED)
        if business_id is not None:
            again = again.where(messages.c.business_id == business_id)
        with self._engine.begin() as connection:
            return connection.execute(again.values(state=State.WAITING, attempts=0, retry_at=now)).rowcount

    def take_due(
        self, *, now: datetime, hold: timedelta, limit: int, without: Collection[int] = ()
    ) -> list[MessageKey]:
        """Return waiting messages whose time has come, and hold them back from the next call for `hold`.

        Those of the cabinets `without` stay.
        """
        due = (
            select(*_KEY)
            .where(
                messages.c.state == State.WAITING,
                or_(messages.c.retry_at.is_(None), messages.c.retry_at <= now),
                or_(messages.c.claimed_until.is_(None), messages.c.claimed_until < now),
                messages.c.business_id.not_in(without),
            )
            .order_by(messages.c.retry_at, messages.c.message_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._engine.begin() as connection:
            keys = [MessageKey(*row) for row in connection.execute(due)]
            for key in keys:
                connection.execute(update(messages).where(_IS).values(retry_at=now + hold), _at(key))
        return keys

    def troubled_since(self, key: MessageKey) -> datetime | None:
        """Return since when Market fails a message, None where it does not."""
        query = select(messages.c.troubled_since).where(_IS)
        with self._reads.connect() as connection:
            since: datetime | None = connection.execute(query, _at(key)).scalar_one()
        return since

    def context(self, business_id: int, chat_id: int) -> ChatContext | None:
        """Return what the chat is about, or None when it was never read."""
        with self._reads.connect() as connection:
            row = connection.execute(_CONTEXT, {"at_business": business_id, "at_chat": chat_id}).first()
        return ChatContext(*row) if row else None

    def shop_messages_around(
        self, business_id: int, chat_id: int, first: int, last: int, *, limit: int
    ) -> list[JudgedMessage]:
        """Return the shop's kept messages from id `first` to id `last`, and at most `limit` before and after them."""
        asked = {"at_business": business_id, "at_chat": chat_id, "first": first, "last": last, "most": limit}
        with self._reads.connect() as connection:
            return [_judged_message(row) for row in connection.execute(_AROUND, asked)]

    def kept_chats(self, business_id: int, *, since: datetime) -> Iterator[KeptChat]:
        """Yield the chats in which the shop wrote since a time what is kept, each with all that is kept of it."""
        mine = (messages.c.business_id == business_id, messages.c.text.is_not(None))
        moved = select(messages.c.chat_id).where(*mine, messages.c.created_at >= since).distinct()
        with self._reads.connect() as connection:
            chat_ids = connection.execute(moved.order_by(messages.c.chat_id)).scalars().all()
        for chat_id in chat_ids:
            kept = select(messages).where(*mine, messages.c.chat_id == chat_id)
            with self._reads.connect() as connection:
                rows = connection.execute(kept.order_by(messages.c.created_at, messages.c.message_id)).all()
            context = self.context(business_id, chat_id) or ChatContext()
            yield KeptChat(business_id, chat_id, context, [_judged_message(row) for row in rows])

    def verdicts(self, business_id: int, chat_id: int) -> dict[int, Standing]:
        """Return what became of each message of a chat that the store knows."""
        columns = (messages.c.message_id, messages.c.state, messages.c.rule_set, messages.c.last_error)
        in_chat = {"at_business": business_id, "at_chat": chat_id}
        with self._reads.connect() as connection:
            rows = connection.execute(select(*columns).where(_IN_CHAT), in_chat)
            return {row.message_id: Standing(State(row.state), row.rule_set, row.last_error) for row in rows}

    def settled(self, keys: Sequence[MessageKey]) -> int:
        """Count how many of these messages are no longer waiting."""
        count = select(func.count()).where(messages.c.state != State.WAITING)
        return sum(row[0] for row in self._among(keys, count))

    def without_verdict(self, keys: Sequence[MessageKey]) -> dict[MessageKey, State]:
        """Return which of these messages will never be judged: those that are missing or failed."""
        query = select(*_KEY, messages.c.state).where(messages.c.state.in_([State.MISSING, State.FAILED]))
        return {
            MessageKey(row.business_id, row.chat_id, row.message_id): State(row.state)
            for row in self._among(keys, query)
        }

    def _among(self, keys: Sequence[MessageKey], query: Select[Any]) -> Iterator[Row[Any]]:
        with self._reads.connect() as connection:
            for at in range(0, len(keys), 300):  # SQLite's limit of variables a statement
                yield from connection.execute(query.where(tuple_(*_KEY).in_(keys[at : at + 300])))

    @contextmanager
    def _writing(self, business_id: int, chat_id: int) -> Iterator[Connection]:
        """Write several messages of a chat with nobody else at it: two at once would wait for each other's rows."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.execute(_LOCK, {"chat": hash((business_id, chat_id))})
            yield connection

    def _release(self, connection: Connection, chat: tuple[int, int], ids: Sequence[int], **values: object) -> None:
        if not ids:
            return
        chosen = (
            messages.c.business_id == chat[0],
            messages.c.chat_id == chat[1],
            messages.c.message_id.in_(ids),
            messages.c.state == State.WAITING,
        )
        # Whatever ends a claim but `wait` came after an answer of Market's: its trouble is over.
        free = dict.fromkeys(("claimed_by", "claimed_until", "retry_at", "troubled_since"))
        released = {**free, **values}
        connection.execute(update(messages).where(*chosen).values(**released))


def expect(connection: Connection, keys: Sequence[MessageKey], *, now: datetime, due_at: datetime) -> None:
    """Do what `Messages.expect` does in the caller's transaction."""
    rows = [
        {**key._asdict(), "state": State.WAITING, "first_seen_at": now, "attempts": 0, "retry_at": due_at}
        for key in sorted(keys)  # in one order, so that two writers do not lock each other out
    ]
    if rows:
        connection.execute(_expect(connection.engine.dialect.name), rows)


@functools.cache
def _expect(dialect: str) -> Insert:
    return insert(dialect, messages).on_conflict_do_nothing()


def _claim(engine: Engine) -> ReturningInsert[tuple[int]]:
    """INSERT a message as claimed, or claim one that waits or was judged by an old rule set; no row when it is busy."""
    fresh = {"claimed_by": bindparam("owner"), "claimed_until": bindparam("lease_end", type_=UtcDateTime)}
    statement = insert(engine.dialect.name, messages).values(
        **{name: bindparam(name) for name in MessageKey._fields},
        state=State.WAITING,
        first_seen_at=bindparam("now", type_=UtcDateTime),
        attempts=1,
        **fresh,
    )
    return statement.on_conflict_do_update(
        index_elements=_KEY,
        # An old rule set's verdict waits to be replaced, so that it is taken up again if that cannot be done now.
        set_={**fresh, "state": State.WAITING, "attempts": messages.c.attempts + 1},
        where=and_(
            or_(messages.c.state == State.WAITING, messages.c.rule_set != bindparam("rules_now")),
            _CLAIMABLE,
        ),
    ).returning(messages.c.attempts)


def _at(key: MessageKey) -> dict[str, int]:
    return {"at_business": key.business_id, "at_chat": key.chat_id, "at_message": key.message_id}


def _judged_message(row: Row[Any]) -> JudgedMessage:
    return JudgedMessage(row.message_id, row.created_at, row.sender, row.text, tuple(row.file_names or ()))


def _settled(state: str, judged_by: str | None, rule_set: str) -> bool:
    return state in {State.MISSING, State.FAILED} or (state == State.JUDGED and judged_by == rule_set)
