"""A phone is put together from groups strewn over a message, and counts, prices and versions are not."""

import pytest

from rules.strewn import strewn
from rules.text import Text


def groups(said: str) -> list[str]:
    text = Text(said)
    return [text.canon[text.spans[run.first][0] : text.spans[run.last - 1][1]] for run in strewn(text)]


def test_the_groups_are_found_and_nothing_between_them() -> None:
    said = "Люстра упакована.\n8 911\nдо 19:30\n204\nзаезд со двора\n18-37"
    assert groups(said) == ["8 911", "204", "18-37"]


def test_an_hour_or_a_number_in_words_between_is_left_out() -> None:
    assert groups("Начало 8 911, к 18:30 буду. Потом 204, у меня два склада. Конец 18 37") == ["8 911", "204", "18 37"]


def test_figures_that_only_count_the_groups_are_left_out() -> None:
    assert groups("цифры: 1) 8911 и 2) 204, а ещё 3) 18 и 37")[0] == "8911"


def test_a_code_without_its_country_must_be_announced() -> None:
    assert groups("Первые цифры 911, другие 204, последние 18 37")
    assert not groups("Ваза 911, кашпо 204, свеча 18 37")


@pytest.mark.parametrize(
    "said",
    [
        "Стол 8 990, стул 450, полка 1 200",
        "Первая часть 7911 листов, вторая 204 листов, третья 18 и 37 листов, позвоните в дверь",
        "Версии 7.9.11, 2.0.4 и 1.8.37",
        "Партия 8911\nРяд 204\nМесто 1837",
        "арт. 8 911\nцвет 204\nостаток 18 37",
        "Коробок 8 по 911 г, вес 204, цена 18 37 за две",
    ],
)
def test_what_only_looks_so_is_left_alone(said: str) -> None:
    assert not groups(said)
