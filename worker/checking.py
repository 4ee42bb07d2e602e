"""The one way a message is judged: fetch, judge, record.

Live checks, the command line and all that comes later go through `judge`; everything that has a message id goes
through `Checker.check`, which is idempotent by the message's key.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import rules
from rules import Finding, RuleError, Severity
from worker.allowances import NOTHING, Allowances
from worker.breaks import Breaks, as_long_again
from worker.errors import OperatorError
from worker.fetching import HISTORY, Fetcher, NotNowError
from worker.market.errors import MarketError, NotFoundError, Scope
from worker.market.models import MARKET, PARTNER, Message
from worker.reminders import is_reminder
from worker.store import (
    ChatContext,
    Claim,
    FoundViolation,
    JudgedMessage,
    MessageKey,
    Reading,
    Store,
)

if TYPE_CHECKING:
    from worker.market.client import MarketClient

logger = logging.getLogger(__name__)

# How long a message is one judge's alone. Hardly longer than a request may take, so that what a killed process held is
# soon free; should a check last longer, it is done twice and recorded once.
LEASE = timedelta(seconds=12)
NEIGHBOURS = 8  # the shop's messages before and after that are read together with a new one
BREAK = timedelta(seconds=30)  # after judging broke
ZERO_WIDTH_SPACE = "\u200b"  # stands for a NUL, which PostgreSQL cannot keep: as long, and as invisible


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one or several messages of the shop."""

    findings: tuple[Finding, ...]

    @property
    def flagged(self) -> bool:
        """Whether the policy is broken."""
        return any(finding.severity is Severity.VIOLATION for finding in self.findings)

    @property
    def score(self) -> float:
        """The risk, from 0 to 1."""
        return rules.score(self.findings)


def judge(
    messages: Sequence[rules.Message],
    *,
    since: int = 0,
    own_numbers: Collection[str] = (),
    allowances: Allowances = NOTHING,
    lang: str = "ru",
) -> Verdict:
    """Judge the shop's messages of a chat from index `since` on, and what they say together with those before.

    `own_numbers` are the chat's order and return ids, `allowances` what the shop allows itself. Raises RuleError when a
    rule broke or ran out of time.
    """
    findings = rules.check_chat(messages, since=since, own_numbers=own_numbers, lang=lang)
    if allowances != NOTHING:
        findings = list(allowances.apply(findings, [message.document for message in messages]))
    return Verdict(tuple(findings))


class Checked(NamedTuple):
    """What came of checking a message.

    Attributes:
        violations: ids of the new ones.
        along: ids of messages of its chat that were taken along, and need no check of their own now.
    """

    violations: list[int]
    along: list[int]


class Checker:
    """Judges messages, by their ids or as pages of history, and records what was found.

    Args:
        store: where verdicts are kept.
        client_for: gives the client of a cabinet, None for a cabinet that is not in the settings; its `on_answer` must
            be `count_request`.
        allowances_for: what a cabinet allows itself.
        lang: language of the reasons, "ru" or "en".
        max_attempts: how often judging a message may break before the message is given up.
        alarm: told of what a person must see to: a line for people, and the cabinet.
    """

    def __init__(
        self,
        store: Store,
        client_for: Callable[[int], "MarketClient | None"],
        *,
        allowances_for: Callable[[int], Allowances] = lambda _: NOTHING,
        lang: str = "ru",
        max_attempts: int = 4,
        alarm: Callable[[str, int], None],
    ) -> None:
        self._store = store
        self._allowances_for = allowances_for
        self._lang = lang
        self._max_attempts = max_attempts
        self._alarm = alarm
        self.breaks = Breaks(store, alarm)
        self._fetcher = Fetcher(store, client_for, self.breaks)
        self._spent: Counter[str] = Counter()

    def count_request(self, method: str, *_: object) -> None:
        """Take note of a request that went to Market; written with the verdict it was spent on."""
        self._spent[method] += 1

    def rule_set(self, business_id: int) -> str:
        """Return what a cabinet's messages are judged by: the rules' version and what it allows itself."""
        return rules.RULE_SET + self._allowances_for(business_id).tag

    def check(self, key: MessageKey, *, owner: str) -> Checked:
        """Judge a message unless it has its verdict, and what waits in the same chat with it.

        `owner` names who asks: the same owner may take up its own unfinished work at once. What cannot be judged now
        waits in the store with its reason. Raises whatever broke the judging itself, after noting it.
        """
        claim = self._store.messages.claim(
            key,
            owner,
            rule_set=self.rule_set(key.business_id),
            now=_now(),
            lease=LEASE,
            max_attempts=self._max_attempts,
        )
        if claim is Claim.EXHAUSTED:
            self._give_up(key)
        if claim is not Claim.TAKEN:
            return Checked([], [])
        self._spent.clear()
        siblings: list[int] = []
        try:
            claimed = self._store.messages.claim_siblings(key, owner, now=_now(), lease=LEASE)
            siblings = claimed or []
            return Checked(self._check(key, siblings, owner, alone=claimed is None), siblings)
        except NotFoundError as error:
            # A chat that Market does not know holds none of them; of a single message it says nothing of the others.
            lost = siblings if error.method == HISTORY else []
            self._store.messages.miss(key, reason=str(error), spent=self._spent, siblings=lost)
        except MarketError as error:
            self._put_off(key, siblings, error)
        except NotNowError as error:
            self._store.messages.wait(key, reason=str(error), retry_at=error.retry_at, siblings=siblings)
        except OperatorError as error:  # the cabinet's key cannot be read
            retry_at = self.breaks.stop_cabinet(key.business_id, error)
            self._store.messages.wait(key, reason=str(error), retry_at=retry_at, siblings=siblings)
        except Exception as error:
            now = _now()
            reason = f"{type(error).__name__} while judging"
            self._store.messages.break_off(key, reason=reason, retry_at=now + BREAK, now=now, siblings=siblings)
            raise
        return Checked([], siblings)

    def judge_page(
        self, business_id: int, chat_id: int, messages: Sequence[Message], context: ChatContext
    ) -> list[int]:
        """Judge and record a page of a chat's history that was read; return the ids of new violations.

        Messages whose judging breaks, or kills the process, are left to be judged alone under their ids, where their
        attempts are counted; what was forgotten on request stays so.
        """
        forgotten = self._store.retention.forgotten_up_to(business_id, chat_id)
        messages = [message for message in messages if message.message_id > forgotten]
        claimed, messages = self._unasked(business_id, chat_id, messages, uuid.uuid4().hex)
        try:
            return self._judge_and_record(business_id, chat_id, messages, context)
        except RuleError:
            self._store.messages.put_back(business_id, chat_id, claimed, now=_now())
            return []

    def _unasked(
        self, business_id: int, chat_id: int, messages: Sequence[Message], owner: str, asked: Collection[int] = ()
    ) -> tuple[list[int], list[Message]]:
        """Claim what was read and not asked for; return the claimed ids, and what may be judged."""
        shop = {message.message_id for message in messages if message.sender == PARTNER}
        claimed = self._store.messages.claim_page(
            business_id,
            chat_id,
            sorted(shop.difference(asked)),
            owner,
            rule_set=self.rule_set(business_id),
            now=_now(),
            lease=LEASE,
        )
        others = shop.difference(asked, claimed)
        return claimed, [message for message in messages if message.message_id not in others]

    def record_requests(self, business_id: int) -> None:
        """Record requests that brought no verdict."""
        self._store.sweeps.record_requests(business_id, self._spent)
        self._spent.clear()

    def _check(self, key: MessageKey, siblings: list[int], owner: str, *, alone: bool) -> list[int]:
        fetched = self._fetcher.fetch(key, siblings, now=_now())
        messages = fetched.messages
        if alone:
            messages = [message for message in messages if message.message_id == key.message_id]
        else:
            claimed, messages = self._unasked(*key[:2], messages, owner, {key.message_id, *siblings})
            siblings += claimed
        return self._record(key, siblings, messages, fetched.context)

    def _record(
        self, key: MessageKey, siblings: Sequence[int], messages: Sequence[Message], context: ChatContext
    ) -> list[int]:
        chat = key[:2]
        leftover = set(siblings).difference(message.message_id for message in messages)
        try:
            return self._judge_and_record(*chat, messages, context, leftover)
        except RuleError:
            # Which one broke is not told: the asked one is judged alone, the others under their own ids.
            asked = [message for message in messages if message.message_id == key.message_id]
            return self._judge_and_record(*chat, asked, context, siblings)

    def _judge_and_record(
        self,
        business_id: int,
        chat_id: int,
        messages: Sequence[Message],
        context: ChatContext,
        leftover: Collection[int] = (),
    ) -> list[int]:
        """Judge messages together with those around them, and once more if others were recorded there meanwhile.

        Two who judge pieces of one number at the same time see only their own: whoever records last sees them all.
        """
        new: list[int] = []
        while True:
            reading, seen = self._judge(business_id, chat_id, messages, context)
            new += self._store.messages.record(reading, now=_now(), leftover=sorted(leftover))
            shop = [message for message in reading.messages if message.sender == PARTNER]
            if not shop or seen.issuperset(message.message_id for message in self._around(business_id, chat_id, shop)):
                return new

    def _around(self, business_id: int, chat_id: int, shop: Iterable[JudgedMessage]) -> list[JudgedMessage]:
        """Return the kept messages of the shop before, between and after these."""
        ids = [message.message_id for message in shop]
        return self._store.messages.shop_messages_around(business_id, chat_id, min(ids), max(ids), limit=NEIGHBOURS)

    def _judge(
        self, business_id: int, chat_id: int, messages: Iterable[Message], context: ChatContext
    ) -> tuple[Reading, set[int]]:
        """Judge messages; return what is to be recorded, and the ids of all that were looked at."""
        read = sorted((_readable(message) for message in messages), key=_age)
        shop = [message for message in read if message.sender == PARTNER]
        violations: list[FoundViolation] = []
        seen: set[int] = set()
        if shop:
            known = {message.message_id: message for message in self._around(business_id, chat_id, shop)}
            together = sorted({**known, **{message.message_id: message for message in shop}}.values(), key=_age)
            verdict = judge(
                [rules.Message(message.text or "", file_names=message.file_names) for message in together],
                since=together.index(shop[0]),
                own_numbers=context.own_numbers,
                allowances=self._allowances_for(business_id),
                lang=self._lang,
            )
            seen = {message.message_id for message in together}
            violations = [
                _violation(together[finding.message], finding)
                for finding in verdict.findings
                if finding.severity is Severity.VIOLATION
            ]
        spent = Counter(self._spent)
        self._spent.clear()
        rule_set = self.rule_set(business_id)
        reading = Reading(business_id, chat_id, rule_set, read, violations, context=context, requests=spent)
        return reading, seen

    def _put_off(self, key: MessageKey, siblings: Sequence[int], error: MarketError) -> None:
        """Let messages wait, and stop as much of the cabinet as the error says."""
        now = _now()
        if error.permanent and error.scope is Scope.REQUEST:
            self._store.messages.break_off(key, reason=str(error), retry_at=now, now=now, siblings=siblings)
            self._store.messages.fail(key, reason=str(error), spent=self._spent)
            self._alarm(f"Market refuses a request of Chatwarden's: {error}", key.business_id)
            return
        retry_at = self.breaks.after(key.business_id, error)
        # Where it is told when to try again, nothing of these messages failed: a budget is spent, a cabinet stopped.
        # Otherwise the delay grows from the first failure on, however long the message had stood in line before.
        troubled_since = None
        if retry_at is None:
            troubled_since = self._store.messages.troubled_since(key) or now
            retry_at = now + as_long_again(now - troubled_since)
        self._store.messages.wait(
            key,
            reason=str(error),
            retry_at=retry_at,
            troubled_since=troubled_since,
            spent=self._spent,
            siblings=siblings,
        )

    def _give_up(self, key: MessageKey) -> None:
        self._store.messages.fail(key)
        logger.error("message %s/%s/%s is given up after %s attempts", *key, self._max_attempts)
        self._alarm(
            f"Message {key.message_id} of chat {key.chat_id} broke its judging {self._max_attempts} times "
            "and is given up",
            key.business_id,
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _age(message: JudgedMessage) -> tuple[datetime, int]:
    return message.created_at, message.message_id


def _readable(message: Message) -> JudgedMessage:
    """Keep the shop's words alone; Market's are looked at once, for its reminder."""
    if message.sender == PARTNER:
        text = (message.text or "").replace("\0", ZERO_WIDTH_SPACE)
        return JudgedMessage(message.message_id, message.created_at, PARTNER, text, message.file_names)
    reminder = message.sender == MARKET and is_reminder(message.text)
    return JudgedMessage(message.message_id, message.created_at, message.sender, is_reminder=reminder)


def _violation(message: JudgedMessage, finding: Finding) -> FoundViolation:
    return FoundViolation(
        message_id=message.message_id,
        created_at=message.created_at,
        rule=finding.rule,
        category=finding.category,
        severity=finding.severity,
        confidence=finding.confidence,
        start=finding.start,
        end=finding.end,
        evidence=finding.evidence,
        reason=finding.reason,
    )
