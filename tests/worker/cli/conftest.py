import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from tests.commands import CHATWARDEN
from tests.leaks import assert_no_leak
from tests.sandbox_market import Market, sandbox_market
from worker.cli import main
from worker.sandbox.world import generated_world
from worker.store import Store

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


def ended(process: Start, *arguments: str) -> Answer:
    """Run a command in a process of its own, whose end closes its connections."""
    command = process(*arguments)
    out, err = command.communicate(timeout=60)
    assert_no_leak(err.decode())
    return Answer(command.returncode, out.decode(), err.decode())


@pytest.fixture
def two_shops(queue: redis.Redis, environment: pytest.MonkeyPatch) -> Iterator[Market]:
    """Two cabinets with three chats of eight messages each, and the settings of both."""
    world = generated_world(cabinets=2, chats=3, messages_a_chat=8)
    cabinets = []
    for number, cabinet in world.cabinets.items():
        environment.setenv(f"KEY_{number}", cabinet.api_key)
        cabinets.append({"business_id": number, "name": f"Shop {number}", "api_key_env": f"KEY_{number}"})
    environment.setenv("CHATWARDEN_CABINETS", json.dumps(cabinets))
    environment.setenv("CHATWARDEN_DATA_DIR", "data")
    environment.setenv("NO_PROXY", "127.0.0.1")
    with sandbox_market(world) as market:
        environment.setenv("CHATWARDEN_MARKET_URL", market.url)
        yield market


@pytest.fixture
def kept(two_shops: Market) -> Iterator[Store]:
    store = Store.open("sqlite:///data/chatwarden.sqlite")
    yield store
    store.close()
