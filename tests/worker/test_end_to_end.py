"""The main job with real parts: Redis-compatible server, Celery worker processes, the sandbox Market, a Sentry sink."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from tests.commands import CHATWARDEN, run_command
from tests.sentry_sink import SentrySink
from tests.waiting import until
from worker.processes import Children
from worker.sandbox.app import create_app
from worker.sandbox.server import running
from worker.sandbox.world import World, generated_world
from worker.store import Store

DEADLINE_S = 40.0
SHOP, CHAT = 1, 1
PHONE = "+7 912 000-45-67"


@dataclass
class System:
    """A Chatwarden whose processes run apart, and all that it talks to."""

    market_url: str
    world: World
    sink: SentrySink
    environment: dict[str, str]
    store: Store

    def command(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return run_command(*arguments, environment=self.environment, stdin=stdin)

    def count(self, what: str) -> int:
        """Return a figure of `chatwarden status` over all cabinets."""
        return sum(getattr(cabinet, what) for cabinet in self.store.figures.status([]))

    def violations(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.command("violations", "--json").stdout.splitlines()]

    def say(self, text: str, **fields: Any) -> int:
        """Let the shop write a message; return its id."""
        new = {"business_id": SHOP, "chat_id": CHAT, "text": text, **fields}
        added = httpx.post(f"{self.market_url}/sandbox/messages", json=new).raise_for_status().json()
        return int(added[0]["message_id"] if isinstance(added[0], dict) else added[0][-1])

    def requests(self) -> dict[str, int]:
        stats = httpx.get(f"{self.market_url}/sandbox/stats").raise_for_status().json()
        counts: dict[str, int] = stats["requests"].get(str(SHOP), {})
        return counts


@pytest.fixture
def system(tmp_path: Path, queue: redis.Redis, redis_url: str, sentry_sink: SentrySink) -> Iterator[System]:
    world = generated_world(cabinets=2, chats=3, messages_a_chat=6, now=datetime.now(UTC))
    data_dir = tmp_path / "data"
    keys = {f"KEY_{cabinet.business_id}": cabinet.api_key for cabinet in world.cabinets.values()}
    cabinets = [
        {"business_id": number, "name": f"Shop {number}", "api_key_env": f"KEY_{number}"} for number in world.cabinets
    ]
    with ExitStack() as parts:
        market_url = parts.enter_context(running(create_app(world)))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHATWARDEN_")},
            **keys,
            "CHATWARDEN_CABINETS": json.dumps(cabinets),
            "CHATWARDEN_MARKET_URL": market_url,
            "CHATWARDEN_REDIS_URL": redis_url,
            "CHATWARDEN_DATA_DIR": str(data_dir),
            "SENTRY_DSN": sentry_sink.dsn,
        }
        children = parts.enter_context(Children())
        for name in ("worker", "beat"):
            children.start(name, [*CHATWARDEN, name], environment=environment, log=tmp_path / f"{name}.log")
        store = parts.enter_context(closing(Store.open(f"sqlite:///{data_dir}/chatwarden.sqlite")))
        yield System(market_url, world, sentry_sink, environment, store)


def test_it_judges_an_id_enqueued_fifty_times_once(system: System) -> None:
    message = system.say(f"Звоните нам: {PHONE}")

    done = system.command("enqueue", str(SHOP), str(CHAT), *[str(message)] * 50)

    assert (done.returncode, done.stdout) == (0, "50 taken, 0 refused\n")
    until(lambda: bool(system.sink.violations) and system.count("waiting") == 0)
    found = system.violations()
    assert len({(row["rule"], row["start"]) for row in found}) == len(found) >= 1
    assert all(row["message_id"] == message and row["evidence"] in f"Звоните нам: {PHONE}" for row in found)
    assert sum(system.requests().values()) == 1
    until(lambda: system.count("unsent_alerts") == 0)
    assert len(system.sink.violations) == len(found)


def test_it_says_in_sentry_what_the_person_who_is_woken_needs(system: System) -> None:
    message = system.say(f"Пишите, мой номер {PHONE}")

    system.command("enqueue", str(SHOP), str(CHAT), str(message))

    until(lambda: any(event["tags"]["rule"] == "phone" for event in system.sink.violations))
    event = next(event for event in system.sink.violations if event["tags"]["rule"] == "phone")
    assert event["logentry"]["formatted"] == "Магазин даёт покупателю контакт: «+7 912 ***-**-67» — Shop 1 (1)"
    assert event["fingerprint"] == ["phone", str(SHOP), str(CHAT)]
    assert event["tags"]["message_id"] == str(message)
    about = event["contexts"]["violation"]
    assert about["order_id"] == system.world.cabinets[SHOP].chats[CHAT].order_id
    assert about["reason"]
    assert 0 <= about["found_after_s"] < DEADLINE_S
    assert b"000-45" not in b"".join(system.sink.envelopes)


def test_it_counts_the_lines_it_took_and_refused(system: System) -> None:
    lines = [f"{SHOP} {CHAT} 1", json.dumps({"business_id": SHOP, "chat_id": CHAT, "message_id": "2"})]
    bad = ["1 2", "1 2 x", "{", f"99 {CHAT} 1", f"{SHOP} 0 1"]

    done = system.command("enqueue", "-", stdin="\n".join([*lines, "", *bad]))

    assert (done.returncode, done.stdout) == (2, "2 taken, 5 refused\n")
    assert len(done.stderr.splitlines()) == len(bad)
    assert "line 3: 2 values instead of 3" in done.stderr
    assert "cabinet 99 is not in the settings" in done.stderr


def test_it_remembers_an_id_that_market_does_not_know(system: System) -> None:
    system.command("enqueue", str(SHOP), "987654", "5")

    until(lambda: system.count("missing") == 1)
    system.command("enqueue", str(SHOP), "987654", "5")

    assert system.count("missing") == 1
    assert sum(system.requests().values()) == 1


def test_it_takes_up_again_what_market_could_not_answer(system: System) -> None:
    httpx.post(f"{system.market_url}/sandbox/faults", json={"status": 503, "count": 1}).raise_for_status()
    message = system.say("Спасибо за заказ!")

    system.command("enqueue", str(SHOP), str(CHAT), str(message))

    until(lambda: system.count("judged") >= 1)
    assert sum(system.requests().values()) == 2


def test_it_stops_a_cabinet_whose_key_is_revoked_and_no_other(system: System) -> None:
    httpx.post(f"{system.market_url}/sandbox/keys", json={"business_id": SHOP, "revoked": True}).raise_for_status()
    other = system.world.cabinets[2]
    chat, ids = next((chat.chat_id, list(chat.messages)) for chat in other.chats.values())

    system.command("enqueue", str(SHOP), str(CHAT), "1", "2", "3")
    system.command("enqueue", "2", str(chat), *map(str, ids))

    until(lambda: system.count("judged") == len(ids))
    until(lambda: system.count("waiting") == 3)
    until(lambda: bool(system.sink.faults))
    assert len(system.sink.faults) == 1
    assert system.sink.faults[0]["tags"].items() >= {"business_id": str(SHOP), "kind": "fault"}.items()
    assert "its key does not work" in json.dumps(system.sink.faults[0])
    assert other.api_key.encode() not in b"".join(system.sink.envelopes)
