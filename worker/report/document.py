"""The report as JSON: the figures that the other formats show too."""

from collections.abc import Callable, Mapping
from typing import Any

from worker.audit.outcome import CabinetOutcome, Outcome
from worker.masking import CONTACT_RULES, mask
from worker.report.wording import counted
from worker.store import NotJudged, Reminder, Violation


def document(outcome: Outcome, *, unmask: bool = False) -> dict[str, Any]:
    """Return the report of an audit; contacts are masked unless `unmask`."""
    return {
        "since": outcome.since.isoformat(),
        "until": outcome.until.isoformat(),
        "rule_set": outcome.rule_set,
        "cabinets": [_cabinet(cabinet, shown(unmask)) for cabinet in outcome.cabinets],
        "totals": totals(outcome),
    }


def totals(outcome: Outcome) -> dict[str, Any]:
    """Return the sums over all cabinets."""
    cabinets, reminders = outcome.cabinets, outcome.reminders
    return {
        "chats": sum(cabinet.sums.chats for cabinet in cabinets),
        "messages": sum(cabinet.sums.messages for cabinet in cabinets),
        "partner_messages": sum(cabinet.sums.partner_messages for cabinet in cabinets),
        "judged": sum(cabinet.judged for cabinet in cabinets),
        "not_judged": sum(len(cabinet.not_judged) for cabinet in cabinets),
        "violations": len(outcome.violations),
        "reminders": len(reminders),
        "ahead": sum(reminder.ahead_s is not None and reminder.ahead_s > 0 for reminder in reminders),
        "median_lead_s": outcome.median_lead_s,
        "missed": sum(reminder.missed for reminder in reminders),
    }


def verdict(outcome: Outcome, words: Mapping[str, str]) -> str:
    """Say in one sentence what the audit came to."""
    sums = {name: counted(count) for name, count in totals(outcome).items() if isinstance(count, int)}
    covered = "unfinished" if not outcome.whole else "all_judged" if outcome.covered else "some_judged"
    found = "violations_found" if outcome.violations else "no_violations"
    clauses = [words[covered], words[found]]
    if outcome.missed:
        clauses.append(words["some_missed"])
    elif outcome.reminders and all((reminder.ahead_s or 0) > 0 for reminder in outcome.reminders):
        clauses.append(words["none_missed"])
    return ", ".join(clause.format(**sums) for clause in clauses)


def shown(unmask: bool) -> Callable[[Violation], str]:
    """Return how evidence may be shown."""
    if unmask:
        return lambda violation: violation.evidence
    return lambda violation: mask(violation.evidence, gives_contact=violation.rule in CONTACT_RULES)


def as_fields(violation: Violation, evidence: str) -> dict[str, Any]:
    """Return a violation as programs get it, with its evidence as it may be shown."""
    return {
        "business_id": violation.business_id,
        "chat_id": violation.chat_id,
        "message_id": violation.message_id,
        "rule": violation.rule,
        "category": violation.category,
        "severity": violation.severity,
        "start": violation.start,
        "end": violation.end,
        "evidence": evidence,
        "reason": violation.reason,
        "created_at": violation.created_at.isoformat(),
        "found_at": violation.found_at.isoformat(),
        "reported_at": violation.reported_at.isoformat() if violation.reported_at else None,
    }


def _cabinet(cabinet: CabinetOutcome, evidence: Callable[[Violation], str]) -> dict[str, Any]:
    return {
        "business_id": cabinet.business_id,
        "name": cabinet.name,
        "chats": cabinet.sums.chats,
        "messages": cabinet.sums.messages,
        "partner_messages": cabinet.sums.partner_messages,
        "judged": cabinet.judged,
        "not_judged": [NotJudged._asdict(one) for one in cabinet.not_judged],
        "violations": [as_fields(violation, evidence(violation)) for violation in cabinet.violations],
        "reminders": [_reminder(reminder) for reminder in cabinet.reminders],
    }


def _reminder(reminder: Reminder) -> dict[str, Any]:
    return {
        "chat_id": reminder.key.chat_id,
        "message_id": reminder.key.message_id,
        "created_at": reminder.created_at.isoformat(),
        "ahead_s": reminder.ahead_s,
        "missed": reminder.missed,
    }
