"""The Celery app and its queues; its settings stand in `worker.celeryconfig`."""

import redis
from celery import Celery
from celery.signals import setup_logging

from worker import fair_queue
from worker.embedded import running_url
from worker.errors import OperatorError
from worker.settings import Settings

MESSAGES, REPORTS, SWEEPS, AUDITS = QUEUES = "messages", "reports", "sweeps", "audits"

# What came just now goes ahead of what stood in line or is looked at again, and that of work in bulk; kombu's Redis
# transport keeps a list for each.
LIVE, SOON, BULK = PRIORITIES = 0, 3, 6

app = Celery("chatwarden", include=["worker.tasks"])
# By name: they are read when the app is first used, so that importing it needs no settings.
app.config_from_object("worker.celeryconfig")


def broker_url(current: Settings) -> str:
    """Return the queue's URL: the one in the settings, else that of the server `chatwarden up` runs.

    OperatorError when there is neither.
    """
    if current.redis_url:
        return current.redis_url.get_secret_value()
    if url := running_url(current.data_dir):
        return url
    raise OperatorError(
        f"no queue: nothing runs in the data folder {current.data_dir}; "
        "start `chatwarden up` there, or set CHATWARDEN_REDIS_URL"
    )


def lists_of(queue: str) -> list[str]:
    """Return the names of the lists in Redis that hold a queue, in the order in which they are worked on."""
    return [queue if priority == LIVE else f"{queue}\x06\x16{priority}" for priority in PRIORITIES]


def waiting(client: redis.Redis, queue: str) -> int:
    """Return how many tasks wait in a queue and in the lines before it, those in work apart."""
    in_line = sum(fair_queue.lengths(client).values()) if queue == MESSAGES else 0
    return in_line + sum(int(client.llen(name)) for name in lists_of(queue))


@setup_logging.connect
def _leave_the_log_alone(**_: object) -> None:
    """Keep Celery from adding handlers of its own: `worker.logs` sets the log up, and nobody else."""
