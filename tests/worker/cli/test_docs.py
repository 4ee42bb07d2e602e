"""That the pages for people are true: their commands, options, settings, files and links are those that there are."""

import re
import shlex
import textwrap
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.worker.cli.conftest import Command
from worker import settings
from worker.cli.commands import ROOMS, app
from worker.settings import Settings
from worker.store import Store
from worker.web.metrics import Collector

ROOT = Path(__file__).parents[3]
README, ENGINEER = ROOT / "README.md", ROOT / "docs" / "engineer.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
NEEDS_NOTHING = ("rules", "explain", "check", "violations", "config")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))


def commands(page: Path) -> list[str]:
    """Return the commands of a page that stand between backticks or on a line of their own, without their comments."""
    text = page.read_text()
    return [
        *re.findall(r"`(chatwarden [a-z][^`\n]*)`", text),
        *re.findall(r"^ *(chatwarden [a-z].*?)(?: +#.*)?$", text, re.MULTILINE),
    ]


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a page in a language."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", page.read_text(), re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for _, block in found]


def anchors(page: Path) -> set[str]:
    """Return what a link into a page may name: its headings as GitHub writes them."""
    prose = re.sub(r"^( *)```.*?^\1```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_every_command_is_one_and_has_the_options_it_is_given(page: Path) -> None:
    group: Any = get_command(app)
    for command in commands(page):
        name = command.split()[1]
        assert name in ROOMS
        known = {option for parameter in group.get_command(None, name).params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)\[?(--?[a-zA-Z][a-z-]*)", command)) <= known, command


@pytest.mark.parametrize("page", [page for page in PAGES if page != README], ids=lambda page: str(page.name))
def test_those_that_need_no_shop_run_as_written(chatwarden: Command, page: Path) -> None:
    for command in commands(page):
        words = shlex.split(command)[1:]
        if words[0] in NEEDS_NOTHING and "RULE" not in words:
            answer = chatwarden(*words)
            assert (answer.code, answer.err) in {(0, ""), (1, "")}, words


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]*)\)", page.read_text()):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@every_page
def test_every_file_and_module_that_is_named_is_there(page: Path) -> None:
    text = page.read_text()
    files = re.findall(r"(?<![\w./])((?:tests|rules|worker)/[\w/]*\w(?:\.\w+)?)", text)
    files += [f"tests/reliability/{name}" for name in re.findall(r"`(test_\w+\.py)`", text)]
    assert not [name for name in files if not (ROOT / name).exists()]
    modules = re.findall(r"\b(?:tests|rules|worker)(?:\.\w+)+", text)
    assert not [name for name in modules if find_spec(name) is None]


@every_page
def test_what_is_to_be_written_into_the_settings_is_taken(environment: pytest.MonkeyPatch, page: Path) -> None:
    for block in blocks(page, "toml"):
        Path("chatwarden.toml").write_text(block)
        assert settings.load()


def test_the_table_of_settings_is_whole() -> None:
    table = ENGINEER.read_text().partition("## Settings")[2].partition("### ")[0]
    first_cells = "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    assert set(re.findall(r"`([a-z_]+)`", first_cells)) == set(Settings.model_fields)


def test_the_alert_rules_watch_metrics_that_there_are(kept: Store) -> None:
    [rules] = blocks(ENGINEER, "yaml")
    known = {metric.name for metric in Collector(settings.load(), kept).collect()}
    assert set(re.findall(r"chatwarden_\w+", rules)) <= known
