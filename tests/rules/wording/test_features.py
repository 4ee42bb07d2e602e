"""Clauses, words and features of a text."""

from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import Text
from rules.wording.features import GRAM, WORDS, Word, clauses, concepts, encoded_letters, features, near, of_word
from rules.wording.table import encoded


def said(text: str) -> list[str]:
    """The stretches of a text that its clauses stand for."""
    parsed = Text(text)
    places = [parsed.place(clause.first, clause.last) for clause in clauses(parsed)]
    return [text[start:end] for start, end in places]


def test_it_parts_sentences_but_not_scraps() -> None:
    assert said("Заказ собран и ждёт. Да! Напишите, какой цвет нужен. Ок") == [
        "Заказ собран и ждёт.",
        "Да! Напишите, какой цвет нужен. Ок",
    ]


def test_it_says_nothing_of_nothing() -> None:
    assert clauses(Text("")) == []


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_clauses_cover_every_word_once(text: str) -> None:
    parsed = Text(text)
    parts = clauses(parsed)
    assert [clause.first for clause in parts[:1]] == [0] * bool(parsed.tokens)
    assert all(one.last == other.first for one, other in pairwise(parts))
    assert not parts or parts[-1].last == len(parsed.tokens)


@pytest.mark.parametrize(("one", "other"), [("номера", "номером"), ("скидка", "скидкой"), ("магазина", "магазинам")])
def test_endings_do_not_matter(one: str, other: str) -> None:
    assert WORDS[one, "w"].stem == WORDS[other, "w"].stem


@pytest.mark.parametrize("short", ["да", "кот", "ок"])
def test_short_words_are_left_whole(short: str) -> None:
    assert WORDS[short, "w"].stem == short


def test_a_number_that_a_rule_found_is_one_word_whatever_it_is() -> None:
    first, second = Text("звоните 8 912 345-67-89"), Text("звоните 8 (921) 200 11 22")
    for text in (first, second):
        text.note("phone", [(8, len(text.original))])
    (one,), (other,) = clauses(first), clauses(second)
    assert [word.name for word in one.words][1:] == ["found-phone"]
    assert one.words[1] is other.words[1]
    assert features(one) == features(other)


def test_figures_are_known_by_their_number_only() -> None:
    assert WORDS["482", "3"].stem == WORDS["917", "3"].stem == "figures-3"


def test_words_of_one_kind_share_a_concept() -> None:
    assert "hide" in concepts("блокирует") & concepts("вырезает")
    assert not concepts("ъыъ")


def test_every_word_of_a_concept_is_about_it() -> None:
    section = ""
    for line in files("rules.wording").joinpath("concepts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            assert all(section in concepts(form.replace("*", "ъ")) for form in line.split())


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_pieces_of_a_word_are_encoded_as_the_features_they_are(letters: str) -> None:
    word = Word("", "", "", letters)
    grams = [feature for feature, scale in of_word(word) if scale == GRAM]
    encoded_word, cuts = encoded_letters(word)
    assert [encoded_word[cut] for cut in cuts] == [encoded(gram) for gram in grams]


def test_features_grow_with_the_words_only() -> None:
    few, many = (len(features(clauses(Text("пишите нам туда сразу " * times))[0])) for times in (10, 40))
    assert many < 4.1 * few


def test_near_words_stand_within_a_window() -> None:
    (clause,) = clauses(Text("номер телефона скиньте менеджеру " * 8))
    telling = sum(bool(word.kinds) for word in clause.words)
    assert len(near(clause.words)) <= 3 * telling
