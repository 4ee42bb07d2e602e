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
    without = chatwarden("backtest", "--rules-off", "phone").out
    assert "25 messages judged by rule set" in without
    assert "newly flagged by" not in without
    assert "no longer flagged by phone:\n  1/1/" in without
    assert "8 912 ***-**-22" in without
    assert list(kept.violations.find()) == before

    old = chatwarden("backtest", "--only", "phone", "--json").out
    assert {flag["rule"] for flag in json.loads(old)["flagged"]} == {"phone"}
    Path("old.json").write_text(old)
    assert "newly flagged by call-or-write:" in chatwarden("backtest", "--compare", "old.json").out


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
