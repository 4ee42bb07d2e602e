"""Records as the store's tests need them: one chat of one cabinet, at one moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from worker.store import ChatContext, Claim, FoundViolation, JudgedMessage, MessageKey, Reading, Store

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=90)
KEY = MessageKey(7, 70, 700)
RULES = "rules-1"


def claim(store: Store, key: MessageKey = KEY, owner: str = "a", *, rules: str = RULES, after_s: float = 0) -> Claim:
    now = NOW + timedelta(seconds=after_s)
    return store.messages.claim(key, owner, rule_set=rules, now=now, lease=LEASE, max_attempts=3)


def said(message_id: int = KEY.message_id, text: str = "звоните", sender: str = "PARTNER") -> JudgedMessage:
    return JudgedMessage(message_id, NOW, sender, text)


def found(
    message_id: int = KEY.message_id, rule: str = "phone", start: int = 0, created_at: datetime = NOW
) -> FoundViolation:
    return FoundViolation(
        message_id, created_at, rule, "contact-offer", "violation", 0.9, start, start + 7, "звоните", "Нельзя."
    )


def reading(
    *messages: JudgedMessage,
    violations: tuple[FoundViolation, ...] = (),
    key: MessageKey = KEY,
    rules: str = RULES,
    context: ChatContext | None = None,
    **requests: int,
) -> Reading:
    return Reading(
        key.business_id, key.chat_id, rules, messages, violations, context=context, requests=Counter(requests)
    )
