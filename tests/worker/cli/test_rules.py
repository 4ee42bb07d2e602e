import pytest

from rules import RULE_SET, RULES
from tests.worker.cli.conftest import Command


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_rule_is_listed_with_its_summary(chatwarden: Command, lang: str) -> None:
    answer = chatwarden("rules", "--lang", lang)
    assert answer.code == 0
    listed = " ".join(answer.out.split())
    for rule in RULES.values():
        assert f" {rule.id} " in listed
        assert rule.summary.said(lang).split()[0] in listed
    assert RULE_SET in listed
