import socket
from pathlib import Path

import httpx
import pytest

from tests.waiting import until
from tests.worker.cli.conftest import Command, Start


def test_it_serves_until_it_is_told_to_stop(environment: pytest.MonkeyPatch, process: Start) -> None:
    environment.setenv("CHATWARDEN_NOTIFICATION_NETWORKS", "127.0.0.0/8")
    with process("serve", "--host", "127.0.0.1", "--port", "0", "--ready-file", "port") as running:
        port = until(lambda: Path("port").exists() and Path("port").read_text().strip())
        url = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{url}/healthz", trust_env=False).json() == {"status": "ok"}
        ping = httpx.post(f"{url}/notification", json={"notificationType": "PING"}, trust_env=False)
        assert ping.json()["name"] == "chatwarden"
        running.terminate()
        _, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert f"the doors are open at {url}".encode() in err
    assert b"no API token is set" in err
    assert b"Traceback" not in err


def test_a_port_that_is_taken_is_told(chatwarden: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        error = chatwarden("serve", "--port", port).error
    assert error.startswith(f"127.0.0.1 port {port} cannot be listened on (Address already in use); give another")


def test_a_host_that_is_none_is_told(chatwarden: Command) -> None:
    assert "cannot be listened on" in chatwarden("serve", "--host", "no such host").error
