"""`chatwarden up` as a user runs it, against the sandbox Market."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest

from tests.commands import CHATWARDEN, run_command
from tests.ports import free_port
from worker.sandbox.app import create_app
from worker.sandbox.server import running
from worker.sandbox.world import World, generated_world
from worker.store import Store

DEADLINE_S = 40.0


@pytest.fixture
def world() -> World:
    return generated_world(cabinets=2, chats=2, messages_a_chat=8, now=datetime.now(UTC))


@pytest.fixture
def environment(tmp_path: Path, world: World) -> Iterator[dict[str, str]]:
    cabinets = []
    for number, cabinet in world.cabinets.items():
        (tmp_path / f"key-{number}").write_text(f"{cabinet.api_key}\n")
        cabinets.append(
            {"business_id": number, "name": f"Shop {number}", "api_key_file": str(tmp_path / f"key-{number}")}
        )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHATWARDEN_", "SENTRY_"))}
    with running(create_app(world)) as market_url:
        yield {
            **inherited,
            "CHATWARDEN_CABINETS": json.dumps(cabinets),
            "CHATWARDEN_DATA_DIR": str(tmp_path / "data"),
            "CHATWARDEN_MARKET_URL": market_url,
            "CHATWARDEN_WEB_PORT": str(free_port()),
        }


@contextmanager
def up(environment: dict[str, str], printed: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `chatwarden up` until the block ends, then stop it as a service manager does."""
    with printed.open("wb") as output:
        process = subprocess.Popen([*CHATWARDEN, "up"], env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: "is up" in printed.read_text() or process.poll() is not None, printed)
        yield process
    finally:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        process.wait(DEADLINE_S)
        assert not psutil.wait_procs(children, timeout=5)[1], "processes are left behind"


def wait_for(met: Callable[[], bool], printed: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not met():
        assert time.monotonic() < deadline, printed.read_text()
        time.sleep(0.1)


def command(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, environment=environment)


def judged(environment: dict[str, str]) -> int:
    with closing(Store.open(f"sqlite:///{environment['CHATWARDEN_DATA_DIR']}/chatwarden.sqlite")) as store:
        return sum(cabinet.judged for cabinet in store.figures.status([]))


def test_it_says_of_each_key_whether_it_works_and_judges_what_is_enqueued(
    tmp_path: Path, environment: dict[str, str], world: World
) -> None:
    world.cabinets[2].scopes = ("PRICING",)
    ids = [str(message) for message in world.cabinets[1].chats[1].messages]

    with up(environment, tmp_path / "printed") as process:
        done = command(environment, "enqueue", "1", "1", *ids)
        assert (done.returncode, done.stdout) == (0, f"{len(ids)} taken, 0 refused\n")
        wait_for(lambda: judged(environment) == len(ids), tmp_path / "printed")
        doors = f"http://127.0.0.1:{environment['CHATWARDEN_WEB_PORT']}"
        wait_for(lambda: doors in (tmp_path / "printed").read_text(), tmp_path / "printed")
        assert httpx.get(f"{doors}/healthz", trust_env=False).is_success

    printed = (tmp_path / "printed").read_text()
    assert process.returncode == 0
    assert "cabinet Shop 1 (1): the key works, scopes COMMUNICATION" in printed
    assert "cabinet Shop 2 (2): the key may not read chats (it has PRICING)" in printed
    assert "Traceback" not in printed
    assert world.cabinets[1].api_key not in printed
    assert "номер" in command(environment, "violations").stdout
    assert command(environment, "enqueue", "1", "1", "1").returncode == 2  # nothing runs any more


def test_it_starts_again_a_child_that_was_killed(tmp_path: Path, environment: dict[str, str], world: World) -> None:
    ids = [str(message) for message in world.cabinets[1].chats[1].messages]

    with up(environment, tmp_path / "printed") as process:
        (redis,) = (child for child in psutil.Process(process.pid).children() if "server" in child.name())
        redis.kill()
        wait_for(lambda: "redis ended by itself" in (tmp_path / "printed").read_text(), tmp_path / "printed")
        wait_for(lambda: command(environment, "enqueue", "1", "1", *ids).returncode == 0, tmp_path / "printed")
        wait_for(lambda: judged(environment) == len(ids), tmp_path / "printed")


def test_it_refuses_to_start_when_no_key_works(tmp_path: Path, environment: dict[str, str], world: World) -> None:
    for cabinet in world.cabinets.values():
        cabinet.revoked = True

    done = command(environment, "up")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3
    assert "cabinet Shop 1 (1): getAuthTokenInfo: HTTP 401" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("chatwarden: no cabinet can be watched; mend the keys")


def test_two_of_them_do_not_share_a_data_folder(tmp_path: Path, environment: dict[str, str]) -> None:
    with up(environment, tmp_path / "printed"):
        done = command(environment, "up")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "is in use by another Chatwarden" in done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"CHATWARDEN_CABINETS": "[]"}, "no cabinet is set up; write into chatwarden.toml"),
        ({"CHATWARDEN_DATA_DIR": "/proc/chatwarden"}, "the data folder /proc/chatwarden cannot be written"),
        ({"CHATWARDEN_REDIS_URL": "redis://127.0.0.1:1/0"}, "Redis does not answer (ConnectionError)"),
        ({"CHATWARDEN_DATABASE_URL": "oracel://x"}, "database_url cannot be used"),
        ({"CHATWARDEN_CONFIG": "/nowhere/chatwarden.toml"}, "the configuration file /nowhere/chatwarden.toml does not"),
    ],
)
def test_it_says_in_one_line_what_is_wrong(environment: dict[str, str], change: dict[str, str], said: str) -> None:
    done = command({**environment, **change}, "up")

    assert done.returncode == 2
    errors = [line for line in done.stderr.splitlines() if line.startswith("chatwarden:")]
    assert len(errors) == 1
    assert said in errors[0]
    assert "Traceback" not in done.stderr
