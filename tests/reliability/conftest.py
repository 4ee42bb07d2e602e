"""The seed of every random moment, and the figures that the tests measured, printed at the end."""

import os
import random
import sys
from collections.abc import Callable

import pytest

SEED = "RELIABILITY_SEED"
_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance; a run is repeated with RELIABILITY_SEED."""
    seed = int(os.environ.get(SEED, random.SystemRandom().randrange(10**6)))
    sys.stdout.write(f"{SEED}={seed}\n")
    return random.Random(seed)


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a line of figures for the summary."""
    lines = request.config.stash.setdefault(_FIGURES, [])
    return lambda line: lines.append(f"{request.node.name}: {line}")


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("CHATWARDEN_", "SENTRY_")):
            monkeypatch.delenv(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was measured."""
    if lines := config.stash.get(_FIGURES, []):
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)
