"""All commands together, each loaded when it is asked for, and the options that stand before each."""

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from worker.settings import CONFIG_VARIABLE
from worker.version import VERSION

# Where each command stands, in the order of the help.
ROOMS = {
    "init": "init",
    "doctor": "doctor",
    "migrate": "doctor",
    "backup": "backup",
    "demo": "run",
    "up": "run",
    "worker": "run",
    "beat": "run",
    "serve": "serving",
    "enqueue": "ids",
    "sweep": "sweeping",
    "retry": "sweeping",
    "audit": "auditing",
    "backtest": "backtesting",
    "check": "check",
    "status": "figures",
    "violations": "figures",
    "config": "figures",
    "rules": "rules",
    "explain": "rules",
    "forget": "privacy",
}


class Commands(TyperGroup):
    """The commands, none of which is loaded before it is needed: what runs for years holds no more than its own."""

    def list_commands(self, _ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the names of all commands."""
        return list(ROOMS)

    def get_command(self, _ctx: typer.Context, name: str) -> Any:  # type: ignore[override]
        """Return a command, None where there is none of that name."""
        if name not in ROOMS:
            return None
        room = typer.Typer(rich_markup_mode=None)
        import_module(f"worker.cli.{ROOMS[name]}").add_to(room)
        return get_group(room).commands[name]


app = typer.Typer(
    cls=Commands,
    name="chatwarden",
    help="Checks what a shop writes to buyers in Yandex.Market chats against Market's chat policy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # errors are plain lines
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
