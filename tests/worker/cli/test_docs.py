"""That the commands which the pages for people name can be run as they are written there."""

import re
import shlex
from pathlib import Path

import pytest

from tests.worker.cli.conftest import Command
from worker.cli.commands import ROOMS

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NEEDS_NOTHING = ("rules", "explain", "check", "violations", "config")


def commands(page: Path) -> list[list[str]]:
    """Return the commands of a page that stand between backticks."""
    return [shlex.split(found)[1:] for found in re.findall(r"`(chatwarden [a-z][^`]*)`", page.read_text())]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_command_is_one(page: Path) -> None:
    assert {words[0] for words in commands(page)} <= set(ROOMS)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "README.md"], ids=lambda page: str(page.name))
def test_those_that_need_no_shop_run_as_written(chatwarden: Command, page: Path) -> None:
    for words in commands(page):
        if words[0] in NEEDS_NOTHING:
            answer = chatwarden(*words)
            assert (answer.code, answer.err) in {(0, ""), (1, "")}, words
