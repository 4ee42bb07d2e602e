"""The services of docker-compose.yml by their very commands, as plain processes: only the containers are not real."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import redis

from tests.deploy.compose import SERVICES, Containers
from tests.ports import free_port
from tests.postgres_server import PostgresServer
from tests.sandbox_market import Market, sandbox_market
from tests.sentry_sink import SentrySink, sentry_sink
from tests.waiting import until
from worker.embedded import find_server
from worker.processes import Child, Children
from worker.store import MessageKey, Store

PATIENCE_S = 90.0
VIOLATION = "Напишите ваш номер телефона, перезвоним."
WATCHED = ("worker", "beat", "web")


class Stack:
    """All services, with a folder for each place of theirs."""

    def __init__(self, folder: Path, database_url: str, market: Market, sink: SentrySink, children: Children) -> None:
        self._redis_port, self._web_port = free_port(), free_port()
        self._watched: dict[str, Child] = {}
        self.market, self.sink = market, sink
        self.database_url = database_url
        self._folder = folder
        self._children = children
        self.containers = Containers(
            {
                "redis://redis:6379": f"redis://127.0.0.1:{self._redis_port}",
                "0.0.0.0": "127.0.0.1",
                "8484": str(self._web_port),
                "/run/secrets": str(folder / "secrets"),
                "/etc/chatwarden": str(folder / "etc"),
                "/tmp/chatwarden": str(folder / "tmp"),
            }
        )
        for name, secret in (
            ("database_url", database_url),
            ("sentry_dsn", sink.dsn),
            ("shop_key", market.cabinet.api_key),
        ):
            (folder / "secrets").mkdir(exist_ok=True)
            (folder / "secrets" / name).write_text(f"{secret}\n")
        (folder / "etc").mkdir()
        (folder / "etc" / "chatwarden.toml").write_text(
            f'market_url = "{market.url}"\nnotification_networks = "any"\n'
            f'[[cabinets]]\nbusiness_id = 1\napi_key_file = "{folder / "secrets" / "shop_key"}"\n'
        )

    def start_redis(self) -> None:
        """Start the queue by its own command, in the folder that stands for its volume."""
        server, *options = SERVICES["redis"]["command"]
        assert server == "valkey-server"
        (self._folder / "redis").mkdir()
        command = [find_server(), *options, "--port", str(self._redis_port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self._folder / "redis")]
        self._children.start("redis", command, log=self._folder / "redis.log")
        with redis.Redis(port=self._redis_port) as client:
            until(lambda: _answers(client))
            assert client.config_get("appendonly") == {"appendonly": "yes"}
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}

    def run(self, name: str, *instead: str) -> subprocess.CompletedProcess[str]:
        """Run a service to its end, as `docker compose run` does, with another command where one is given."""
        command = self.containers.command(name)
        return subprocess.run(
            [command[0], *(instead or command[1:])],
            env=self.containers.environment(name),
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    def is_well(self, name: str) -> bool:
        """Ask a service by its own health check."""
        environment = self.containers.environment(name)
        command = self.containers.health(name)
        return subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE_S).returncode == 0

    def bring_up(self) -> None:
        """Start all, in the order that they wait for each other."""
        self.start_redis()
        migrated = self.run("migrate")
        assert (migrated.returncode, migrated.stderr) == (0, "")
        for name in WATCHED:
            command, environment = self.containers.command(name), self.containers.environment(name)
            log = self._folder / f"{name}.log"
            self._watched[name] = self._children.start(name, command, environment=environment, log=log)
        until(lambda: "ready" in self.log("worker") and "doors are open" in self.log("web"), PATIENCE_S)

    def notify(self, key: MessageKey, client: httpx.Client) -> int:
        """Tell the web service of a message, as Market does; return the status of its answer."""
        told = {"businessId": key.business_id, "chatId": key.chat_id, "messageId": str(key.message_id)}
        body = {"notificationType": "CHAT_MESSAGE_SENT", "sentAt": datetime.now(UTC).isoformat(), **told}
        return client.post(f"http://127.0.0.1:{self._web_port}/notification", json=body).status_code

    def log(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text()

    def stop(self) -> dict[str, int]:
        """End the services as Compose does; return their exit codes."""
        for child in self._watched.values():
            child.process.terminate()
        return {name: child.process.wait(PATIENCE_S) for name, child in self._watched.items()}


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


@pytest.fixture
def stack(tmp_path: Path, postgres: PostgresServer) -> Iterator[Stack]:
    with sandbox_market() as market, sentry_sink() as sink, Children() as children:
        yield Stack(tmp_path, postgres.new_database(), market, sink, children)


def test_they_come_up_and_judge_what_the_web_is_told_of(stack: Stack) -> None:
    stack.bring_up()
    key = stack.market.say(VIOLATION)
    with httpx.Client(trust_env=False) as market_to_us:
        assert stack.notify(key, market_to_us) == 200
    until(lambda: stack.sink.violations, PATIENCE_S)
    assert stack.sink.violations[0]["tags"]["message_id"] == str(key.message_id)

    assert stack.is_well("worker")
    doctor = stack.run("web", "doctor", "--json")
    found = [json.loads(line) for line in doctor.stdout.splitlines()]
    assert [one for one in found if one["state"] == "wrong"] == []
    assert doctor.returncode == 0

    assert stack.stop() == {"worker": 0, "beat": 0, "web": 0}
    for name in WATCHED:
        # Celery itself prints to stdout, of all it does, only that it stops.
        lines = [line for line in stack.log(name).splitlines() if line and not line.startswith("worker: ")]
        assert all(json.loads(line)["time"] for line in lines)
    assert not stack.is_well("worker")


@pytest.mark.slow
def test_nothing_is_lost_in_minutes_of_load(stack: Stack) -> None:
    """As many minutes as COMPOSE_MINUTES says, ten unless set: ten messages a second, in 200 chats."""
    stack.bring_up()
    keys: list[MessageKey] = []
    ends = time.monotonic() + 60 * float(os.environ.get("COMPOSE_MINUTES", "10"))
    with httpx.Client(trust_env=False) as market_to_us:
        while time.monotonic() < ends:
            due = time.monotonic() + 0.1
            keys.append(stack.market.say(VIOLATION, chat_id=len(keys) % 200 + 1))
            assert stack.notify(keys[-1], market_to_us) == 200
            time.sleep(max(0.0, due - time.monotonic()))
    with closing(Store.open(stack.database_url)) as store:
        until(lambda: store.messages.settled(keys) == len(keys), PATIENCE_S, every_s=0.5)
        until(lambda: store.violations.count_unreported() == 0, PATIENCE_S, every_s=0.5)
        assert store.violations.count() >= len(keys)
    assert stack.stop() == {"worker": 0, "beat": 0, "web": 0}
