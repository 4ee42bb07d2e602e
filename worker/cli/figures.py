"""`chatwarden status`, `violations` and `config`: what stands in the store and in the settings."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker import settings
from worker.cli.options import AsJson, rule_ids
from worker.cli.times import point_in_time
from worker.masking import CONTACT_RULES, mask
from worker.report.document import as_fields
from worker.store import CabinetStatus, Filter, Store

_FIGURES = ("judged", "waiting", "missing", "failed", "violations", "unsent_alerts")
_HEADINGS = ("judged", "waiting", "missing", "failed", "violations", "unsent")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (status, violations, config):
        app.command()(command)


def config(as_json: AsJson = False) -> None:
    """Print the effective settings, secrets hidden."""
    shown = settings.load().shown()
    if as_json:
        typer.echo(json.dumps(dict(shown), ensure_ascii=False))
        return
    table = Table("setting", "value")
    for name, value in shown:
        table.add_row(name, value)
    _console().print(table)


def status(as_json: AsJson = False) -> None:
    """Show how many messages were judged, wait or failed, and what it cost, a cabinet each and in total."""
    current = settings.load()
    store = Store.open(current.effective_database_url)
    cabinets = store.figures.status(cabinet.business_id for cabinet in current.cabinets)
    store.close()
    total = _total(cabinets)
    if as_json:
        rows = [{**asdict(row), "name": current.name_of(row.business_id)} for row in cabinets]
        typer.echo(json.dumps({"cabinets": rows, "total": total}, ensure_ascii=False))
        return
    console = _console()
    table = Table("cabinet", *_HEADINGS, box=box.SIMPLE)
    for row in cabinets:
        figures = asdict(row)
        title = current.name_of(row.business_id) or str(row.business_id)
        table.add_row(title, *(str(figures[name]) for name in _FIGURES))
    table.add_section()
    table.add_row("total", *(str(total[name]) for name in _FIGURES))
    console.print(table)
    console.print(f"requests spent at Market: {_spent(total['requests'])}", soft_wrap=True)


def violations(
    business: Annotated[int | None, typer.Option(min=1, max=2**63 - 1, help="Only of this cabinet.")] = None,
    chat: Annotated[int | None, typer.Option(min=1, max=2**63 - 1, help="Only of this chat.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only found by this rule.", autocompletion=rule_ids)] = None,
    since: Annotated[str | None, typer.Option(help="Only written since: 30d, 12h, 2026-10-01 or a full time.")] = None,
    until: Annotated[str | None, typer.Option(help="Only written before.")] = None,
    unmask: Annotated[bool, typer.Option(help="Show contacts as they were written (always so with --json).")] = False,
    as_json: AsJson = False,
) -> None:
    """List violations, oldest first."""
    which = Filter(business, chat, rule, point_in_time("since", since), point_in_time("until", until))
    store = Store.open(settings.load().effective_database_url)
    found = store.violations.find(which)
    if as_json:
        for violation in found:
            typer.echo(json.dumps(as_fields(violation, violation.evidence), ensure_ascii=False))
        store.close()
        return
    table = Table(box=box.SIMPLE)
    # Two lines a row, so that a terminal of 80 columns has room for the evidence.
    table.add_column("written\ncabinet/chat/message", no_wrap=True)
    table.add_column("rule\nreported after", no_wrap=True)
    table.add_column("evidence", overflow="fold")
    for violation in found:
        evidence = (
            violation.evidence if unmask else mask(violation.evidence, gives_contact=violation.rule in CONTACT_RULES)
        )
        where = f"{violation.created_at:%Y-%m-%d %H:%M}\n"
        where += f"{violation.business_id}/{violation.chat_id}/{violation.message_id}"
        after = _lasted(violation.reported_at - violation.created_at) if violation.reported_at else "not yet"
        table.add_row(where, f"{violation.rule}\n{after}", Text(evidence))
    store.close()
    _console().print(table if table.row_count else "no violations")


def _console() -> Console:
    """Print names and evidence as they are: their brackets and colons are no markup."""
    return Console(markup=False, emoji=False, highlight=False)


def _total(cabinets: list[CabinetStatus]) -> dict[str, Any]:
    spent: Counter[str] = Counter()
    for row in cabinets:
        spent.update(row.requests)
    return {**{name: sum(getattr(row, name) for row in cabinets) for name in _FIGURES}, "requests": dict(spent)}


def _lasted(time: timedelta) -> str:
    """Round a time for people."""
    seconds = time.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _spent(requests: dict[str, int]) -> str:
    return ", ".join(f"{method} {count}" for method, count in sorted(requests.items())) or "-"
