from collections.abc import Iterator

import pytest
import redis

from tests.worker.doctor.conftest import See
from worker.app import MESSAGES
from worker.doctor import queue as queue_room
from worker.doctor import workers
from worker.doctor.diagnosis import State


@pytest.fixture
def server(queue: redis.Redis) -> Iterator[redis.Redis]:
    """The server, whose configuration a test may change."""
    names = ("maxmemory-policy", "appendonly", "maxmemory")
    before = {name: str(queue.config_get(name)[name]) for name in names}
    yield queue
    for name, value in before.items():
        queue.config_set(name, value)


def test_all_is_well(see: See, server: redis.Redis) -> None:
    [(state, part, said)] = see(queue_room.examine)
    assert (state, part) == (State.OK, "queue")
    assert said.endswith("answers, with an append-only file and no eviction")


@pytest.mark.parametrize(
    ("name", "value", "state", "remedy"),
    [
        ("maxmemory-policy", "allkeys-lru", State.WRONG, "set maxmemory-policy noeviction there"),
        ("appendonly", "no", State.WARNING, "set appendonly yes there"),
        ("maxmemory", "1mb", State.WRONG, "raise maxmemory there, or start more workers"),
    ],
)
def test_a_server_set_up_otherwise(
    see: See, server: redis.Redis, name: str, value: str, state: State, remedy: str
) -> None:
    server.config_set(name, value)
    [found] = see(queue_room.examine)
    assert found[0] is state
    assert found[2].endswith(f"; {remedy}")


def test_more_waits_than_is_done(see: See, server: redis.Redis, environment: pytest.MonkeyPatch) -> None:
    environment.setattr(queue_room, "MANY_WAIT", 2)
    server.rpush(MESSAGES, *"abc")
    assert see(queue_room.examine)[1][2] == (
        "3 tasks wait in the queue messages; start more workers: `chatwarden worker -Q messages`"
    )


def test_nothing_runs(see: See) -> None:
    [(state, _, said)] = see(queue_room.examine)
    assert state is State.WRONG
    assert said.endswith("start `chatwarden up` there, or set CHATWARDEN_REDIS_URL")
    assert see(workers.examine) == []


def test_nobody_works(see: See, server: redis.Redis, environment: pytest.MonkeyPatch) -> None:
    environment.setattr(workers, "PATIENCE_S", 0.2)
    assert see(workers.examine) == [
        (State.WRONG, "workers", "none answers; start `chatwarden up`, or `chatwarden worker`")
    ]
