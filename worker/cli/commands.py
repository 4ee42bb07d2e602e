"""All commands together, and the options that stand before each."""

import os
from pathlib import Path
from typing import Annotated

import typer

from worker.cli import auditing, check, doctor, figures, ids, init, privacy, rules, run, serving, sweeping
from worker.settings import CONFIG_VARIABLE
from worker.version import VERSION

app = typer.Typer(
    name="chatwarden",
    help="Checks what a shop writes to buyers in Yandex.Market chats against Market's chat policy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # errors are plain lines
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (init, doctor, run, serving, ids, sweeping, auditing, check, figures, rules, privacy):
    room.add_to(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chatwarden {VERSION}")
        raise typer.Exit


@app.callback()
def _before_every_command(
    config: Annotated[
        Path | None, typer.Option(help="The settings file; chatwarden.toml in this folder unless given.")
    ] = None,
    version: Annotated[  # noqa: ARG001 - the option acts by its callback
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    # Worker processes that this one starts read the same file.
    if config is not None:
        os.environ[CONFIG_VARIABLE] = str(config.absolute())
