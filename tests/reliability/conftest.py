"""The seed of every random moment, and the figures that the tests measured, printed at the end."""

import os
import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.postgres_server import PostgresServer
from tests.reliability import system

SEED = "RELIABILITY_SEED"
MEASURED = "measured"


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance; a run is repeated with RELIABILITY_SEED."""
    seed = int(os.environ.get(SEED, random.SystemRandom().randrange(10**6)))
    sys.stdout.write(f"{SEED}={seed}\n")
    return random.Random(seed)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a line of figures for the summary."""
    return partial(record_property, MEASURED)


@pytest.fixture(autouse=True, params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of database under every test; one that names its own kind says so by `indirect`."""
    kind: str = request.param
    if kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setattr(system, "database_in", lambda folder: server.new_database())
    return kind


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("CHATWARDEN_", "SENTRY_")):
            monkeypatch.delenv(name)


@pytest.hookimpl(tryfirst=True)  # xdist looks at the marks in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `pytest -n` run these one after the other: each has a whole Chatwarden of processes, and times it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("reliability"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {line}"
        for report in reports
        for name, line in report.user_properties
        if name == MEASURED and report.when == "call"
    ]
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)
