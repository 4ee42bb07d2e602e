import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands import CHATWARDEN
from worker.cli import main

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that a refused command leaves on stderr."""
        assert self.code == 2
        assert self.out == ""
        [line] = self.err.splitlines()
        assert line.startswith("chatwarden: ")
        return line.removeprefix("chatwarden: ")


Command = Callable[..., Answer]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def chatwarden(environment: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """Run the command line in this process, in an empty folder and without settings."""

    def run(*arguments: str, stdin: bytes = b"") -> Answer:
        environment.setattr(sys, "argv", ["chatwarden", *arguments])
        environment.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsysbinary.readouterr()
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsysbinary.readouterr()
        return Answer(code, out.decode(), err.decode())

    return run


@pytest.fixture
def process(environment: pytest.MonkeyPatch) -> Start:
    """Start the command line as a process of its own, with pipes to it."""

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        path = {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [*CHATWARDEN, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **path}
        )

    return start
