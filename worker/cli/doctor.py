"""`chatwarden doctor` and `migrate`: what is wrong and how to mend it."""

import json
from contextlib import closing
from dataclasses import asdict

import typer
from rich.console import Console
from rich.text import Text

from worker import settings
from worker.cli.options import AsJson
from worker.store import Store, revisions

ALL_WELL, SOMETHING_WRONG = 0, 1

_STYLES = {"ok": "green", "warning": "yellow", "wrong": "bold red"}


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (doctor, migrate):
        app.command()(command)


def doctor(as_json: AsJson = False) -> None:
    """Look at everything that can be wrong, a line each. Exit code 0: nothing is wrong, 1: something is."""
    current = settings.load()
    from worker.doctor.diagnosis import State
    from worker.doctor.visit import examine

    console = Console(highlight=False, soft_wrap=True)
    code = ALL_WELL
    for found in examine(current):
        code = SOMETHING_WRONG if found.state is State.WRONG else code
        if as_json:
            typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        else:
            console.print(Text(f"{found.state:8}", style=_STYLES[found.state]), Text(f"{found.part:14} {found}"))
    raise typer.Exit(code)


def migrate() -> None:
    """Bring the database's schema up to date; a start does so too."""
    url = settings.load().effective_database_url
    before, newest = revisions(url)
    with closing(Store.open(url)):
        came = {None: "there was none", newest: "as it was"}
        typer.echo(f"the schema is {newest}, {came.get(before, f'it was {before}')}")
