"""`chatwarden audit`, against a real sandbox and a real Redis."""

import json
from typing import Any

import pytest

from rules import Message, Severity
from tests.sandbox_market import Market
from tests.worker.cli.conftest import Command, Start, ended
from worker.checking import judge

PHONE = "8 912 000-11-22"


def audited(process: Start, *arguments: str) -> dict[str, Any]:
    done = ended(process, "audit", "--format", "json", *arguments)
    assert done.code == 0, done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def test_an_audit_tells_programs_what_was_read_and_found(process: Start, two_shops: Market) -> None:
    two_shops.say(f"Звоните {PHONE}", chat_id=1)
    report = audited(process)
    assert PHONE not in json.dumps(report)
    assert list(report) == ["since", "until", "rule_set", "cabinets", "totals"]
    first, second = report["cabinets"]
    assert (first["business_id"], first["name"], first["chats"]) == (1, "Shop 1", 3)
    assert (first["messages"], first["partner_messages"], first["judged"]) == (25, 13, 13)
    assert second["messages"] == 24
    for name in ("chats", "messages", "partner_messages", "judged"):
        assert report["totals"][name] == first[name] + second[name]
    for name in ("not_judged", "violations", "reminders"):
        assert report["totals"][name] == len(first[name]) + len(second[name])


def test_an_audit_finds_what_the_same_texts_hold(process: Start, two_shops: Market) -> None:
    planted = {
        (cabinet.business_id, chat.chat_id, message.message_id)
        for cabinet in two_shops.world.cabinets.values()
        for chat in cabinet.chats.values()
        for message in chat.messages.values()
        if message.sender == "PARTNER"
        for finding in judge([Message(message.text or "")], own_numbers=[str(chat.order_id)]).findings
        if finding.severity is Severity.VIOLATION
    }
    report = audited(process)
    found = [violation for cabinet in report["cabinets"] for violation in cabinet["violations"]]
    assert {(one["business_id"], one["chat_id"], one["message_id"]) for one in found} == planted != set()
    assert all(one["reported_at"] for one in found)


def test_an_audit_may_be_of_one_cabinet(process: Start, two_shops: Market) -> None:
    [cabinet] = audited(process, "--business", "2")["cabinets"]
    assert cabinet["business_id"] == 2


def test_contacts_are_shown_where_that_is_asked_for(process: Start, two_shops: Market) -> None:
    two_shops.say(f"Звоните {PHONE}", chat_id=1)
    assert PHONE in json.dumps(audited(process, "--unmask"))


def test_what_cannot_be_read_is_told_and_does_not_hide_the_others(process: Start, two_shops: Market) -> None:
    two_shops.revoke()
    done = ended(process, "audit", "--format", "json")
    assert done.code == 1
    assert "chatwarden: cabinet 1: getChats: HTTP 401" in done.err
    assert "the same command goes on where this one stopped" in done.err
    first, second = json.loads(done.out)["cabinets"]
    assert (first["judged"], second["judged"]) == (0, 12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--business", "9"), "cabinet 9 is not in the settings; add it there or mend --business"),
        (("--since", "soon"), "--since 'soon' is no time; write 30d, 12h or 2026-10-01T09:00"),
        (("--since", "1d", "--until", "2d"), "--since 1d is not before --until 2d; mend one of them"),
        (("--format", "pdf"), "--format 'pdf' is unknown; write one or several of html,csv,json"),
    ],
)
def test_bad_use_is_refused_in_one_line(
    chatwarden: Command, two_shops: Market, arguments: tuple[str, ...], said: str
) -> None:
    assert chatwarden("audit", *arguments).error == said
