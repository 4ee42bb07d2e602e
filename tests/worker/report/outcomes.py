"""Outcomes of audits as the report's tests need them: invented shops, made violations."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from worker.audit.outcome import CabinetOutcome, Outcome
from worker.store import JudgedMessage, MessageKey, NotJudged, Reminder, Sums, Violation

SINCE = datetime(2026, 10, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=31)
PHONE = "8 912 000-11-22"
TEXT = f"Звоните {PHONE}, ждём"


def violation(
    number: int = 1, text: str | None = TEXT, evidence: str = PHONE, *, rule: str = "phone", business_id: int = 1
) -> Violation:
    start = (text or evidence).index(evidence)
    written = SINCE + timedelta(hours=number % 700)
    return Violation(
        id=number,
        business_id=business_id,
        chat_id=70,
        message_id=9_000_000_000_000_000_000 + number,
        rule=rule,
        category={"link": "outside-link", "contact-request": "contact-request"}.get(rule, "contact-offer"),
        severity="violation",
        confidence=0.9,
        start=start,
        end=start + len(evidence),
        evidence=evidence,
        reason="В сообщении есть номер телефона.",
        created_at=written,
        found_at=written + timedelta(seconds=2),
        reported_at=written + timedelta(seconds=3) if number % 2 else None,
        order_id=50_000_000_001,
        text=text,
        file_names=(),
    )


def reminder(number: int, *, of: MessageKey | None = None, reported_at: datetime | None = None) -> Reminder:
    return Reminder(MessageKey(1, 70, number), SINCE + timedelta(days=2), of, reported_at)


def cabinet(
    violations: Sequence[Violation] = (),
    *,
    business_id: int = 1,
    name: str = "Полка Плюс",
    not_judged: Sequence[NotJudged] = (),
    reminders: Sequence[Reminder] = (),
    whole: bool = True,
) -> CabinetOutcome:
    words = [JudgedMessage(1, SINCE, "PARTNER", f"Тут {PHONE}")]
    return CabinetOutcome(
        business_id=business_id,
        name=name,
        whole=whole,
        trouble=None,
        sums=Sums(chats=3, messages=40, partner_messages=20),
        not_judged=not_judged,
        violations=violations,
        reminders=reminders,
        last_words={one.key: words for one in reminders if one.missed},
    )


def outcome(*cabinets: CabinetOutcome) -> Outcome:
    return Outcome("f" * 32, SINCE, UNTIL, "rules-1", SINCE, UNTIL, cabinets)
