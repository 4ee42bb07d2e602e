"""Words written as one, and words that only look so."""

import pytest

from rules import check
from rules.glued import parted


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("ваштелефон", ["ваш", "телефон"]),
        ("пишитемимоплощадки", ["пишите", "мимо", "площадки"]),
        ("оставьтепочту", ["оставьте", "почту"]),
        ("сорокодин", ["сорок", "один"]),
        ("тринооль", ["три", "нооль"]),
        ("восемьдевятьсотодиннадцатьноль", ["восемь", "девятьсот", "одиннадцать", "ноль"]),
    ],
)
def test_words_written_as_one_are_parted(token: str, words: list[str]) -> None:
    assert parted(token) == words


@pytest.mark.parametrize(
    "token",
    ["телефон", "калинами", "автомобильный", "водонагреватель", "восемьдесят", "развозим", "институт", "на" * 30],
)
def test_any_other_word_stays_whole(token: str) -> None:
    assert parted(token) == [token]


def test_letters_set_apart_are_several_words() -> None:
    text = "в а ш т е л е ф о н скиньте"
    assert [finding.evidence for finding in check(text) if finding.rule == "contact-request"] == [text]
