"""Audits: which are under way, how far they have come, and what each was of."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from worker.store.engine import for_reading
from worker.store.schema import audited_chats, audits
from worker.store.upsert import insert

FRESH = timedelta(days=1)  # an audit that was begun earlier is not gone on with
GOES_ON = timedelta(minutes=2)  # a scheduled audit that did not move for so long has nobody who goes on with it


class AuditState(StrEnum):
    """How far an audit of a cabinet has come."""

    LISTING = "listing"  # which chats moved in the period
    READING = "reading"  # their histories
    DONE = "done"
    GIVEN_UP = "given_up"  # another one took its place


class UnderWayError(Exception):
    """A cabinet has an audit already, begun at `since`."""

    def __init__(self, business_id: int, since: datetime) -> None:
        super().__init__(f"an audit of cabinet {business_id} is under way since {since:%Y-%m-%d %H:%M:%S} UTC")
        self.business_id = business_id


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of one cabinet in one run; messages from `since` on and before `until` are its matter."""

    run_id: str
    business_id: int
    asked: str
    since: datetime
    until: datetime
    rule_set: str
    state: AuditState
    page_token: str | None
    new_chats: int
    trouble: str | None
    started_at: datetime
    moved_at: datetime
    finished_at: datetime | None
    claimed_until: datetime | None
    scheduled: bool
    told_at: datetime | None
    figures: Mapping[str, Any] | None


class NotJudged(NamedTuple):
    """A message of the shop that has no verdict, or where the message is None a chat that could not be read."""

    chat_id: int
    message_id: int | None
    why: str


class Sums(NamedTuple):
    """What the read chats of an audit hold."""

    chats: int  # in which something was written in the period
    messages: int
    partner_messages: int


class Audits:
    """The audits' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def open(
        self,
        asked: str,
        rule_sets: Mapping[int, str],
        *,
        since: datetime,
        until: datetime,
        now: datetime,
        scheduled: bool = False,
    ) -> str:
        """Begin a run of cabinets (`rule_sets` by their numbers), or find the one that was asked for in the same words.

        Returns its id. UnderWayError when somebody is at another audit of one of them.
        """
        try:
            with self._engine.begin() as connection:
                return _open(connection, rule_sets, asked=asked, since=since, until=until, scheduled=scheduled, now=now)
        except IntegrityError:  # somebody else began one at the same moment
            raise UnderWayError(min(rule_sets), now) from None

    def claim(self, run_id: str, business_id: int, owner: str, *, now: datetime, lease: timedelta) -> Audit | None:
        """Take up a cabinet's audit for `lease`; None while somebody else is at it, or when it is done."""
        free = or_(audits.c.claimed_until.is_(None), audits.c.claimed_until < now, audits.c.claimed_by == owner)
        claim = update(audits).where(_is(run_id, business_id), audits.c.under_way.is_not(None), free)
        values = {"claimed_by": owner, "claimed_until": now + lease, "moved_at": now}
        with self._engine.begin() as connection:
            row = connection.execute(claim.values(**values).returning(*audits.c)).first()
        return _audit(row) if row else None

    def prolong(self, audit: Audit, *, until: datetime) -> None:
        """Keep a claim."""
        self._set(audit, claimed_until=until)

    def let_go(self, audit: Audit) -> None:
        """Let go of a claim; the audit goes on where it was."""
        self._set(audit, claimed_by=None, claimed_until=None)

    def note_trouble(self, audit: Audit, trouble: str | None) -> None:
        """Note why an audit does not go on, or that it does."""
        self._set(audit, trouble=trouble)

    def note_page(self, audit: Audit, chat_ids: Sequence[int], next_page: str | None) -> None:
        """Note the chats of a page of the listing, and where it goes on.

        Chats move while they are listed, so that one may slip from a later page to an earlier one: the listing is done
        when a whole round of it brought no chat that was not known.
        """
        rows = [_unread(audit, chat_id) for chat_id in chat_ids]
        with self._engine.begin() as connection:
            before = _count(connection, audit)
            if rows:
                connection.execute(insert(self._engine.dialect.name, audited_chats).on_conflict_do_nothing(), rows)
            new = audit.new_chats + _count(connection, audit) - before
            at_end = next_page is None
            state = AuditState.READING if at_end and new == 0 else AuditState.LISTING
            values = {"page_token": next_page, "new_chats": 0 if at_end else new, "state": state}
            connection.execute(update(audits).where(_is(audit.run_id, audit.business_id)).values(**values))

    def list_anew(self, audit: Audit) -> None:
        """Begin the listing again at its first page."""
        self._set(audit, page_token=None, new_chats=0)

    def unread(self, audit: Audit, *, limit: int) -> list[int]:
        """Return chats that are listed and not read."""
        waiting = select(audited_chats.c.chat_id).where(_chats_of(audit), audited_chats.c.read_at.is_(None))
        with self._reads.connect() as connection:
            return list(connection.execute(waiting.order_by(audited_chats.c.chat_id).limit(limit)).scalars())

    def record_chat(
        self,
        audit: Audit,
        chat_id: int,
        *,
        messages: int,
        partner_messages: int,
        not_judged: Sequence[NotJudged],
        now: datetime,
    ) -> None:
        """Note what a chat holds of the period."""
        held = {"messages": messages, "partner_messages": partner_messages}
        left = [[one.message_id, one.why] for one in not_judged]
        self._set_chat(audit, chat_id, read_at=now, **held, not_judged=left)

    def amend_chat(self, audit: Audit, chat_id: int, *, not_judged: Sequence[NotJudged]) -> None:
        """Note anew what of a chat is not judged."""
        self._set_chat(audit, chat_id, not_judged=[[one.message_id, one.why] for one in not_judged])

    def finish(self, audit: Audit, *, now: datetime) -> None:
        """Note that a cabinet's audit is whole."""
        ended = {"state": AuditState.DONE, "under_way": None, "finished_at": now, "trouble": None}
        self._set(audit, **ended, claimed_by=None, claimed_until=None)

    def give_up(self, audit: Audit, *, trouble: str, now: datetime) -> None:
        """End an audit that cannot be brought to its end."""
        ended = {"state": AuditState.GIVEN_UP, "under_way": None, "finished_at": now, "trouble": trouble}
        self._set(audit, **ended, claimed_by=None, claimed_until=None)

    def under_way(self) -> list[Audit]:
        """Return the audits that are under way, oldest first."""
        query = select(audits).where(audits.c.under_way.is_not(None))
        with self._reads.connect() as connection:
            return [_audit(row) for row in connection.execute(query.order_by(audits.c.started_at))]

    def untold(self) -> list[str]:
        """Return the runs that ended and whose outcome was not told."""
        under_way = func.count(audits.c.under_way)
        query = select(audits.c.run_id).where(audits.c.told_at.is_(None)).group_by(audits.c.run_id)
        with self._reads.connect() as connection:
            return list(connection.execute(query.having(under_way == 0)).scalars())

    def note_told(self, run_id: str, *, figures: Mapping[str, Any], now: datetime) -> None:
        """Note that the outcome of a run was told, and its figures."""
        with self._engine.begin() as connection:
            connection.execute(
                update(audits).where(audits.c.run_id == run_id).values(told_at=now, figures=dict(figures))
            )

    def run(self, run_id: str) -> list[Audit]:
        """Return the audits of a run, by cabinet."""
        query = select(audits).where(audits.c.run_id == run_id).order_by(audits.c.business_id)
        with self._reads.connect() as connection:
            return [_audit(row) for row in connection.execute(query)]

    def find(self, run_id: str, business_id: int) -> Audit:
        """Return the audit of a cabinet in a run; LookupError when there is none."""
        with self._reads.connect() as connection:
            row = connection.execute(select(audits).where(_is(run_id, business_id))).first()
        if row is None:
            raise LookupError(f"run {run_id} has no audit of cabinet {business_id}")
        return _audit(row)

    def progress(self, run_id: str, business_id: int) -> tuple[int, int]:
        """Return how many chats were read, and how many are listed."""
        chats = and_(audited_chats.c.run_id == run_id, audited_chats.c.business_id == business_id)
        query = select(func.count(audited_chats.c.read_at), func.count()).where(chats)
        with self._reads.connect() as connection:
            read, listed = connection.execute(query).one()
        return read, listed

    def sums(self, audit: Audit) -> Sums:
        """Add up what the chats hold."""
        held = (
            func.coalesce(func.sum(column), 0)
            for column in (audited_chats.c.messages, audited_chats.c.partner_messages)
        )
        spoken = func.count().filter(audited_chats.c.messages > 0)
        with self._reads.connect() as connection:
            return Sums(*connection.execute(select(spoken, *held).where(_chats_of(audit))).one())

    def not_judged(self, audit: Audit) -> Iterator[NotJudged]:
        """Yield the messages that had no verdict when their chat was read, and the chats that were not."""
        columns = (audited_chats.c.chat_id, audited_chats.c.read_at, audited_chats.c.not_judged)
        query = select(*columns).where(_chats_of(audit)).order_by(audited_chats.c.chat_id)
        with self._reads.connect() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            if row.read_at is None:
                yield NotJudged(row.chat_id, None, f"not read: {audit.trouble or 'the audit is not whole'}")
            for message_id, why in row.not_judged:
                yield NotJudged(row.chat_id, message_id, why)

    def _set_chat(self, audit: Audit, chat_id: int, **values: object) -> None:
        is_chat = and_(_chats_of(audit), audited_chats.c.chat_id == chat_id)
        with self._engine.begin() as connection:
            connection.execute(update(audited_chats).where(is_chat).values(**values))

    def _set(self, audit: Audit, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(audits).where(_is(audit.run_id, audit.business_id)).values(**values))


def _open(
    connection: Connection,
    rule_sets: Mapping[int, str],
    *,
    asked: str,
    since: datetime,
    until: datetime,
    scheduled: bool,
    now: datetime,
) -> str:
    open_ones = select(audits).where(audits.c.under_way.in_(rule_sets)).order_by(audits.c.business_id)
    found = [_audit(row) for row in connection.execute(open_ones)]
    for audit in found:
        same_rules = audit.rule_set == rule_sets[audit.business_id]
        if audit.asked == asked and same_rules and audit.started_at > now - FRESH:
            return audit.run_id
    for audit in found:
        _give_up(connection, audit, now)
    run_id = uuid.uuid4().hex
    fresh = {"asked": asked, "since": since, "until": until, "state": AuditState.LISTING, "new_chats": 0}
    times = {"started_at": now, "moved_at": now, "scheduled": scheduled}
    for number, rule_set in rule_sets.items():
        key = {"run_id": run_id, "business_id": number, "under_way": number, "rule_set": rule_set}
        connection.execute(audits.insert().values(**key, **fresh, **times))
    return run_id


def _give_up(connection: Connection, audit: Audit, now: datetime) -> None:
    """End an audit that nobody goes on with; UnderWayError when somebody does."""
    held = audit.claimed_until is not None and audit.claimed_until >= now
    fresh = audit.started_at > now - FRESH
    if held or (audit.scheduled and fresh and audit.moved_at > now - GOES_ON):
        raise UnderWayError(audit.business_id, audit.started_at)
    # One that was begun by hand needs no telling: whoever began it has begun another.
    told_at = None if audit.scheduled else now
    ended = {"state": AuditState.GIVEN_UP, "under_way": None, "finished_at": now, "told_at": told_at}
    connection.execute(update(audits).where(_is(audit.run_id, audit.business_id)).values(**ended))


def _is(run_id: str, business_id: int) -> ColumnElement[bool]:
    return and_(audits.c.run_id == run_id, audits.c.business_id == business_id)


def _chats_of(audit: Audit) -> ColumnElement[bool]:
    return and_(audited_chats.c.run_id == audit.run_id, audited_chats.c.business_id == audit.business_id)


def _count(connection: Connection, audit: Audit) -> int:
    return connection.execute(select(func.count()).select_from(audited_chats).where(_chats_of(audit))).scalar_one()


def _unread(audit: Audit, chat_id: int) -> dict[str, object]:
    key = {"run_id": audit.run_id, "business_id": audit.business_id, "chat_id": chat_id}
    return {**key, "messages": 0, "partner_messages": 0, "not_judged": []}


def _audit(row: Row[Any]) -> Audit:
    fields = {name: getattr(row, name) for name in Audit.__slots__}
    return Audit(**{**fields, "state": AuditState(row.state)})
