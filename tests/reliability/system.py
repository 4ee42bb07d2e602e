"""A whole Chatwarden of real processes, to be killed: Redis, worker, beat, the sandbox Market, a Sentry sink.

What should be found is worked out apart, from the texts alone, and compared with what arrived at Sentry.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import redis

import rules
from tests.commands import CHATWARDEN, COMMAND_S, run_command
from tests.ports import free_port
from tests.sandbox_market import Market
from tests.sentry_sink import SentrySink, sentry_sink
from tests.waiting import until
from worker.checking import judge
from worker.embedded import URL_FILE, embedded_redis
from worker.processes import Child, Children, StopRequest
from worker.sandbox.world import World, generated_world
from worker.store import MessageKey, State, Store

Told = Counter[tuple[int, int, int, str]]


class System:
    """The processes and all that can be seen of them.

    Attributes:
        market: the sandbox, a process of its own; its `world` is a copy of what the sandbox began with.
        sink: Sentry.
        store: the database that the processes share.
        environment: of every command.
    """

    def __init__(
        self, folder: Path, servers: Children, market: Market, sink: SentrySink, environment: dict[str, str]
    ) -> None:
        self.folder = folder
        self.market = market
        self.sink = sink
        self.environment = environment
        self.store = Store.open(environment["CHATWARDEN_DATABASE_URL"])
        self._servers = servers
        self._own = Children()
        self._children: dict[str, Child] = {}

    @property
    def keys(self) -> list[MessageKey]:
        """The keys of all messages that Market began with."""
        return [MessageKey(*key) for key in self.market.world.message_keys()]

    def start(self, name: str, *command: str, **environment: str) -> None:
        """Start a process, by default the command of Chatwarden's that is called `name`."""
        self._children[name] = self._own.start(
            name,
            command or [*CHATWARDEN, name],
            environment={**self.environment, **environment},
            log=self.folder / f"{name}.log",
        )

    def kill(self, *names: str) -> None:
        """SIGKILL processes with all they have started, all of them before any can react."""
        victims = [process for name in names for process in self.processes(name)]
        for victim in victims:
            _kill(victim)
        for child in self._children.values():
            if child.name in names:
                child.process.wait()
        until(lambda: "redis" not in names or bool(self._servers.dead()))

    def revive(self, *names: str) -> None:
        """Start killed processes again, as `chatwarden up` does."""
        for name in names:
            if name == "redis":
                for server in self._servers.dead():
                    self._servers.restart(server)
                until(lambda: self._redis_process() is not None)
            else:
                self._own.restart(self._children[name])

    def stop(self, name: str) -> float:
        """SIGTERM a process, and return the seconds until it and all that it has started are gone."""
        process, began = self._children[name].process, time.monotonic()
        started = self.processes(name)[:-1]
        process.terminate()
        process.wait(COMMAND_S)
        until(lambda: not any(child.is_running() for child in started))
        return time.monotonic() - began

    def kill_worker_child(self, rng: random.Random) -> None:
        """SIGKILL one of the worker's own processes, if it has one just now."""
        if pool := self.processes("worker")[:-1]:
            _kill(rng.choice(pool))

    def processes(self, name: str) -> list[psutil.Process]:
        """Return the descendants of a process and, last, itself."""
        pid = self._redis_process() if name == "redis" else self._children[name].process.pid
        try:
            process = psutil.Process(pid)
            return [*process.children(recursive=True), process]
        except psutil.NoSuchProcess:
            return []

    def _redis_process(self) -> int | None:
        try:
            with redis.Redis.from_url(self.environment["CHATWARDEN_REDIS_URL"]) as client:
                pid: int = client.info("server")["process_id"]
        except redis.RedisError:
            return None
        return pid

    def command(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of Chatwarden's to its end."""
        return run_command(*arguments, environment=self.environment, stdin=stdin)

    def enqueue(self, keys: Iterable[MessageKey]) -> subprocess.CompletedProcess[str]:
        """Queue messages; the output says how many."""
        return self.command("enqueue", "-", stdin="".join("{} {} {}\n".format(*key) for key in keys))

    def wipe_redis(self) -> None:
        """Remove all that a killed server has written."""
        shutil.rmtree(self.folder / "redis" / "appendonlydir", ignore_errors=True)

    def states(self) -> Counter[State]:
        """Count the messages by state."""
        found: Counter[State] = Counter()
        for row in self.store.figures.status([]):
            for state in State:
                found[state] += getattr(row, state.value)
        return found

    def judged(self, count: int) -> bool:
        return self.states()[State.JUDGED] >= count

    def all_told(self) -> bool:
        """Whether every violation that the store knows counts as reported."""
        return self.store.violations.count_unreported() == 0

    def wait_until_done(self, count: int, timeout_s: float) -> float:
        """Wait until that many verdicts stand and all alerts are sent; return the seconds it took."""
        began = time.monotonic()
        try:
            until(lambda: self.judged(count) and self.all_told(), timeout_s, every_s=0.2)
        except AssertionError:
            unsent = self.store.violations.count_unreported()
            raise AssertionError(f"not done after {timeout_s} s: {self.states()}, {unsent} unsent") from None
        return time.monotonic() - began

    def stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = httpx.get(f"{self.market.url}/sandbox/stats", trust_env=False).raise_for_status().json()
        return stats

    def requests(self) -> int:
        """How many requests Market has seen."""
        return sum(self.market.requests.values())

    def expected(self, chats: Collection[tuple[int, int]] | None = None) -> Told:
        """What must be told of Market's first messages: (cabinet, chat, message, rule), in all or some chats."""
        return _expected(self.market.world, chats)

    def told(self) -> Told:
        """What Sentry was told; an event that came twice under one id is one, as Sentry has it."""
        events = {event["event_id"]: event for event in self.sink.violations}
        return Counter(told for event in events.values() for told in _told(event))

    def repeats(self) -> int:
        """How many events came again under the same id, which Sentry takes once."""
        ids = [event["event_id"] for event in self.sink.violations]
        return len(ids) - len(set(ids))

    def close(self) -> None:
        self._own.stop()
        self.store.close()


def assert_nothing_lost_or_doubled(system: System) -> None:
    """Every message has its verdict, every violation its one row, and Sentry was told of each once."""
    keys = system.keys
    states = system.states()
    assert states == Counter({State.JUDGED: len(keys)}), f"lost: {states} of {len(keys)}"
    rows = Counter((row.business_id, row.chat_id, row.message_id, row.rule) for row in system.store.violations.find())
    expected = system.expected()
    assert rows == expected, f"rows lost: {expected - rows}, doubled: {rows - expected}"
    told = system.told()
    assert told == expected, f"alerts lost: {expected - told}, doubled: {told - expected}"


@contextmanager
def running_system(
    folder: Path,
    *,
    cabinets: int = 1,
    chats: int = 100,
    messages_a_chat: int = 20,
    days: int = 0,
    limits: str = "off",
    start: Collection[str] = ("worker", "beat"),
    **settings: str,
) -> Iterator[System]:
    """Run a system over a generated world; `settings` are CHATWARDEN_ variables without their prefix."""
    world = generated_world(cabinets=cabinets, chats=chats, messages_a_chat=messages_a_chat, days=days)
    with ExitStack() as parts:
        servers = parts.enter_context(Children())
        url = parts.enter_context(embedded_redis(servers, folder, StopRequest()))
        market_url = _market(servers, folder, f"{cabinets},{chats},{messages_a_chat},{days}", limits)
        control = parts.enter_context(httpx.Client(base_url=market_url, trust_env=False))
        sink = parts.enter_context(sentry_sink())
        environment = _environment(world, folder, market_url, url, sink.dsn, settings)
        system = System(folder, servers, Market(market_url, world, control), sink, environment)
        parts.enter_context(closing(system))
        for name in start:
            system.start(name)
        yield system


@contextmanager
def up_in(folder: Path, *, chats: int = 100, messages_a_chat: int = 20, worker_processes: int = 4) -> Iterator[System]:
    """Run a system whose Redis, worker, beat and doors are those of `chatwarden up`."""
    data = folder / "up"
    with running_system(
        folder,
        chats=chats,
        messages_a_chat=messages_a_chat,
        start=["up"],
        redis_url="",
        data_dir=str(data),
        web_port=str(free_port()),
        worker_processes=str(worker_processes),
    ) as system:
        until((data / URL_FILE).exists)
        yield system


def _market(servers: Children, folder: Path, generated: str, limits: str) -> str:
    ready = folder / "market.port"
    command = [sys.executable, "-m", "worker.sandbox", "--ready-file", str(ready), "--generated", generated]
    servers.start("sandbox", [*command, "--limits", limits], log=folder / "sandbox.log")
    until(ready.exists)
    return f"http://127.0.0.1:{ready.read_text().strip()}"


def database_in(folder: Path) -> str:
    """Return the URL of a system's database; the fixture `database` gives another."""
    return f"sqlite:///{folder}/chatwarden.sqlite"


def _environment(
    world: World, folder: Path, market_url: str, redis_url: str, dsn: str, settings: dict[str, str]
) -> dict[str, str]:
    cabinets = [{"business_id": number, "api_key_env": f"KEY_{number}"} for number in world.cabinets]
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("CHATWARDEN_", "SENTRY_"))},
        **{f"KEY_{number}": cabinet.api_key for number, cabinet in world.cabinets.items()},
        "CHATWARDEN_CABINETS": json.dumps(cabinets),
        "CHATWARDEN_DATA_DIR": str(folder),
        "CHATWARDEN_DATABASE_URL": database_in(folder),
        "CHATWARDEN_LOG_LEVEL": "WARNING",
        "CHATWARDEN_MARKET_URL": market_url,
        "CHATWARDEN_REDIS_URL": redis_url,
        "SENTRY_DSN": dsn,
        **{f"CHATWARDEN_{name.upper()}": value for name, value in settings.items()},
    }


def _expected(world: World, chats: Collection[tuple[int, int]] | None) -> Told:
    expected: Told = Counter()
    for cabinet in world.cabinets.values():
        for chat in cabinet.chats.values():
            if chats is not None and (cabinet.business_id, chat.chat_id) not in chats:
                continue
            shop = [message for message in chat.messages.values() if message.sender == "PARTNER"]
            verdict = judge([rules.Message(message.text or "") for message in shop], own_numbers=[str(chat.order_id)])
            for finding in verdict.findings:
                if finding.severity is rules.Severity.VIOLATION:
                    expected[cabinet.business_id, chat.chat_id, shop[finding.message].message_id, finding.rule] += 1
    return expected


def _told(event: dict[str, Any]) -> Iterator[tuple[int, int, int, str]]:
    if "violations" in event["contexts"]:
        for one in event["contexts"]["violations"]:
            yield one["business_id"], one["chat_id"], one["message_id"], one["rule"]
    else:
        tags = event["tags"]
        yield int(tags["business_id"]), int(tags["chat_id"]), int(tags["message_id"]), tags["rule"]


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
