"""The one way a message is judged: fetch, judge, record.

Live checks, the command line and all that comes later go through `judge`; everything that has a message id goes
through `Checker.check`, which is idempotent by the message's key.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import rules
from rules import Finding, RuleError, Severity
from worker.errors import OperatorError
from worker.market.errors import MarketError, NotFoundError, Scope
from worker.market.models import MARKET, PARTNER, Message
from worker.reminders import is_reminder
from worker.store import (
    WHOLE_CABINET,
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

LEASE = timedelta(seconds=90)  # longer than the hard time limit of the task that checks
NEIGHBOURS = 8  # the shop's messages before and after that are read together with a new one
BREAK = timedelta(seconds=30)  # after judging broke

# Delays double by themselves: each is as long as the trouble has lasted so far, within these bounds.
MESSAGE_DELAY = (timedelta(seconds=2), timedelta(minutes=5))
CABINET_DELAY = (timedelta(minutes=1), timedelta(hours=1))
UNKNOWN_CABINET_DELAY = timedelta(minutes=10)


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
    messages: Sequence[rules.Message], *, since: int = 0, own_numbers: Collection[str] = (), lang: str = "ru"
) -> Verdict:
    """Judge the shop's messages of a chat from index `since` on, and what they say together with those before.

    `own_numbers` are the chat's order and return ids. Raises RuleError when a rule broke or ran out of time.
    """
    return Verdict(tuple(rules.check_chat(messages, since=since, own_numbers=own_numbers, lang=lang)))


class Checker:
    """Judges messages by their ids and records what was found.

    Args:
        store: where verdicts are kept.
        client_for: gives the client of a cabinet, None for a cabinet that is not in the settings; its `on_answer` must
            be `count_request`.
        lang: language of the reasons, "ru" or "en".
        max_attempts: how often judging a message may break before the message is given up.
        alarm: told of what a person must see to: a line for people, and the cabinet.
    """

    def __init__(
        self,
        store: Store,
        client_for: Callable[[int], "MarketClient | None"],
        *,
        lang: str = "ru",
        max_attempts: int = 4,
        alarm: Callable[[str, int], None],
    ) -> None:
        self._store = store
        self._client_for = client_for
        self._lang = lang
        self._max_attempts = max_attempts
        self._alarm = alarm
        self._spent: Counter[str] = Counter()

    def count_request(self, method: str, *_: object) -> None:
        """Take note of a request that went to Market; written with the verdict it was spent on."""
        self._spent[method] += 1

    def check(self, key: MessageKey, *, owner: str) -> list[int]:
        """Judge a message unless it has its verdict; return the ids of new violations, of other messages too.

        `owner` names who asks: the same owner may take up its own unfinished work at once. What cannot be judged now
        waits in the store with its reason. Raises whatever broke the judging itself, after noting it.
        """
        claim = self._store.messages.claim(
            key, owner, rule_set=rules.RULE_SET, now=_now(), lease=LEASE, max_attempts=self._max_attempts
        )
        if claim is Claim.EXHAUSTED:
            self._give_up(key)
        if claim is not Claim.TAKEN:
            return []
        self._spent.clear()
        try:
            return self._check(key)
        except NotFoundError as error:
            self._store.messages.miss(key, reason=str(error), spent=self._spent)
        except MarketError as error:
            self._put_off(key, error)
        except OperatorError as error:  # the cabinet's key cannot be read
            retry_at = self._stop_cabinet(key.business_id, error, _now())
            self._store.messages.wait(key, reason=str(error), retry_at=retry_at)
        except Exception as error:
            reason = f"{type(error).__name__} while judging"
            self._store.messages.break_off(key, reason=reason, retry_at=_now() + BREAK)
            raise
        return []

    def _check(self, key: MessageKey) -> list[int]:
        client = self._client_for(key.business_id)
        if client is None:
            reason = f"cabinet {key.business_id} is not in the settings"
            self._store.messages.wait(key, reason=reason, retry_at=_now() + UNKNOWN_CABINET_DELAY)
            return []
        context = self._store.messages.context(key.business_id, key.chat_id)
        method = "getChatHistory" if context is None else "getChatMessage"
        pause = self._store.pauses.find(key.business_id, method)
        if pause and pause.until > _now():
            self._store.messages.wait(key, reason=pause.reason, retry_at=pause.until)
            return []
        if context is None:
            context, messages = self._read_history(client, key)
        else:
            messages = [client.get_chat_message(key.chat_id, key.message_id)]
        if pause:
            self._store.pauses.end(key.business_id, pause.method)
        try:
            reading = self._judge(key, messages, context)
        except RuleError:
            # Which one broke is not told: the others get their verdicts under their own ids.
            asked = [message for message in messages if message.message_id == key.message_id]
            reading = self._judge(key, asked, context)
        return self._store.messages.record(reading, now=_now())

    def _read_history(self, client: "MarketClient", key: MessageKey) -> tuple[ChatContext, list[Message]]:
        """Read a chat that is new to us: one request tells what it is about and brings up to 100 messages."""
        history = client.get_chat_history(key.chat_id, message_id_from=key.message_id)
        messages = list(history.messages)
        if all(message.message_id != key.message_id for message in messages):
            messages.append(client.get_chat_message(key.chat_id, key.message_id))
        about = history.context
        return ChatContext(about.type, about.order_id, about.return_id), messages

    def _judge(self, key: MessageKey, messages: Iterable[Message], context: ChatContext) -> Reading:
        read = sorted((_readable(message) for message in messages), key=_age)
        shop = [message for message in read if message.sender == PARTNER]
        violations: list[FoundViolation] = []
        if shop:
            earlier, later = self._store.messages.shop_messages_around(
                key.business_id, key.chat_id, shop[0].message_id, shop[-1].message_id, limit=NEIGHBOURS
            )
            together = [*earlier, *shop, *later]
            verdict = judge(
                [rules.Message(message.text or "", file_names=message.file_names) for message in together],
                # A message that came late changes how those after it read.
                since=0 if later else len(earlier),
                own_numbers=context.own_numbers,
                lang=self._lang,
            )
            violations = [
                _violation(together[finding.message], finding)
                for finding in verdict.findings
                if finding.severity is Severity.VIOLATION
            ]
        return Reading(
            key.business_id, key.chat_id, rules.RULE_SET, read, violations, context=context, requests=self._spent
        )

    def _put_off(self, key: MessageKey, error: MarketError) -> None:
        """Let a message wait, and stop as much of the cabinet as the error says."""
        now, business_id = _now(), key.business_id
        if error.permanent and error.scope is Scope.REQUEST:
            self._store.messages.fail(key, reason=str(error), spent=self._spent)
            self._alarm(f"Market refuses a request of Chatwarden's: {error}", business_id)
            return
        retry_at = error.retry_at
        if error.permanent and error.scope is Scope.CABINET:
            retry_at = self._stop_cabinet(business_id, error, now)
        elif error.scope is Scope.METHOD:
            retry_at = retry_at or now + CABINET_DELAY[0]
            self._store.pauses.begin(business_id, error.method, now=now, until=retry_at, reason=str(error))
        if retry_at is None:
            retry_at = now + _delay(now - self._store.messages.first_seen_at(key), MESSAGE_DELAY)
        self._store.messages.wait(key, reason=str(error), retry_at=retry_at, spent=self._spent)

    def _stop_cabinet(self, business_id: int, error: Exception, now: datetime) -> datetime:
        """Stop a cabinet whose key does not work, tell once, and return when the key is tried again."""
        stopped = self._store.pauses.find(business_id, WHOLE_CABINET)
        until = now + _delay(now - stopped.since if stopped else timedelta(), CABINET_DELAY)
        if self._store.pauses.begin(business_id, WHOLE_CABINET, now=now, until=until, reason=str(error)):
            self._alarm(f"Cabinet {business_id} is stopped, its key does not work: {error}", business_id)
        return until

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


def _delay(lasted: timedelta, bounds: tuple[timedelta, timedelta]) -> timedelta:
    """As long again as the trouble has lasted, within bounds, with jitter so that not all come back at once."""
    return min(max(lasted, bounds[0]), bounds[1]) * random.uniform(0.75, 1.25)


def _age(message: JudgedMessage) -> tuple[datetime, int]:
    return message.created_at, message.message_id


def _readable(message: Message) -> JudgedMessage:
    """Keep the shop's words alone; Market's are looked at once, for its reminder."""
    if message.sender == PARTNER:
        return JudgedMessage(message.message_id, message.created_at, PARTNER, message.text or "", message.file_names)
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
