"""The Celery app and its queues; its settings stand in `worker.celeryconfig`."""

from celery import Celery
from celery.signals import setup_logging

from worker.embedded import running_url
from worker.errors import OperatorError
from worker.settings import Settings

MESSAGES, REPORTS, SWEEPS, AUDITS = QUEUES = "messages", "reports", "sweeps", "audits"

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


@setup_logging.connect
def _leave_the_log_alone(**_: object) -> None:
    """Keep Celery from adding handlers of its own: `worker.logs` sets the log up, and nobody else."""
