"""The face of the rules: what others build on."""

import dataclasses
import subprocess
import sys

import pytest

import rules
from rules import (
    RULE_SET,
    RULES,
    Message,
    RuleError,
    Severity,
    check,
    check_chat,
    score,
)
from rules.rule import Hit


def test_evidence_is_the_place_it_points_at() -> None:
    text = "Здравствуйте! Звоните 8\u200b912 345\xad-67-89 или пишите на shop\uff20mail.ru"
    findings = check(text)
    assert {finding.rule for finding in findings} >= {"phone", "email"}
    assert all(text[finding.start : finding.end] == finding.evidence for finding in findings)


def test_findings_stand_in_the_order_of_the_text() -> None:
    starts = [finding.start for finding in check("наш сайт lavka.ru, почта a@b.ru, тел. 8 912 345-67-89")]
    assert starts == sorted(starts)


def test_the_chats_own_number_is_no_phone() -> None:
    text = "Подтвердите, пожалуйста, 89123456789"
    assert "phone" in {finding.rule for finding in check(text)}
    assert "phone" not in {finding.rule for finding in check(text, own_numbers={"89123456789"})}


def test_a_number_of_the_buyer_said_back_is_no_contact_of_the_shop() -> None:
    asked = Message("Верните на 8 912 345-67-89", "CUSTOMER")
    assert not check_chat([asked, Message("На 8 912 345-67-89 вернуть не можем, оформите возврат")])


@pytest.mark.parametrize(
    "name",
    [
        "photo.zip",
        "readme.md",
        "IMG_20240512_141530.jpg",
        "instr_v2.1.pdf",
        "video.mov",
    ],
)
def test_an_ordinary_file_name_passes(name: str) -> None:
    findings = check("Файл во вложении", file_names=[name])
    assert Severity.VIOLATION not in {finding.severity for finding in findings}


@pytest.mark.parametrize(
    ("name", "evidence"),
    [
        ("звоните_89123456789.jpg", "89123456789"),
        ("tg @lavka_shop.png", "@lavka_shop"),
        ("lavka.ru.pdf", "lavka.ru"),
    ],
)
def test_a_contact_in_a_file_name_counts(name: str, evidence: str) -> None:
    message = Message("Смотрите вложение", file_names=(name,))
    findings = check(message.text, file_names=message.file_names)
    assert any(evidence in finding.evidence for finding in findings)
    assert all(message.document[finding.start : finding.end] == finding.evidence for finding in findings)


def test_only_the_shop_is_judged() -> None:
    senders = ("CUSTOMER", "MARKET", "SUPPORT", "BOT", "PARTNER")
    findings = check_chat([Message("пишите в вотсап, наш сайт lavka.ru", sender) for sender in senders])
    assert {finding.message for finding in findings} == {4}


def test_messages_judged_before_are_left_alone() -> None:
    chat = [
        Message("Звоните 8 912 345-67-89"),
        Message("Спасибо за заказ, соберём сегодня до вечера"),
        Message("пишите в вотсап"),
    ]
    found = [finding for finding in check_chat(chat, since=1) if finding.severity is Severity.VIOLATION]
    assert {finding.message for finding in found} == {2}


def test_reasons_come_in_both_languages() -> None:
    russian, english = (
        next(finding.reason for finding in check("8 912 345-67-89", lang=lang) if finding.rule == "phone")
        for lang in ("ru", "en")
    )
    assert russian != english
    assert english.isascii()


def test_the_score_is_graded() -> None:
    nothing, likely, sure = (
        score(check(text)) for text in ("Спасибо за заказ", "комиссия площадки выросла", "8 912 345-67-89")
    )
    assert 0.0 <= nothing < likely < sure <= 1.0


def test_a_likely_sign_does_not_flag() -> None:
    assert {finding.severity for finding in check("за 900 рублей на авито, наверное, подделка")} <= {Severity.SIGN}


def test_nothing_said_says_nothing() -> None:
    assert check("") == check("   \n") == check_chat([]) == []


def test_neither_findings_nor_messages_show_text_in_their_repr() -> None:
    message = Message("Звоните 8 912 345-67-89", file_names=("89123456789.jpg",))
    shown = repr(message) + repr(check(message.text))
    assert "912" not in shown


def test_a_broken_rule_is_an_error_that_keeps_the_text_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object) -> list[Hit]:
        raise ValueError("8 912 345-67-89")

    rule = dataclasses.replace(RULES["phone"], find=broken)
    monkeypatch.setattr(rules, "RULES", {"phone": rule})
    with pytest.raises(RuleError, match="rule phone: ValueError") as caught:
        check("Звоните 8 912 345-67-89")
    assert "912" not in str(caught.value)
    assert caught.value.rule == "phone"


def test_no_rules_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pkgutil.iter_modules", lambda _: iter(()))
    with pytest.raises(ImportError, match="no rule"):
        rules._discover()


def test_the_rule_set_is_named_the_same_in_every_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import rules; print(rules.RULE_SET)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == RULE_SET


def test_rules_explain_themselves() -> None:
    for rule in RULES.values():
        assert rule.policy
        assert 0.0 < rule.confidence <= 1.0
        for words in (rule.summary, rule.reason, rule.hint):
            assert words.ru != words.en
            assert words.said("ru") == words.ru
            assert words.said("en") == words.en
