"""The sandbox as a process of its own."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from worker.sandbox.__main__ import main
from worker.sandbox.world import demo_world, generated_world

NOW = "2026-11-23T02:00:00+00:00"

Launch = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    with ExitStack() as stack:

        def launched(*options: str) -> tuple[subprocess.Popen[str], str]:
            ready = tmp_path / "port"
            command = [sys.executable, "-m", "worker.sandbox", "--ready-file", str(ready), *options]
            process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            stack.enter_context(process)
            stack.callback(process.kill)
            deadline = time.monotonic() + 20
            while not ready.exists():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            return process, f"http://127.0.0.1:{int(ready.read_text())}"

        yield launched


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_world_that_its_parent_can_build_too_until_it_is_stopped(
    launch: Launch, number: signal.Signals
) -> None:
    process, url = launch("--seed", "3", "--now", NOW)
    world = demo_world(3, datetime(2026, 11, 23, 2, tzinfo=UTC))

    lines = httpx.get(f"{url}/sandbox/messages").text.splitlines()
    process.send_signal(number)

    assert len(lines) == len(list(world.message_keys()))
    assert process.wait(5) in {0, -number}
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_its_switches_can_be_set_at_start(launch: Launch) -> None:
    _, url = launch(
        "--generated",
        "1,2,8",
        "--limits",
        '{"hourly": {"getChat": 5}}',
        "--orders",
        '{"history": "oldest_first"}',
        "--fault",
        '{"status": 503, "count": 1}',
        "--fault",
        '{"delay_s": 0.01}',
    )
    headers = {"Api-Key": generated_world(cabinets=1, chats=0).cabinets[1].api_key}

    answers = [httpx.get(f"{url}/v2/businesses/1/chat?chatId=2", headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[1].headers["X-RateLimit-Resource-Remaining"] == "4"
    assert len(httpx.get(f"{url}/sandbox/faults").json()) == 2


def test_limits_can_be_off(launch: Launch) -> None:
    _, url = launch("--generated", "1,1,1", "--limits", "off")
    headers = {"Api-Key": generated_world(cabinets=1, chats=0).cabinets[1].api_key}

    assert "X-RateLimit-Resource-Limit" not in httpx.get(f"{url}/v2/campaigns", headers=headers).headers


@pytest.mark.parametrize(
    "options",
    [
        ["--now", "2026-11-23T02:00:00"],
        ["--generated", "1,2"],
        ["--limits", "{"],
        ["--fault", '{"x":1}'],
        ["--port", "x"],
    ],
)
def test_a_bad_option_is_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(options)

    assert caught.value.code == 2
    assert f"argument {options[0]}: invalid" in capsys.readouterr().err


def test_a_port_in_use_is_said(launch: Launch) -> None:
    _, url = launch("--generated", "1,1,1")
    command = [sys.executable, "-m", "worker.sandbox", "--generated", "1,1,1", "--port", url.rpartition(":")[2]]

    second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)

    assert second.returncode != 0
    assert "address already in use" in second.stderr
