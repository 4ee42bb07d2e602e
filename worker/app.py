"""The Celery app: its queues, its schedule, and the settings that keep messages from being lost.

The numbers follow from what was measured of Celery 5.7 on Redis: an acknowledgement comes after the work, a killed
child's task is tried again, and what a killed worker held comes back after the visibility timeout.
"""

from typing import Any

from celery import Celery
from kombu import Queue

from worker import settings
from worker.embedded import running_url
from worker.errors import OperatorError

MESSAGES, REPORTS = "messages", "reports"

# Seconds. The visibility timeout stands above every hard time limit: below it a long task would run twice.
SOFT_TIME_LIMIT_S = 45
HARD_TIME_LIMIT_S = 60
VISIBILITY_TIMEOUT_S = 90
SOCKET_TIMEOUT_S = 15  # kombu's own default waits for ever

TAKE_UP_EVERY_S = 5
REPORT_EVERY_S = 5

app = Celery("chatwarden", include=["worker.tasks"])


def broker_url(current: settings.Settings) -> str:
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


@app.on_configure.connect
def _configure(**_: Any) -> None:
    """Read the settings when the app is first used, so that importing it needs none."""
    current = settings.load()
    app.conf.update(
        broker_url=broker_url(current),
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
            "socket_timeout": SOCKET_TIMEOUT_S,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
        },
        beat_schedule={
            "take up what waits": {"task": "take_up_waiting", "schedule": TAKE_UP_EVERY_S},
            "report what is unreported": {"task": "report_unreported", "schedule": REPORT_EVERY_S},
        },
        beat_schedule_filename=str(current.data_dir / "beat-schedule"),
        enable_utc=True,
        result_backend=None,
        task_acks_late=True,
        task_create_missing_queues=False,
        task_default_queue=MESSAGES,
        task_default_retry_delay=1,
        task_ignore_result=True,
        task_queues=[Queue(MESSAGES), Queue(REPORTS)],
        task_retry_on_worker_lost=True,
        task_serializer="json",
        task_soft_time_limit=SOFT_TIME_LIMIT_S,
        task_time_limit=HARD_TIME_LIMIT_S,
        accept_content=["json"],
        worker_concurrency=current.worker_processes,
        worker_hijack_root_logger=False,
        worker_max_memory_per_child=400_000,  # KiB
        worker_max_tasks_per_child=20_000,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_redirect_stdouts=False,
    )
