"""Celery's settings, read when the app is first used.

The numbers follow from what was measured of Celery 5.7 on Redis: an acknowledgement comes after the work, a killed
child's task is tried again, and what a killed worker held comes back after the visibility timeout.
"""

from celery.schedules import crontab as _crontab
from kombu import Queue as _Queue

from worker import app as _app
from worker import broker as _broker
from worker import settings as _settings

# Seconds. What a killed worker held comes back after the visibility timeout. A task that takes longer is given to a
# second worker meanwhile, which finds the message claimed or settled: quick recovery is worth that question.
_SOFT_TIME_LIMIT_S = 45
_HARD_TIME_LIMIT_S = 60
_VISIBILITY_TIMEOUT_S = 12
_SOCKET_TIMEOUT_S = 15  # kombu's own default waits for ever

_TAKE_UP_EVERY_S = 2
_REPORT_EVERY_S = 2
_LOOK_EVERY_S = 2
_GO_ON_SWEEPING_EVERY_S = 10
_GO_ON_AUDITING_EVERY_S = 10

_current = _settings.load()

_redis = _broker.celery_settings(_app.broker_url(_current))

_audits_due, _digests_due = map(_crontab.from_string, (_current.audit_schedule, _current.digest_schedule))

broker_url = _redis["url"]
broker_use_ssl = _redis["ssl"]
broker_connection_retry_on_startup = True
broker_transport_options = {
    "visibility_timeout": _VISIBILITY_TIMEOUT_S,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": _SOCKET_TIMEOUT_S,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "priority_steps": list(_app.PRIORITIES),
    **_redis["transport_options"],
}
# By names alone: beat loads no task. What nobody took up before the schedule has long sent the next is dropped.
_TICK, _DAILY = {"expires": 60}, {"expires": 3600}
beat_schedule = {
    "take up what waits": {"task": "take_up_waiting", "schedule": _TAKE_UP_EVERY_S, "options": _TICK},
    "report what is unreported": {"task": "report_unreported", "schedule": _REPORT_EVERY_S, "options": _TICK},
    "look at chats that moved": {"task": "look_at_moved", "schedule": _LOOK_EVERY_S, "options": _TICK},
    "sweep all cabinets": {"task": "sweep_all", "schedule": _current.sweep_every_s, "options": _TICK},
    "go on sweeping": {"task": "go_on_sweeping", "schedule": _GO_ON_SWEEPING_EVERY_S, "options": _TICK},
    "audit all cabinets": {"task": "audit_all", "schedule": _audits_due, "args": ["audit"], "options": _DAILY},
    "weekly digest": {"task": "audit_all", "schedule": _digests_due, "args": ["digest"], "options": _DAILY},
    "go on auditing": {"task": "go_on_auditing", "schedule": _GO_ON_AUDITING_EVERY_S, "options": _TICK},
    "delete what is old": {"task": "delete_old", "schedule": _crontab(minute=30, hour=4), "options": _DAILY},
}
beat_schedule_filename = str(_current.data_dir / "beat-schedule")
enable_utc = True
timezone = _current.time_zone  # of the crontabs
# Ours, not Celery's: how many ids of a cabinet may be at the workers at once.
checks_of_a_cabinet = _current.parallel_requests
result_backend = None
task_acks_late = True
task_create_missing_queues = False
task_default_queue = _app.MESSAGES
task_default_retry_delay = 1
task_ignore_result = True
task_queues = [_Queue(name) for name in _app.QUEUES]
task_retry_on_worker_lost = True
task_routes = {
    "check_message": {"queue": _app.MESSAGES},
    "report_violations": {"queue": _app.REPORTS},
    "take_up_waiting": {"queue": _app.REPORTS},
    "report_unreported": {"queue": _app.REPORTS},
    "look_at_moved": {"queue": _app.SWEEPS},
    "look_at_chat": {"queue": _app.SWEEPS, "priority": _app.SOON},
    "sweep_all": {"queue": _app.SWEEPS},
    "go_on_sweeping": {"queue": _app.SWEEPS},
    "sweep_cabinet": {"queue": _app.SWEEPS, "priority": _app.BULK},
    "audit_all": {"queue": _app.AUDITS},
    "audit_cabinet": {"queue": _app.AUDITS, "priority": _app.BULK},
    "go_on_auditing": {"queue": _app.AUDITS},
    "delete_old": {"queue": _app.AUDITS},
}
task_serializer = "json"
task_soft_time_limit = _SOFT_TIME_LIMIT_S
task_time_limit = _HARD_TIME_LIMIT_S
accept_content = ["json"]
worker_concurrency = _current.worker_processes
worker_hijack_root_logger = False
worker_max_memory_per_child = 400_000  # KiB
worker_max_tasks_per_child = 20_000
worker_prefetch_multiplier = 1
worker_send_task_events = False
worker_redirect_stdouts = False
