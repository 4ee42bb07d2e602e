"""The auditor: reads every chat that moved in a period to its last message, and checks that all of it is judged.

It reads and judges as a sweep does, but trusts nothing that was done before: every message of the shop in Market's
history is held against the store. The work goes in steps, each chat recorded when it is done, so that an audit that was
killed goes on where it was.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from rules import RuleError
from worker.bulk import Bulk, TroubleError, insistently, is_of_this_chat_alone, pages
from worker.checking import Checker
from worker.fetching import about
from worker.market.errors import BadRequestError, MarketError
from worker.market.models import PARTNER, Message
from worker.store import Audit, AuditState, MessageKey, NotJudged, Standing, State, Store, UnderWayError

if TYPE_CHECKING:
    from worker.market.client import MarketClient

logger = logging.getLogger(__name__)

CHATS_A_STEP = 20
STEP_S = 15.0  # a task of the workers' may not take long, however slow Market is
LEASE = timedelta(seconds=15)  # longer than one request may take; a killed audit waits that long
PATIENCE_S = 60.0  # trouble that is over so soon is waited for
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Period:
    """What an audit is of: messages from `since` on and before `until`; `asked` is how it was said."""

    since: datetime
    until: datetime
    asked: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a cabinet's audit did, and where it stands."""

    read: int = 0  # chats, of `listed`
    listed: int = 0
    listing: bool = False  # more chats may come
    done: bool = False
    trouble: TroubleError | None = None


class Auditor:
    """Audits cabinets.

    Args:
        store: what was judged, and how far the audits have come.
        checker: judges and records.
        bulk: the way to Market.
    """

    def __init__(self, store: Store, checker: Checker, bulk: Bulk) -> None:
        self._store = store
        self._checker = checker
        self._bulk = bulk

    def open(self, business_ids: Sequence[int], period: Period, *, scheduled: bool = False) -> str:
        """Begin an audit, or take up one that was asked for in the same words and not brought to its end.

        Returns the id of the run. UnderWayError when one of the cabinets has another audit under way.
        """
        rule_sets = {number: self._checker.rule_set(number) for number in business_ids}
        times = {"since": period.since, "until": period.until, "now": datetime.now(UTC)}
        return self._store.audits.open(period.asked, rule_sets, **times, scheduled=scheduled)

    def run(self, run_id: str, business_id: int, *, owner: str) -> Iterator[Step]:
        """Audit a cabinet to its end or until trouble that lasts, yielding after every step.

        UnderWayError when somebody else is at it.
        """
        self._wait_for_the_dead(run_id, business_id)
        while True:
            step = self.step(run_id, business_id, owner=owner, keep=True)
            yield step
            if step.done or (step.trouble and not _is_over_soon(step.trouble)):
                self._store.audits.let_go(self._store.audits.find(run_id, business_id))
                return

    def step(self, run_id: str, business_id: int, *, owner: str, keep: bool = False) -> Step:
        """List a page of chats, or read some of them; what Market refuses now is left to a later step.

        `keep` keeps others away until the next step.
        """
        audit = self._store.audits.claim(run_id, business_id, owner, now=datetime.now(UTC), lease=LEASE)
        if audit is None:
            standing = self._standing(run_id, business_id)
            return standing if standing.done else replace(standing, trouble=TroubleError("somebody else is at it"))
        trouble = None
        try:
            self._move(self._bulk.client(business_id), audit)
            self._bulk.answered(business_id)
        except TroubleError as error:
            trouble = error
        except MarketError as error:
            trouble = self._bulk.refused(business_id, error)
            if isinstance(error, BadRequestError):
                # Most likely a page token that Market no longer takes.
                self._store.audits.list_anew(audit)
        except BaseException:
            self._store.audits.let_go(audit)
            raise
        self._store.audits.note_trouble(audit, str(trouble) if trouble else None)
        if not keep:
            self._store.audits.let_go(audit)
        return self._standing(run_id, business_id, trouble)

    def _standing(self, run_id: str, business_id: int, trouble: TroubleError | None = None) -> Step:
        audit = self._store.audits.find(run_id, business_id)
        read, listed = self._store.audits.progress(run_id, business_id)
        listing = audit.state is AuditState.LISTING
        return Step(read, listed, listing, audit.state is AuditState.DONE, trouble)

    def _wait_for_the_dead(self, run_id: str, business_id: int) -> None:
        """Wait for the lease of one that may have been killed; who is alive prolongs it, and then UnderWayError."""
        audit = self._store.audits.find(run_id, business_id)
        held_until = audit.claimed_until
        while held_until and held_until >= datetime.now(UTC):
            time.sleep(POLL_S)
            now_held = self._store.audits.find(run_id, business_id).claimed_until
            if now_held and now_held != held_until:
                raise UnderWayError(business_id, audit.started_at)
            held_until = now_held

    def _move(self, client: "MarketClient", audit: Audit) -> None:
        if audit.state is AuditState.LISTING:
            self._list(client, audit)
            return
        chats = self._store.audits.unread(audit, limit=CHATS_A_STEP)
        deadline = time.monotonic() + STEP_S
        for chat_id in chats:
            if time.monotonic() > deadline:
                return
            self._read(client, audit, chat_id)
        if len(chats) < CHATS_A_STEP:
            self._finish(audit)

    def _list(self, client: "MarketClient", audit: Audit) -> None:
        page = insistently(partial(client.get_chats, page_token=audit.page_token))
        self._checker.record_requests(audit.business_id)
        moved = [
            chat.chat_id
            for chat in page.chats
            if chat.updated_at >= audit.since.replace(microsecond=0) and chat.created_at < audit.until
        ]
        self._store.audits.note_page(audit, moved, page.next_page_token)

    def _read(self, client: "MarketClient", audit: Audit, chat_id: int) -> None:
        """Read and judge all of a chat, and note what of the period is judged and what is not."""
        senders: dict[int, str] = {}
        not_judged: list[NotJudged] = []
        forgotten = self._store.retention.forgotten_up_to(audit.business_id, chat_id)
        try:
            for page in pages(client, chat_id):
                self._store.audits.prolong(audit, until=datetime.now(UTC) + LEASE)
                self._checker.judge_page(audit.business_id, chat_id, page.messages, about(page.context))
                senders |= {
                    message.message_id: message.sender
                    for message in page.messages
                    if _is_in(audit, message) and message.message_id > forgotten
                }
        except MarketError as error:
            if not is_of_this_chat_alone(error):
                raise
            logger.warning("chat %s/%s could not be audited: %s", audit.business_id, chat_id, error)
            self._checker.record_requests(audit.business_id)
            not_judged.append(NotJudged(chat_id, None, f"the chat could not be read: {error}"))
        shop = [message_id for message_id, sender in senders.items() if sender == PARTNER]
        not_judged += self._not_judged(audit, chat_id, shop)
        self._store.audits.record_chat(
            audit,
            chat_id,
            messages=len(senders),
            partner_messages=len(shop),
            not_judged=not_judged,
            now=datetime.now(UTC),
        )

    def _not_judged(self, audit: Audit, chat_id: int, shop: Sequence[int]) -> Iterator[NotJudged]:
        """Yield which of the shop's messages have no verdict of this rule set; what only waits is tried once alone."""
        standings = self._store.messages.verdicts(audit.business_id, chat_id)
        for message_id in shop:
            standing = standings.get(message_id)
            if standing and standing.state is State.WAITING:
                standing = self._try_alone(MessageKey(audit.business_id, chat_id, message_id))
            if why := _why_not(standing, audit.rule_set):
                yield NotJudged(chat_id, message_id, why)

    def _finish(self, audit: Audit) -> None:
        """End an audit; what somebody else was judging when its chat was read is looked at again."""
        for chat_id, left in groupby(self._store.audits.not_judged(audit), key=attrgetter("chat_id")):
            standings = self._store.messages.verdicts(audit.business_id, chat_id)
            still = [
                one for one in left if one.message_id is None or _why_not(standings.get(one.message_id), audit.rule_set)
            ]
            self._store.audits.amend_chat(audit, chat_id, not_judged=still)
        self._store.audits.finish(audit, now=datetime.now(UTC))

    def _try_alone(self, key: MessageKey) -> Standing | None:
        try:
            self._checker.check(key, owner="audit")
        except RuleError as error:
            logger.warning("message %s/%s/%s could not be judged: %s", *key, error)
        return self._store.messages.verdicts(key.business_id, key.chat_id).get(key.message_id)


def _is_in(audit: Audit, message: Message) -> bool:
    return audit.since <= message.created_at < audit.until


def _why_not(standing: Standing | None, rule_set: str) -> str | None:
    """Say why a message has no verdict of a rule set; None when it has one."""
    if standing is None:
        return "missing: it is in Market's history and not in the store"
    if standing.state is State.JUDGED:
        return None if standing.rule_set == rule_set else "waiting: it was judged by an older rule set"
    return f"{standing.state}: {standing.last_error or 'it is being judged'}"


def _is_over_soon(trouble: TroubleError) -> bool:
    """Wait for the end of trouble that is not far; False when nobody knows it, or it is."""
    left_s = (trouble.retry_at - datetime.now(UTC)).total_seconds() if trouble.retry_at else PATIENCE_S
    if left_s >= PATIENCE_S:
        return False
    time.sleep(max(left_s, 0) + POLL_S)
    return True
