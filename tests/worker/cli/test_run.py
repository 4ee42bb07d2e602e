import subprocess
from pathlib import Path

import pytest
import redis

from tests.waiting import until
from tests.worker.cli.conftest import Command, Start
from worker import tasks
from worker.app import QUEUES, waiting

CABINET = '[[cabinets]]\nbusiness_id = 7\napi_key_env = "SEVEN"\n'


@pytest.fixture
def cabinet(environment: pytest.MonkeyPatch) -> None:
    Path("chatwarden.toml").write_text(CABINET)
    environment.setenv("SEVEN", "ACMA:hunter2")


@pytest.mark.parametrize("command", ["worker", "beat"])
class TestStart:
    def test_needs_a_cabinet(self, chatwarden: Command, command: str) -> None:
        assert chatwarden(command).error.startswith("no cabinet is set up; write into chatwarden.toml")

    def test_needs_a_key(
        self, chatwarden: Command, cabinet: None, environment: pytest.MonkeyPatch, command: str
    ) -> None:
        environment.delenv("SEVEN")
        assert chatwarden(command).error == (
            "cabinet 7: the environment variable SEVEN holds no Api-Key; put the key (ACMA:...) there"
        )

    def test_needs_a_queue(self, chatwarden: Command, cabinet: None, command: str) -> None:
        assert chatwarden(command).error.startswith("no queue: nothing runs in the data folder chatwarden-data;")

    def test_needs_a_redis_that_answers(
        self, chatwarden: Command, cabinet: None, environment: pytest.MonkeyPatch, command: str
    ) -> None:
        environment.setenv("CHATWARDEN_REDIS_URL", "redis://:hunter2@127.0.0.1:1/0")
        error = chatwarden(command).error
        assert error == "Redis does not answer (ConnectionError); see that it runs and mend CHATWARDEN_REDIS_URL"

    def test_needs_a_database(
        self, chatwarden: Command, cabinet: None, environment: pytest.MonkeyPatch, redis_url: str, command: str
    ) -> None:
        environment.setenv("CHATWARDEN_REDIS_URL", redis_url)
        Path("chatwarden-data").touch()
        error = chatwarden(command).error
        assert "chatwarden.sqlite cannot be opened (File exists); mend data_dir or database_url" in error


@pytest.mark.usefixtures("cabinet", "queue")
class TestQueues:
    @pytest.mark.parametrize("name", QUEUES)
    def test_a_worker_works_on_the_queue_that_it_is_told(self, process: Start, queue: redis.Redis, name: str) -> None:
        tasks.check_message.delay(7, 1, 1)
        for task in (tasks.report_unreported, tasks.go_on_sweeping, tasks.go_on_auditing):
            task.delay()
        with process("worker", "--processes", "1", "-Q", name) as running:
            until(lambda: not waiting(queue, name) and not queue.hlen("unacked"))
            assert {one for one in QUEUES if waiting(queue, one)} == set(QUEUES) - {name}
            running.terminate()
            running.communicate(timeout=60)

    def test_one_that_is_not_there_is_refused(self, chatwarden: Command) -> None:
        assert chatwarden("worker", "-Q", "messages,mesages").error == (
            "there is no queue mesages; -Q takes messages, reports, sweeps, audits, several by commas"
        )


@pytest.mark.usefixtures("cabinet", "queue")
class TestUntilItIsToldToStop:
    def test_a_worker_works(self, process: Start) -> None:
        with process("worker", "--processes", "1") as running:
            assert running.stderr is not None
            assert any(b" ready." in line for line in running.stderr)
            self._ends_quietly(running)

    def test_beat_keeps_the_schedule(self, process: Start, queue: redis.Redis) -> None:
        with process("beat") as running:
            until(lambda: queue.llen("sweeps") or queue.llen("reports"))
            assert list(Path("chatwarden-data").glob("beat-schedule*"))
            self._ends_quietly(running)

    def _ends_quietly(self, running: "subprocess.Popen[bytes]") -> None:
        running.terminate()
        _, err = running.communicate(timeout=60)
        assert running.returncode == 0
        assert b"Traceback" not in err
        assert b"hunter2" not in err
