import logging
from collections.abc import Iterator

import pytest

from tests.leaks import LeakWatch, leaks_in_files
from tests.postgres_server import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def leak_watch() -> LeakWatch:
    return LeakWatch()


@pytest.fixture(autouse=True)
def no_secret_in_any_log(leak_watch: LeakWatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a secret or a text, whether in this process or in those that it starts."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    root = logging.getLogger()
    level = root.level
    root.addHandler(leak_watch)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(leak_watch)
    root.setLevel(level)
    leaks = leak_watch.leaks[:]
    leak_watch.leaks.clear()
    if folder:
        leaks += leaks_in_files(folder)
    assert not leaks


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests; they are skipped where there is none."""
    with postgres_server() as server:
        yield server
