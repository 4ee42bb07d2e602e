"""`chatwarden backtest`: what would change, and that nothing does."""

import json
from pathlib import Path

import pytest

from tests.sandbox_market import Market
from tests.worker.cli.conftest import Command, Start, ended
from worker.store import Store


def test_what_would_change_is_told_and_nothing_is_written(
    process: Start, chatwarden: Command, two_shops: Market, kept: Store
) -> None:
    two_shops.say("Звоните 8 912 000-11-22", chat_id=1)
    ended(process, "sweep")
    before = list(kept.violations.find())
    same = ended(process, "backtest")
    assert same.code == 0, same.err
    assert "25 messages judged by rule set" in same.out
    assert "flagged by" not in same.out

    without = ended(process, "backtest", "--rules-off", "phone")
    assert "no longer flagged by phone:\n  1/1/" in without.out
    assert "8 912 ***-**-22" in without.out
    assert list(kept.violations.find()) == before

    old = ended(process, "backtest", "--only", "phone", "--json")
    assert {flag["rule"] for flag in json.loads(old.out)["flagged"]} == {"phone"}
    Path("old.json").write_text(old.out)
    assert "newly flagged by call-or-write:" in ended(process, "backtest", "--compare", "old.json").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "fone"), "'fone' is no rule; there are "),
        (("--only", "phone", "--rules-off", "phone"), "no rule is left; give another --only or --rules-off"),
        (("--compare", "no.json"), "no.json cannot be read (No such file or directory); give a result of backtest"),
        (("--compare", "bad.json"), "bad.json is no result of a backtest; give what backtest --json printed"),
    ],
)
def test_bad_use_is_refused_in_one_line(
    chatwarden: Command, two_shops: Market, arguments: tuple[str, ...], said: str
) -> None:
    Path("bad.json").write_text("[]")
    assert chatwarden("backtest", *arguments).error.startswith(said)
