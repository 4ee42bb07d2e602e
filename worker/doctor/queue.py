"""Redis: whether it answers, keeps what it is given, and is read from as fast as written to."""

from collections.abc import Iterator, Mapping
from typing import Any

from worker import app
from worker.broker import connect, require_redis
from worker.doctor.diagnosis import Diagnosis
from worker.errors import OperatorError
from worker.settings import Settings

QUEUE = "queue"
NEARLY_FULL = 0.9
MANY_WAIT = 10_000


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Look at the server by what its INFO tells; CONFIG is often forbidden."""
    try:
        url = app.broker_url(settings)
        require_redis(url)
    except OperatorError as error:
        yield Diagnosis.of_error(QUEUE, error)
        return
    with connect(url) as client:
        told: Mapping[str, Any] = client.info("all")
        waiting = {queue: app.waiting(client, queue) for queue in app.QUEUES}
    trouble = list(_troubles(told))
    yield from trouble
    if not trouble:
        yield Diagnosis.ok(QUEUE, f"Redis {told['redis_version']} answers, with an append-only file and no eviction")
    for queue, count in waiting.items():
        if count > MANY_WAIT:
            yield Diagnosis.warning(
                QUEUE, f"{count} tasks wait in the queue {queue}", f"start more workers: `chatwarden worker -Q {queue}`"
            )


def _troubles(told: Mapping[str, Any]) -> Iterator[Diagnosis]:
    if told.get("role") != "master":
        yield Diagnosis.wrong(
            QUEUE, "Redis is a replica: nothing can be queued", "let CHATWARDEN_REDIS_URL name the master or sentinels"
        )
    policy = told.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield Diagnosis.wrong(
            QUEUE, f"Redis may throw tasks away (maxmemory-policy {policy})", "set maxmemory-policy noeviction there"
        )
    if told.get("maxmemory") and told["used_memory"] > NEARLY_FULL * told["maxmemory"]:
        yield Diagnosis.wrong(QUEUE, "Redis is nearly full", "raise maxmemory there, or start more workers")
    if not told.get("aof_enabled"):
        yield Diagnosis.warning(
            QUEUE,
            "Redis forgets the queue when it ends; what it held comes back from the store seconds later",
            "set appendonly yes there",
        )
    elif told.get("aof_last_write_status") != "ok":
        yield Diagnosis.wrong(QUEUE, "Redis cannot write its append-only file", "see its disk and its log")
