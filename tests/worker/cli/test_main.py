import signal
from pathlib import Path

import pytest

from tests.worker.cli.conftest import Command, Start
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
