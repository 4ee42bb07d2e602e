"""What a shop allows itself."""

import pytest
from pydantic import ValidationError

from rules import Message, Severity
from worker.allowances import NOTHING, Allowances
from worker.cabinets import Allowed
from worker.checking import judge


def found(text: str, allowances: Allowances) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in judge([Message(text)], allowances=allowances).findings]


@pytest.mark.parametrize("text", ["Инструкция: https://docs.shop-sever.ru/a?b=1", "Инструкция: shop-sever.ru"])
def test_an_allowed_host_and_its_subdomains_are_no_finding(text: str) -> None:
    assert "link" in dict(found(text, NOTHING))
    assert "link" not in dict(found(text, Allowances(hosts=frozenset({"Shop-Sever.ru"}))))


@pytest.mark.parametrize(
    "text", ["https://shop-sever.ru@evil-sajt.ru/", "https://shop-sever.ru.evil-sajt.ru", "https://evil-shop-sever.ru"]
)
def test_a_host_that_only_looks_allowed_is_a_finding(text: str) -> None:
    assert "link" in dict(found(text, Allowances(hosts=frozenset({"shop-sever.ru"}))))


def test_an_allowed_phone_is_none_in_whatever_notation() -> None:
    allowances = Allowances(phones=frozenset({"8 (812) 000-11-22"}))

    assert "phone" not in dict(found("Телефон +7 812 000 11 22", allowances))
    assert "phone" in dict(found("Телефон +7 812 000 11 23", allowances))


def test_an_allowed_address_is_none() -> None:
    allowances = Allowances(addresses=frozenset({"Help@shop-sever.ru"}))

    assert "email" not in dict(found("Почта help@shop-sever.ru", allowances))
    assert "email" in dict(found("Почта boss@shop-sever.ru", allowances))


def test_what_is_found_inside_an_allowed_phrase_is_none() -> None:
    text = "Напишите ваш номер телефона"

    assert found(text, NOTHING)
    assert not found(text, Allowances(phrases=frozenset({"напишите ваш номер телефона"})))
    assert found(text, Allowances(phrases=frozenset({"ваш номер"})))


def test_a_rule_can_be_off_or_only_a_sign() -> None:
    text = "Телефон +7 812 000 11 22"

    assert "phone" not in dict(found(text, Allowances(off=frozenset({"phone"}))))
    milder = Allowances(severity={"phone": Severity.SIGN})
    assert dict(found(text, milder))["phone"] is Severity.SIGN
    assert not judge([Message("+7 812 000 11 22")], allowances=milder).flagged


def test_other_allowances_are_another_rule_set() -> None:
    first, second = Allowances(off=frozenset({"qr"})), Allowances(off=frozenset({"link"}))

    assert NOTHING.tag == ""
    assert len({first.tag, second.tag, (first | second).tag}) == 3
    assert (first | second).off == {"qr", "link"}


@pytest.mark.parametrize("phone", ["по запросу", "", "112"])
def test_a_phone_that_is_no_whole_number_is_refused(phone: str) -> None:
    with pytest.raises(ValidationError):
        Allowed(phones=frozenset({phone}))


def test_an_allowed_phone_allows_nothing_else() -> None:
    allowances = Allowances(phones=frozenset({"8 (812) 000-11-22"}))

    assert found("Пишите в телеграм", allowances) == found("Пишите в телеграм", NOTHING) != []
