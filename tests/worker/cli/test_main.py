import shlex
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import CHATWARDEN
from tests.worker.cli.conftest import Command, Start
from worker.store import Store, engine
from worker.version import VERSION

COMMANDS = ("demo", "up", "worker", "beat", "enqueue", "check", "status", "violations", "config", "rules")


def test_help_names_every_command(chatwarden: Command) -> None:
    for answer in (chatwarden("--help"), chatwarden("-h")):
        assert answer.code == 0
        for command in COMMANDS:
            assert f"\n  {command} " in answer.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps(chatwarden: Command, command: str) -> None:
    answer = chatwarden(command, "--help")
    assert answer.code == 0
    assert f"chatwarden {command}" in answer.out


def test_the_version_is_printed(chatwarden: Command) -> None:
    assert chatwarden("--version").out == f"chatwarden {VERSION}\n"


@pytest.mark.parametrize("arguments", [("nonsense",), ("check", "--nonsense"), ("violations", "--chat", "x"), ()])
def test_bad_use_is_exit_code_2_without_a_traceback(chatwarden: Command, arguments: tuple[str, ...]) -> None:
    answer = chatwarden(*arguments)
    assert answer.code == 2
    assert "Usage: " in answer.err + answer.out
    assert "Traceback" not in answer.err


def test_the_settings_file_may_be_named(chatwarden: Command, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('data_dir = "elsewhere"')
    assert "elsewhere" in chatwarden("--config", "other.toml", "config").out
    assert chatwarden("--config", "no.toml", "config").error == (
        f"the configuration file {tmp_path}/no.toml does not exist; mend CHATWARDEN_CONFIG or --config"
    )


def test_a_locked_database_is_one_line(chatwarden: Command, environment: pytest.MonkeyPatch) -> None:
    Store.open("sqlite:///chatwarden-data/chatwarden.sqlite").close()
    environment.setattr(engine, "BUSY_TIMEOUT_S", 0.1)
    with closing(sqlite3.connect("chatwarden-data/chatwarden.sqlite", isolation_level=None)) as another:
        another.execute("BEGIN EXCLUSIVE")
        assert chatwarden("retry").error.startswith("the database cannot be used now (database is locked); see that")


@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        (">/dev/full", "chatwarden: input or output failed (No space left on device); see where they lead to\n"),
        (">&-", ""),
        ("2>&- >&-", ""),
    ],
)
def test_output_that_leads_nowhere_is_no_traceback(redirection: str, said: str) -> None:
    command = f"{shlex.join(CHATWARDEN)} check --format jsonl - {redirection}"
    ended = subprocess.run(["/bin/sh", "-c", command], input=b'{"id": 1, "text": ""}', capture_output=True, timeout=60)
    assert (ended.returncode, ended.stderr.decode()) == (2, said)


def test_ctrl_c_ends_a_command_quietly(process: Start) -> None:
    with process("check", "--format", "jsonl", "-") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b'{"id": 1, "text": ""}\n')
        running.stdin.flush()
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, b"")
