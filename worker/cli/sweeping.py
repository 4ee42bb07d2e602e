"""`chatwarden sweep` and `retry`: look again, at once."""

import os
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from worker import settings
from worker.cli.times import point_in_time
from worker.logs import set_up_logging
from worker.store import Store

Business = Annotated[int | None, typer.Option("--business", min=1, max=2**63 - 1, help="Only this cabinet.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (sweep, retry):
        app.command()(command)


def sweep(
    business: Business = None,
    since: Annotated[str, typer.Option(help="How far back: 30d, 12h, 2026-10-01 or a full time.")] = "",
) -> None:
    """Read all chats that have moved and judge what has no verdict."""
    from worker import pipeline

    current = settings.load()
    set_up_logging(current.log_level, current.log_format)
    numbers = [cabinet.business_id for cabinet in current.require_cabinets()]
    current.require_cabinet(business)
    back = point_in_time("since", since or f"{current.sweep_back_days}d")
    rooms = pipeline.build(current)
    troubles = 0
    with closing(rooms.store), _progress() as progress:
        for number in numbers if business is None else [business]:
            task = progress.add_task(pipeline.cabinet_title(current, number), total=None, chats=0, messages=0)
            chats = messages = 0
            for step in rooms.sweeper.run(number, owner=f"sweep-{os.getpid()}", since=back or datetime.now(UTC)):
                chats, messages = chats + step.chats, messages + step.messages
                progress.update(task, chats=chats, messages=messages)
                if step.trouble:
                    troubles += 1
                    typer.echo(f"chatwarden: cabinet {number}: {step.trouble}", err=True)
            progress.update(task, total=1, completed=1)
            typer.echo(f"{pipeline.cabinet_title(current, number)}: {chats} chats, {messages} messages read")
        rooms.outbox.report_all()
    if troubles:
        raise typer.Exit(1)


def retry(business: Business = None) -> None:
    """Let failed messages be judged again."""
    with closing(Store.open(settings.load().effective_database_url)) as store:
        count = store.messages.retry_failed(business, now=datetime.now(UTC))
    typer.echo(f"{count} messages wait to be judged again")


def _progress() -> Progress:
    console = Console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[chats]} chats, {task.fields[messages]} messages"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)
