import json
from pathlib import Path

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


def test_what_is_off_milder_or_allowed_is_listed(chatwarden: Command, tmp_path: Path) -> None:
    (tmp_path / "chatwarden.toml").write_text(
        '[allowed]\nhosts = ["docs.example.ru"]\n[rules]\noff = ["qr"]\nseverity = { payment = "sign" }\n'
    )

    answer = chatwarden("rules")

    rows = {line.split()[0]: line.split() for line in answer.out.splitlines() if line.strip()}
    assert rows["qr"][3] == "off"
    assert rows["payment"][2:4] == ["sign", "on"]
    assert "allowed hosts: docs.example.ru" in answer.out


def test_programs_get_the_same_as_json(chatwarden: Command, tmp_path: Path) -> None:
    (tmp_path / "chatwarden.toml").write_text('allowed.hosts = ["docs.example.ru"]\nrules.off = ["qr"]\n')

    told = json.loads(chatwarden("rules", "--json").out)

    assert told["rule_set"].startswith(RULE_SET)
    assert {row["rule"]: row["on"] for row in told["rules"]} == {rule: rule != "qr" for rule in RULES}
    assert told["allowed"] == {"hosts": ["docs.example.ru"], "phones": [], "addresses": [], "phrases": []}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained_with_examples(chatwarden: Command, rule: str) -> None:
    answer = chatwarden("explain", rule, "--lang", "en")

    assert answer.code == 0
    assert RULES[rule].reason.en in answer.out
    assert RULES[rule].flagged[0].text.splitlines()[0] in answer.out
    assert f'off = ["{rule}"]' in answer.out


def test_a_rule_that_is_not_there_is_told_in_one_line(chatwarden: Command) -> None:
    answer = chatwarden("explain", "phon")

    assert answer.code == 2
    assert answer.err == "chatwarden: 'phon' is no rule; did you mean phone?\n"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('off = ["qrr"]', "'qrr' is no rule"),
        (f"off = {list(RULES)}", "all rules are off: every message would look clean"),
    ],
)
def test_rules_that_cannot_be_so_are_refused(chatwarden: Command, tmp_path: Path, rules: str, said: str) -> None:
    (tmp_path / "chatwarden.toml").write_text(f"[rules]\n{rules}\n")

    answer = chatwarden("check", "+7 812 000 11 22")

    assert answer.code == 2
    assert said in answer.err


def test_texts_are_judged_with_what_is_allowed(chatwarden: Command, tmp_path: Path) -> None:
    assert chatwarden("check", "+7 812 000 11 22").code == 1
    (tmp_path / "chatwarden.toml").write_text('[allowed]\nphones = ["8 812 000-11-22"]\n')

    assert chatwarden("check", "+7 812 000 11 22").code == 0
