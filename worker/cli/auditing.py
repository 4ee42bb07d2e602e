"""`chatwarden audit`: read a period to its last message, and report what was found."""

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from worker import settings
from worker.audit.auditor import Auditor, Period
from worker.audit.outcome import Outcome, gather
from worker.cli.check import Language
from worker.cli.times import point_in_time
from worker.errors import OperatorError
from worker.logs import set_up_logging
from worker.report.document import totals
from worker.settings import Settings
from worker.store import UnderWayError

if TYPE_CHECKING:
    from worker.report.files import Format

DEFAULT_SINCE = "30d"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(audit)


def audit(
    business: Annotated[
        list[int] | None, typer.Option("--business", min=1, max=2**63 - 1, help="Only this cabinet; may be repeated.")
    ] = None,
    since: Annotated[str, typer.Option(help="How far back: 30d, 12h, 2026-10-01 or a full time.")] = DEFAULT_SINCE,
    until: Annotated[str | None, typer.Option(help="Up to when; now unless given.")] = None,
    formats: Annotated[str, typer.Option("--format", help="Of html, csv, json one or several: html,csv.")] = "html",
    out: Annotated[
        Path | None,
        typer.Option(help="Where to; reports in data_dir unless given, but json alone is printed."),
    ] = None,
    lang: Annotated[Language | None, typer.Option(help="Of the HTML; that of the settings unless given.")] = None,
    unmask: Annotated[bool, typer.Option(help="Show contacts as they were written.")] = False,
) -> None:
    """Read all chats of a period to their last message, check that all is judged, and report what was found.

    Killed or stopped, the same command goes on where it was. Exit code 1: not all could be read.
    """
    from worker import pipeline
    from worker.report.files import JSON_ALONE, as_json, write
    from worker.report.page import Reader

    current = settings.load()
    set_up_logging(current.log_level, current.log_format)
    wanted = _formats(formats)
    numbers = _cabinets(current, business)
    period = _period(since, until, numbers)
    rooms = pipeline.build(current)
    with closing(rooms.store):
        try:
            run_id = rooms.auditor.open(numbers, period)
            _run(rooms.auditor, run_id, {number: pipeline.cabinet_title(current, number) for number in numbers})
        except UnderWayError as error:
            raise OperatorError(f"{error}; wait until it ends") from None
        rooms.outbox.report_all()
        rooms.rounds.tell()
        outcome = gather(rooms.store, run_id, current.name_of)
    if wanted == JSON_ALONE and out is None:
        typer.echo(as_json(outcome, unmask=unmask))
    else:
        reader = Reader(lang or current.language, current.zone, unmask)
        for file in write(outcome, wanted, out or current.data_dir / "reports", reader):
            typer.echo(file)
    _say(outcome)
    if not outcome.whole:
        raise typer.Exit(1)


def _formats(given: str) -> "set[Format]":
    from worker.report.files import Format

    try:
        return {Format(name.strip()) for name in given.split(",")}
    except ValueError:
        known = ",".join(Format)
        raise OperatorError(f"--format {given!r} is unknown; write one or several of {known}") from None


def _cabinets(current: Settings, wanted: list[int] | None) -> list[int]:
    known = [cabinet.business_id for cabinet in current.require_cabinets()]
    for number in wanted or []:
        current.require_cabinet(number)
    return sorted(set(wanted or known))


def _period(since: str, until: str | None, numbers: list[int]) -> Period:
    now = datetime.now(UTC)
    begin, end = point_in_time("since", since) or now, point_in_time("until", until) or now
    if begin >= end:
        raise OperatorError(f"--since {since} is not before --until {until or 'now'}; mend one of them")
    return Period(begin, end, f"{since}..{until or 'now'} {numbers}")


def _run(auditor: Auditor, run_id: str, titles: dict[int, str]) -> None:
    with _progress() as progress:
        for number, title in titles.items():
            task = progress.add_task(title, total=None)
            for step in auditor.run(run_id, number, owner=f"audit-{os.getpid()}"):
                progress.update(task, completed=step.read, total=None if step.listing else step.listed)
                if step.trouble:
                    typer.echo(f"chatwarden: cabinet {number}: {step.trouble}", err=True)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} chats"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _say(outcome: Outcome) -> None:
    """Say in one line on stderr what the audit came to."""
    sums = totals(outcome)
    typer.echo(
        f"{sums['judged']} of {sums['partner_messages']} messages of the shop judged in {sums['chats']} chats, "
        f"{sums['violations']} violations, {sums['missed']} of {sums['reminders']} reminders of Market's missed",
        err=True,
    )
    if not outcome.whole:
        typer.echo("chatwarden: not all could be read; the same command goes on where this one stopped", err=True)
