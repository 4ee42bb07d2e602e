"""What Sentry is told of audits: how the schedule goes, what each came to, and what Market saw first."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from worker.alerts import Channel, CheckIn
from worker.audit.outcome import Outcome
from worker.report.document import totals, verdict
from worker.report.wording import WORDING
from worker.store import Reminder, Store

if TYPE_CHECKING:
    from sentry_sdk.types import Event, MonitorConfig

MISSES_AT_ONCE = 20
LATE_MIN = 15  # minutes after which a scheduled audit that did not begin is overdue
LONGEST = timedelta(hours=6)  # of a scheduled audit; then it is given up

_MISSED = {
    "ru": "Маркет напомнил магазину о правилах, а найдено ничего не было",
    "en": "Market reminded the shop of the policy, and nothing had been found",
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of audits: the name of its monitor, when it is due, and where that is the time."""

    name: str
    crontab: str
    time_zone: str

    @property
    def monitor(self) -> str:
        """The slug of its monitor at Sentry."""
        return f"chatwarden-{self.name}"

    @property
    def config(self) -> "MonitorConfig":
        """What Sentry must know to miss it."""
        return {
            "schedule": {"type": "crontab", "value": self.crontab},
            "timezone": self.time_zone,
            "checkin_margin": LATE_MIN,
            "max_runtime": int(LONGEST.total_seconds() / 60) + LATE_MIN,
            "failure_issue_threshold": 1,
            "recovery_threshold": 1,
        }


class Teller:
    """Tells Sentry of audits; DeliveryError when it does not arrive.

    Args:
        store: what the audits found.
        channel: the way to Sentry.
        cabinet_title: a cabinet's name for people, by its number.
        lang: language of the titles, "ru" or "en".
    """

    def __init__(self, store: Store, channel: Channel, cabinet_title: Callable[[int], str], *, lang: str) -> None:
        self._store = store
        self._channel = channel
        self._cabinet_title = cabinet_title
        self._lang = lang

    def begun(self, run_id: str, schedule: Schedule) -> None:
        """Tell a schedule's monitor that its work is under way."""
        self._channel.check_in(CheckIn(schedule.monitor, run_id, "in_progress", None, schedule.config))

    def ended(self, outcome: Outcome, schedule: Schedule | None = None) -> None:
        """Tell what an audit came to, and the monitor of its schedule that it is done."""
        self._channel.send(self._summary(outcome))
        if schedule:
            status = "ok" if outcome.whole else "error"
            check_in = CheckIn(schedule.monitor, outcome.run_id, status, outcome.duration_s, schedule.config)
            self._channel.check_in(check_in)
        figures = totals(outcome) | {"level": outcome.level}
        self._store.audits.note_told(outcome.run_id, figures=figures, now=datetime.now(UTC))

    def misses(self) -> None:
        """Tell of reminders of Market's that came before anything was found, each once."""
        for reminder in self._store.reminders.untold(limit=MISSES_AT_ONCE):
            if reminder.missed:
                self._channel.send(self._miss(reminder))
            self._store.reminders.mark_told(reminder.key, now=datetime.now(UTC))

    def _summary(self, outcome: Outcome) -> "Event":
        said = verdict(outcome, WORDING[self._lang])
        return {
            "event_id": outcome.run_id,
            "timestamp": datetime.now(UTC),
            "level": outcome.level,
            "logger": "chatwarden",
            "logentry": {"formatted": f"{said}: {outcome.since:%Y-%m-%d %H:%M} – {outcome.until:%Y-%m-%d %H:%M} UTC"},
            "fingerprint": ["audit", outcome.level],
            "tags": {"kind": "audit", "rule_set": outcome.rule_set},
            "contexts": {"audit": totals(outcome), **_by_cabinet(outcome, self._cabinet_title)},
        }

    def _miss(self, reminder: Reminder) -> "Event":
        business_id, chat_id, message_id = (str(number) for number in reminder.key)
        title = self._cabinet_title(reminder.key.business_id)
        return {
            # The same for the same reminder, so that a repeat after a crash is the same event.
            "event_id": uuid.uuid5(uuid.NAMESPACE_OID, "/".join((business_id, chat_id, message_id))).hex,
            "timestamp": datetime.now(UTC),
            "level": "error",
            "logger": "chatwarden",
            "logentry": {"formatted": f"{_MISSED[self._lang]} — {title}"},
            "fingerprint": ["miss", business_id],
            "tags": {"kind": "miss", "business_id": business_id, "chat_id": chat_id, "message_id": message_id},
            "contexts": {"miss": {"cabinet": title, "reminded_at": reminder.created_at.isoformat()}},
        }


def _by_cabinet(outcome: Outcome, title: Callable[[int], str]) -> Mapping[str, dict[str, Any]]:
    return {
        f"cabinet {cabinet.business_id}": {
            "cabinet": title(cabinet.business_id),
            **cabinet.sums._asdict(),
            "judged": cabinet.judged,
            "not_judged": len(cabinet.not_judged),
            "violations": len(cabinet.violations),
            "missed": sum(reminder.missed for reminder in cabinet.reminders),
            "trouble": cabinet.trouble,
        }
        for cabinet in outcome.cabinets
    }
