"""What an audit came to: coverage, violations and Market's reminders of each cabinet, gathered from the store."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from statistics import median
from typing import Literal

import rules
from worker.store import (
    Audit,
    AuditState,
    Filter,
    JudgedMessage,
    MessageKey,
    NotJudged,
    Reminder,
    Store,
    Sums,
    Violation,
)

LAST_WORDS = 5  # of the shop before a reminder


@dataclass(frozen=True, slots=True)
class CabinetOutcome:
    """What the audit of one cabinet came to.

    Attributes:
        whole: whether all of it was read.
        sums: chats and messages of the period.
        not_judged: the shop's messages without a verdict, and the chats that could not be read.
        last_words: what the shop wrote last before a reminder that was missed, by the reminder.
    """

    business_id: int
    name: str
    whole: bool
    trouble: str | None
    sums: Sums
    not_judged: Sequence[NotJudged]
    violations: Sequence[Violation]
    reminders: Sequence[Reminder]
    last_words: Mapping[MessageKey, Sequence[JudgedMessage]]

    @property
    def title(self) -> str:
        """The cabinet as people call it."""
        return f"{self.name} ({self.business_id})" if self.name else str(self.business_id)

    @property
    def judged(self) -> int:
        """How many messages of the shop have a verdict: all that were read but those told as not judged."""
        return self.sums.partner_messages - sum(one.message_id is not None for one in self.not_judged)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an audit came to, in all its cabinets."""

    run_id: str
    since: datetime
    until: datetime
    rule_set: str
    started_at: datetime
    finished_at: datetime | None
    cabinets: Sequence[CabinetOutcome]

    @property
    def duration_s(self) -> float | None:
        """How many seconds it took, None while it is under way."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    @property
    def whole(self) -> bool:
        """Whether every cabinet was read to its end."""
        return all(cabinet.whole for cabinet in self.cabinets)

    @property
    def covered(self) -> bool:
        """Whether every message of the shop was read and has a verdict."""
        return self.whole and not any(cabinet.not_judged for cabinet in self.cabinets)

    @property
    def missed(self) -> list[Reminder]:
        """The reminders before which nothing had been found."""
        return [reminder for reminder in self.reminders if reminder.missed]

    @property
    def level(self) -> Literal["error", "warning", "info"]:
        """How bad it is, as Sentry words it: an error is what Chatwarden did not see, a warning what the shop did."""
        if self.missed or not self.covered:
            return "error"
        return "warning" if self.violations else "info"

    @property
    def reminders(self) -> list[Reminder]:
        """Market's reminders in all cabinets."""
        return [reminder for cabinet in self.cabinets for reminder in cabinet.reminders]

    @property
    def violations(self) -> list[Violation]:
        """The violations in all cabinets."""
        return [violation for cabinet in self.cabinets for violation in cabinet.violations]

    @property
    def median_lead_s(self) -> float | None:
        """Return by how many seconds a report was ahead of Market, in the median of those that were."""
        return median_lead_s(self.reminders)


def median_lead_s(reminders: Iterable[Reminder]) -> float | None:
    """Return the median of the leads; None where no report was ahead."""
    leads = [reminder.ahead_s for reminder in reminders if reminder.ahead_s is not None and reminder.ahead_s > 0]
    return median(leads) if leads else None


def gather(store: Store, run_id: str, name_of: Callable[[int], str]) -> Outcome:
    """Gather what a run came to."""
    audits = store.audits.run(run_id)
    finished = [audit.finished_at for audit in audits if audit.finished_at]
    return Outcome(
        run_id,
        audits[0].since,
        audits[0].until,
        rules.RULE_SET,
        min(audit.started_at for audit in audits),
        max(finished) if len(finished) == len(audits) else None,
        [_of_cabinet(store, audit, name_of(audit.business_id)) for audit in audits],
    )


def _of_cabinet(store: Store, audit: Audit, name: str) -> CabinetOutcome:
    reminders = list(store.reminders.find(audit.business_id, since=audit.since, until=audit.until))
    return CabinetOutcome(
        business_id=audit.business_id,
        name=name,
        whole=audit.state is AuditState.DONE,
        trouble=audit.trouble,
        sums=store.audits.sums(audit),
        not_judged=list(store.audits.not_judged(audit)),
        violations=list(store.violations.find(Filter(audit.business_id, since=audit.since, until=audit.until))),
        reminders=reminders,
        last_words={one.key: _last_words(store, one.key) for one in reminders if one.missed},
    )


def _last_words(store: Store, before: MessageKey) -> list[JudgedMessage]:
    around = store.messages.shop_messages_around(*before, before.message_id, limit=LAST_WORDS)
    said = [message for message in around if message.message_id < before.message_id]
    return sorted(said, key=attrgetter("message_id"))
