import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker import checking, tasks
from worker.app import app

ROOT = Path(__file__).parents[2]
TICKS = {"take_up_waiting", "report_unreported", "sweep_all", "go_on_sweeping", "look_at_moved", "go_on_auditing"}
DAILY = {"audit_all", "delete_old"}
OURS = {"check_message", "report_violations", "sweep_cabinet", "look_at_chat", "audit_cabinet", *TICKS, *DAILY}


@pytest.mark.usefixtures("queue")
class TestSettings:
    def test_lose_no_task_with_its_worker(self) -> None:
        assert app.conf.task_acks_late
        assert app.conf.task_retry_on_worker_lost
        assert app.conf.worker_prefetch_multiplier == 1
        for task in (tasks.check_message, tasks.report_violations):
            assert task.acks_late
            assert task.max_retries == 3

    def test_give_what_a_dead_worker_held_to_another_within_seconds(self) -> None:
        options = app.conf.broker_transport_options
        assert options["visibility_timeout"] <= checking.LEASE.total_seconds() + 1
        assert options["unacked_restore_interval"] == options["unacked_restore_throttle"] == 1

    def test_wait_for_redis_no_longer_than_a_while(self) -> None:
        options = app.conf.broker_transport_options
        assert 0 < options["socket_connect_timeout"] <= options["socket_timeout"] <= 30

    def test_speak_json_alone(self) -> None:
        assert app.conf.accept_content == ["json"]
        assert app.conf.task_serializer == "json"

    def test_end_a_task_that_hangs(self) -> None:
        assert 0 < app.conf.task_soft_time_limit < app.conf.task_time_limit

    def test_send_every_task_to_a_queue_that_is_worked_on(self) -> None:
        assert {name for name, task in app.tasks.items() if task.__module__ == tasks.__name__} == set(OURS)
        queues = {queue.name for queue in app.conf.task_queues}
        assert {app.conf.task_routes[name]["queue"] for name in OURS} == queues
        assert app.conf.task_default_queue in queues

    def test_schedule_tasks_that_are_there(self) -> None:
        entries = app.conf.beat_schedule.values()
        assert {entry["task"] for entry in entries} == TICKS | DAILY
        assert all(entry["schedule"] > 0 for entry in entries if entry["task"] in TICKS)

    def test_audit_daily_at_six_and_weekly_at_noon_in_moscow(self) -> None:
        assert str(app.timezone) == "Europe/Moscow"
        due = {
            entry["args"][0]: (entry["schedule"].hour, entry["schedule"].minute, entry["schedule"].day_of_week)
            for entry in app.conf.beat_schedule.values()
            if entry["task"] == "audit_all"
        }
        assert due == {"audit": ({6}, {0}, set(range(7))), "digest": ({12}, {0}, {1})}


def test_a_bad_setting_stops_the_app(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATWARDEN_LANGUAGE", "fr")
    command = [sys.executable, "-c", "from worker.app import app; print(app.conf.broker_url)"]
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines()[-1].startswith(
        "worker.errors.OperatorError: the environment variable CHATWARDEN_L"
    )
