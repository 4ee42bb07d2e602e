"""The report as one HTML file that asks nobody for anything: style, script, charts and data stand in it."""

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from rules import RULES, Category
from worker.audit.outcome import CabinetOutcome, Outcome
from worker.report import charts
from worker.report.document import document, totals, verdict
from worker.report.marking import marked, said
from worker.report.wording import WORDING, counted, lasted
from worker.store import MessageKey, Reminder, Violation
from worker.version import VERSION

KINDS = tuple(Category)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the report is written: language "ru" or "en", time zone, and whether contacts may be seen."""

    lang: str
    zone: ZoneInfo
    unmask: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        """What the report says."""
        return WORDING[self.lang]

    def time(self, time: datetime) -> str:
        """Write a time."""
        return f"{time.astimezone(self.zone):%d.%m.%Y %H:%M}"

    def lasted(self, seconds: float) -> str:
        """Write how long something took."""
        return lasted(seconds, self.words)


def page(outcome: Outcome, reader: Reader) -> str:
    """Return the report of an audit as HTML."""
    loader = PackageLoader("worker.report", "template")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(counted=counted, lasted=reader.lasted)
    # What json.dumps does to a buyer's name in Cyrillic makes the file three times as long.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    style, script = (loader.get_source(environment, name)[0] for name in ("page.css", "page.js"))
    template = environment.get_template("page.html.jinja")
    return template.render(
        **_said(outcome, reader),
        **_drawn(outcome, reader),
        data=_data(outcome, reader),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        version=VERSION,
    )


def _hash(source: str) -> str:
    """Name a style or script as a Content-Security-Policy does."""
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _said(outcome: Outcome, reader: Reader) -> dict[str, Any]:
    sums = totals(outcome)
    names = _titles(outcome)
    reminders = [(cabinet, reminder) for cabinet in outcome.cabinets for reminder in cabinet.reminders]
    return {
        "lang": reader.lang,
        "w": reader.words,
        "level": outcome.level,
        "verdict": verdict(outcome, reader.words),
        "period": f"{reader.time(outcome.since)} – {reader.time(outcome.until)}",
        "made": reader.time(outcome.finished_at or outcome.until),
        "zone": reader.zone.key,
        "rule_set": outcome.rule_set,
        "unmask": reader.unmask,
        "whole": outcome.whole,
        "totals": sums,
        "guilty": len({_key(violation) for violation in outcome.violations}),
        "misses": [_miss(cabinet, one, reader) for cabinet, one in reminders if one.missed],
        "reminders": [_reminder(one, names, reader) for _, one in reminders],
        "cabinets": [
            {**fields, "title": names[fields["business_id"]]}
            for fields in document(outcome, unmask=reader.unmask)["cabinets"]
        ],
    }


def _miss(cabinet: CabinetOutcome, reminder: Reminder, reader: Reader) -> dict[str, Any]:
    words = cabinet.last_words.get(reminder.key, ())
    return {
        "at": reader.time(reminder.created_at),
        "cabinet": cabinet.title,
        "chat_id": reminder.key.chat_id,
        "words": [{"at": reader.time(one.created_at), "text": said(one, unmask=reader.unmask)} for one in words],
    }


def _reminder(reminder: Reminder, names: Mapping[int, str], reader: Reader) -> dict[str, Any]:
    kind = "missed" if reminder.missed else "lead" if (reminder.ahead_s or 0) > 0 else "late"
    result = reader.words["was_missed"] if reminder.missed else reader.words["was_found"]
    return {
        "at": reader.time(reminder.created_at),
        "cabinet": names[reminder.key.business_id],
        "chat_id": reminder.key.chat_id,
        "message_id": reminder.key.message_id,
        "kind": kind,
        "result": _lead(reminder, reader) or result,
    }


def _lead(reminder: Reminder, reader: Reader) -> str | None:
    if reminder.ahead_s is None:
        return None
    how = "lead_row" if reminder.ahead_s > 0 else "late_row"
    return reader.words[how].format(time=reader.lasted(abs(reminder.ahead_s)))


def _drawn(outcome: Outcome, reader: Reader) -> dict[str, Any]:
    words, violations = reader.words, outcome.violations
    kinds = {str(kind): words[kind] for kind in KINDS}
    times = [(one.created_at.astimezone(reader.zone), one.category) for one in violations]
    since, until = (time.astimezone(reader.zone).date() for time in (outcome.since, outcome.until))
    if not times:
        return {"kinds": [], "weekly": False, "charts": {}}
    over_time, weekly = charts.over_time([(time.date(), kind) for time, kind in times], since, until, kinds)
    names = _titles(outcome)
    by_cabinet = Counter(names[one.business_id] for one in violations)
    by_hour = Counter((time.weekday(), time.hour) for time, _ in times)
    drawn = {
        "time": over_time,
        "rule": charts.by_name(Counter(one.rule for one in violations)),
        "cabinet": charts.by_name(by_cabinet) if len(outcome.cabinets) > 1 else "",
        "hour": charts.by_hour(by_hour, words["weekdays"].split()),
    }
    return {"kinds": list(kinds.values()), "weekly": weekly, "charts": drawn}


def _data(outcome: Outcome, reader: Reader) -> dict[str, Any]:
    """Return what the table is made of in the browser."""
    violations, names = outcome.violations, _titles(outcome)
    rules = sorted({one.rule for one in violations})
    leads = {one.of: _lead(one, reader) for one in outcome.reminders if one.of}
    ahead = {one.of for one in outcome.reminders if (one.ahead_s or 0) > 0}
    together: dict[MessageKey, list[Violation]] = defaultdict(list)
    for one in violations:
        together[_key(one)].append(one)
    row = partial(_row, rules=rules, cabinets=list(names), reader=reader)

    def lead(key: MessageKey) -> dict[str, Any]:
        return {"lead": leads.get(key), "ahead": key in ahead}

    shown = ("chat", "found", "message", "nothing", "not_reported", "order", "shown", "text_gone")
    return {
        "rows": [
            {**row(one, together[_key(one)]), "lead": leads.get(_key(one)), "ahead": _key(one) in ahead}
            for one in violations
        ],
        "rules": [{"name": name, "hint": _hint(name, reader)} for name in rules],
        "kinds": [reader.words[kind] for kind in KINDS],
        "cabinets": list(names.values()),
        "words": {name: reader.words[name] for name in shown},
    }


def _row(
    violation: Violation, together: list[Violation], *, rules: list[str], cabinets: list[int], reader: Reader
) -> dict[str, Any]:
    after = partial(_after, violation.created_at, reader=reader)
    reported = violation.reported_at
    return {
        "at": violation.created_at.timestamp(),
        "written": reader.time(violation.created_at),
        "found": after(violation.found_at),
        "reported": f"{reader.words['reported']} {after(reported)}" if reported else "",
        "took": (reported - violation.created_at).total_seconds() if reported else None,
        "rule": rules.index(violation.rule),
        "kind": KINDS.index(Category(violation.category)),
        "cabinet": cabinets.index(violation.business_id),
        # As text: a script would round numbers of this length.
        "chat": str(violation.chat_id),
        "message": str(violation.message_id),
        "order": str(violation.order_id) if violation.order_id else "",
        "pieces": marked(violation, together, unmask=reader.unmask),
        "gone": violation.text is None,
        "reason": violation.reason,
    }


def _after(written: datetime, then: datetime, *, reader: Reader) -> str:
    return reader.words["after"].format(time=reader.lasted((then - written).total_seconds()))


def _hint(rule: str, reader: Reader) -> str:
    return RULES[rule].hint.said(reader.lang) if rule in RULES else ""


def _titles(outcome: Outcome) -> dict[int, str]:
    return {cabinet.business_id: cabinet.title for cabinet in outcome.cabinets}


def _key(violation: Violation) -> MessageKey:
    return MessageKey(violation.business_id, violation.chat_id, violation.message_id)
