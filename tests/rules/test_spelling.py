"""Words are known in other spellings, and other words are not taken for them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.spelling import (
    beginnings,
    both_scripts,
    in_latin,
    keyboard,
    mistyped,
    once,
    sounds,
    swapped,
    to_cyrillic,
    turned,
    without_figures,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("тeлeфoн", "телефон"), ("wh4ts4pp", "whatsapp"), ("т3л3гр4м", "телеграм"), ("0зон", "озон"), ("ин$та", "инста")],
)
def test_mixed_scripts_and_figures_are_read_in_both_ways(written: str, meant: str) -> None:
    assert meant in both_scripts(written)


@pytest.mark.parametrize("word", ["телефон", "shop", "м3", "a4"])
def test_an_honest_word_is_left_alone(word: str) -> None:
    assert not list(both_scripts(word))


@pytest.mark.parametrize(("written", "meant"), [("pishite", "пишите"), ("nomer", "номер"), ("shchyot", "щет")])
def test_transliteration_is_undone(written: str, meant: str) -> None:
    assert to_cyrillic(written) == meant


@given(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=5))
def test_what_is_transliterated_may_have_been_written_so(word: str) -> None:
    assert any(word.startswith(written) for written in in_latin(to_cyrillic(word)[:3]))


@pytest.mark.parametrize(("written", "meant"), [("ntktuhfv", "телеграм"), ("yjvth", "номер"), ("еудупкфь", "telegram")])
def test_the_wrong_keyboard_is_undone(written: str, meant: str) -> None:
    assert keyboard(written) == meant


def test_what_stands_on_its_head_is_turned() -> None:
    assert list(turned("ɯɐɹƃǝlǝʇ")) == ["telegram"]
    assert list(turned("маргелет")) == ["телеграм"]


def test_repeated_letters_are_written_once() -> None:
    assert once("тееелллеееграаамм") == "телеграм"


@pytest.mark.parametrize(
    ("heard", "meant"),
    [("тилефон", "телефон"), ("номир", "номер"), ("девяцот", "девятьсот"), ("дваццать", "двадцать")],
)
def test_words_that_sound_alike_share_a_key(heard: str, meant: str) -> None:
    assert sounds(heard) == sounds(meant)


@example("одзыв")
@given(st.text("абвгдежзийклмнопрстуфхцчшщьыэюяіїґў'", min_size=2))
def test_a_word_begins_as_what_it_sounds_like(word: str) -> None:
    assert beginnings([sounds(word)])[word[:2]] <= len(word)
    assert word[:2] not in beginnings(["z" + sounds(word)])


def test_other_words_do_not() -> None:
    assert sounds("телевизор") != sounds("телефон")


@pytest.mark.parametrize(("strewn", "word"), [("п1и2ш3и4", "пиши"), ("т6е7л8е9г10а", "телега"), ("р2д2", "р2д2")])
def test_figures_strewn_among_letters_are_left_out(strewn: str, word: str) -> None:
    assert without_figures(strewn) == word


def test_inner_letters_may_change_places() -> None:
    assert swapped("тлефеон") == swapped("телефон") != swapped("телефоны")


def test_a_mistyped_word_lacks_a_letter_or_has_two_neighbours_swapped() -> None:
    assert [*mistyped("вкус", since=1)] == ["вус", "вкс", "вку", "квус", "вукс", "вксу"]
