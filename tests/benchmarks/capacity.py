"""What a message costs each part: processor time of workers, Valkey and database, commands and transactions.

    python -m tests.benchmarks.capacity [--messages 1000] [--database sqlite|postgresql]

Ids that are each of a chat of its own go through the real pipeline at two processes. Processor time hardly depends on
what else runs on the machine, so what one core of each part carries is reckoned from it.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import redis
from sqlalchemy import text

from tests.commands import CHATWARDEN
from tests.postgres_server import postgres_server
from tests.reliability.system import System, running_system
from tests.waiting import until
from worker import tasks
from worker.store import MessageKey
from worker.store.engine import open_engine

PATIENCE_S = 300.0
WARM = 50  # messages until every process has its connections
PROCESSES = "2"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with _running(options.database, options.messages + WARM) as system:
        os.environ.update(system.environment)
        system.start("worker", *CHATWARDEN, "worker", "--processes", PROCESSES)
        _judge(system, system.keys[:WARM])
        before = _spent(system)
        _judge(system, system.keys[WARM:])
        after = _spent(system)
    each = {what: (after[what] - before[what]) / options.messages for what in after}
    for what, spent in each.items():
        if what.endswith("s"):
            sys.stdout.write(f"{what}: {spent:.1f} a message\n")
        else:
            sys.stdout.write(f"{what}: {spent * 1e6:.0f} µs a message, {1 / spent:.0f} messages a second and core\n")


@contextmanager
def _running(database: str, chats: int) -> Iterator[System]:
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/chatwarden.sqlite"
        if database == "postgresql":
            url = parts.enter_context(postgres_server()).new_database()
        yield parts.enter_context(running_system(folder, chats=chats, messages_a_chat=1, start=[], database_url=url))


def _judge(system: System, keys: list[MessageKey]) -> None:
    tasks.enqueue(system.store, keys)
    until(lambda: system.store.messages.settled(keys) == len(keys), PATIENCE_S, every_s=0.2)


def _spent(system: System) -> Mapping[str, float]:
    """Return seconds of processor time by part, and how often each was asked."""
    with redis.Redis.from_url(system.environment["CHATWARDEN_REDIS_URL"]) as client:
        commands = float(client.info("stats")["total_commands_processed"])
    spent = {"worker": _cpu_s(system.processes("worker")), "Valkey": _cpu_s(system.processes("redis"))}
    return {
        **spent,
        "Valkey's commands": commands,
        **_spent_by_postgresql(system.environment["CHATWARDEN_DATABASE_URL"]),
    }


def _spent_by_postgresql(url: str) -> Mapping[str, float]:
    if not url.startswith("postgresql"):
        return {}
    engine = open_engine(url)
    with engine.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        counts = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        transactions = float(connection.execute(text(counts)).scalar_one())
        server = psutil.Process(backend).parent()
    engine.dispose()
    assert server
    return {"PostgreSQL": _cpu_s(server.children()), "PostgreSQL's transactions": transactions}


def _cpu_s(processes: list[psutil.Process]) -> float:
    """Return the seconds of processor time that processes have taken."""
    times = [process.cpu_times() for process in processes if process.is_running()]
    return sum(time.user + time.system for time in times)


if __name__ == "__main__":
    main()
