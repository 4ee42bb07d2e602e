"""What a shell is told when the user presses Tab."""

import pytest

from rules import RULES
from tests.worker.cli.conftest import Command


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_script_is_given_for_each_shell(chatwarden: Command, environment: pytest.MonkeyPatch, shell: str) -> None:
    environment.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    answer = chatwarden("--show-completion", shell)
    assert answer.code == 0
    assert "_CHATWARDEN_COMPLETE" in answer.out


@pytest.mark.parametrize(
    ("words", "completed"), [("doc", ["doctor"]), ("explain ph", ["phone"]), ("violations --rule q", ["qr"])]
)
def test_words_are_completed(
    chatwarden: Command, environment: pytest.MonkeyPatch, words: str, completed: list[str]
) -> None:
    environment.setenv("_CHATWARDEN_COMPLETE", "complete_bash")
    environment.setenv("COMP_WORDS", f"chatwarden {words}")
    environment.setenv("COMP_CWORD", str(len(words.split())))
    assert set(completed) <= set(RULES) | {"doctor"}
    assert chatwarden().out.split() == completed
