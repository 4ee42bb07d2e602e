from importlib import import_module
from pathlib import Path

import typer
from typer.main import get_group

from tests.worker.cli.conftest import Command
from worker.cli import commands
from worker.cli.commands import ROOMS


def test_every_command_of_every_room_is_there(chatwarden: Command) -> None:
    rooms = {path.stem for path in Path(commands.__file__).parent.glob("*.py") if "def add_to" in path.read_text()}
    assert set(ROOMS.values()) == rooms
    for name in rooms:
        room = typer.Typer()
        import_module(f"worker.cli.{name}").add_to(room)
        assert set(get_group(room).commands) == {command for command, where in ROOMS.items() if where == name}
    told = chatwarden("--help").out
    assert all(f"\n  {command} " in told for command in ROOMS)


def test_a_command_that_there_is_not(chatwarden: Command) -> None:
    answer = chatwarden("wroker")
    assert answer.code == 2
    assert "No such command 'wroker'" in answer.err
