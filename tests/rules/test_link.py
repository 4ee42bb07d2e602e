"""Links are told from Market's own pages, from files, brands and forgotten spaces."""

import pytest

from rules import Severity, check


def links(text: str) -> list[str]:
    """Evidence of the link rule."""
    return [one.evidence for one in check(text) if one.rule == "link" and one.severity is Severity.VIOLATION]


@pytest.mark.parametrize(
    "link",
    [
        "https://market.yandex.ru/product--lampa/123",
        "market.yandex.ru",
        "https://partner.market.yandex.ru/supplier?id=1",
        "https://yandex.ru/support/market/return/terms.html",
        "yandex.ru/support/marketplace/orders",
    ],
)
def test_markets_own_pages_pass(link: str) -> None:
    assert not links(f"Смотрите {link}, там всё есть")


@pytest.mark.parametrize(
    "link",
    [
        "https://market.yandex.ru@lavka.ru/a",
        "https://market.yandex.ru.lavka.ru",
        "https://market.yandex.ru%2F@lavka.ru",
        "https://market.yandex.ru\\@lavka.ru",
        "https://lavka.ru/market.yandex.ru",
        "yandex.ru/maps/org/1",
        "https://marketyandex.ru",
    ],
)
def test_those_that_only_pretend_do_not(link: str) -> None:
    assert links(f"Смотрите {link} сегодня")


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Каталог: https://lavka.ru/a?b=c.", "https://lavka.ru/a?b=c"),
        ("(см. lavka.ru)", "lavka.ru"),
        ("наш lavka точка ру/акции тут", "lavka точка ру/акции"),
        ("адрес http://203.0.113.7:8080/a", "http://203.0.113.7:8080/a"),
        ("203.0.113.7:8080 открывается", "203.0.113.7:8080"),
        ("там lavka[.]io", "lavka[.]io"),
        ("прайс-lavka.ru.pdf", "прайс-lavka.ru.pdf"),
    ],
)
def test_the_evidence_is_the_whole_address(text: str, evidence: str) -> None:
    assert evidence in links(text)


@pytest.mark.parametrize(
    "text", ["Спасибо.Ждем вас", "г.Москва", "Dr.Web", "192.168.0.1:80", "v2.0.17", "архив photo.zip", "соль.Рф завод"]
)
def test_what_only_looks_like_a_link_passes(text: str) -> None:
    assert not links(text)
