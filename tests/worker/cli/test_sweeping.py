"""`chatwarden sweep` and `retry`, against a real sandbox and a real Redis."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis

from tests.sandbox_market import Market, sandbox_market
from tests.worker.cli.conftest import Answer, Command, Start
from worker.sandbox.world import generated_world
from worker.store import MessageKey, Store

CHATS, MESSAGES = 3, 8


@pytest.fixture
def market(queue: redis.Redis, environment: pytest.MonkeyPatch) -> Iterator[Market]:
    """Two cabinets with three chats each, and the settings of both."""
    world = generated_world(cabinets=2, chats=CHATS, messages_a_chat=MESSAGES)
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
def kept(market: Market) -> Iterator[Store]:
    store = Store.open("sqlite:///data/chatwarden.sqlite")
    yield store
    store.close()


def swept(process: Start, *arguments: str) -> Answer:
    """Sweep in a process of its own, whose end closes its connections."""
    command = process("sweep", *arguments)
    out, err = command.communicate(timeout=60)
    return Answer(command.returncode, out.decode(), err.decode())


def judged(store: Store) -> dict[int, int]:
    return {row.business_id: row.judged for row in store.figures.status([])}


def test_a_sweep_reads_all_cabinets_and_says_how_much(process: Start, kept: Store) -> None:
    done = swept(process)
    assert (done.code, done.out) == (
        0,
        "Shop 1 (1): 3 chats, 24 messages read\nShop 2 (2): 3 chats, 24 messages read\n",
    )
    assert judged(kept) == {1: 24, 2: 24}
    assert kept.violations.count_unreported() == 0


def test_a_sweep_may_be_of_one_cabinet(process: Start, kept: Store) -> None:
    assert swept(process, "--business", "2").code == 0
    assert judged(kept) == {2: 24}


def test_a_sweep_may_look_back_less(process: Start, kept: Store) -> None:
    assert swept(process, "--since", "0s").code == 0
    assert not any(judged(kept).values())


def test_trouble_is_told_and_does_not_stop_the_others(process: Start, market: Market, kept: Store) -> None:
    market.revoke()
    done = swept(process)
    assert done.code == 1
    assert "chatwarden: cabinet 1: getChats: HTTP 401" in done.err
    assert judged(kept)[2] == 24


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--business", "9"), "cabinet 9 is not in the settings; add it there or mend --business"),
        (("--since", "soon"), "--since 'soon' is no time; write 30d, 12h or 2026-10-01T09:00"),
    ],
)
def test_bad_use_is_refused_in_one_line(
    chatwarden: Command, market: Market, arguments: tuple[str, ...], said: str
) -> None:
    assert chatwarden("sweep", *arguments).error == said


def test_retry_lets_failed_messages_wait_again(chatwarden: Command, kept: Store) -> None:
    now = datetime.now(UTC)
    for business_id in (1, 2):
        key = MessageKey(business_id, 1, 1)
        kept.messages.claim(key, "a", rule_set="any", now=now, lease=timedelta(seconds=1), max_attempts=4)
        kept.messages.fail(key, reason="broke")

    assert chatwarden("retry", "--business", "2").out == "1 messages wait to be judged again\n"
    assert chatwarden("retry").out == "1 messages wait to be judged again\n"
    assert [row.waiting for row in kept.figures.status([])] == [1, 1]
