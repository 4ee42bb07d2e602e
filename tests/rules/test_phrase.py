"""Phrases say what they mean over the line of signs, and cost nothing where they cannot be said."""

import gc

import pytest

from rules import RULES, phrase
from rules.anchors import anchors
from rules.phrase import Phrase, Phrases
from rules.text import Text


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("<give> ~4 <phone>", "дайте нам, пожалуйста, телефон", "дайте нам, пожалуйста, телефон"),
        ("<give> ~3 <phone>", "дайте фото телефон", None),
        ("<give> _3 <phone>", "дайте фото телефон", "дайте фото телефон"),
        ("<give> _3 <phone>", "дайте. телефон", None),
        ("<give> (?P<hit> <your>? <phone>)", "дайте ваш телефон", "ваш телефон"),
        ("<messenger> <!not>", "телеграм открыт", "телеграм открыт"),
        ("<messenger> <!not>", "телеграм не", None),
        ("<number> <digits>", "номер 5", "номер 5"),
    ],
)
def test_it_finds_what_is_said(pattern: str, text: str, found: str | None) -> None:
    read = Text(text)
    places = [read.original[slice(*read.place(*place))] for place in Phrase(pattern).find(read)]
    assert places == ([found] if found else [])


def test_every_phrase_of_the_rules_can_be_compiled() -> None:
    # By its type itself: others answer to the question what they are an instance of by becoming it.
    phrases = [one for one in gc.get_objects() if type(one) is Phrase]
    assert len(phrases) > len(RULES)
    assert all(one.compiled for one in phrases)


def test_what_is_said_in_a_short_line_is_what_is_found_there() -> None:
    lines = {Text(sample.text).line for rule in RULES.values() for sample in rule.samples[::7]}
    for one in (one for one in gc.get_objects() if type(one) is Phrase):
        assert [*map(one.said, lines)] == [one.compiled.search(line) is not None for line in lines]


def test_an_unknown_sign_is_an_error() -> None:
    with pytest.raises(KeyError):
        Phrase("<nonsense>")


def test_a_name_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="not the name of a sign"):
        Phrase("<give|,>")


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("<give> <your>? <phone>", [{"give"}, {"phone"}]),
        ("(?:<phone|mail>|<number> <phone-of>) <give>", [{"phone", "mail", "phone-of"}, {"give"}]),
        ("(?:<phone>)? <give>*", []),
        ("<give> (?! <thing>) [.)]{0,2} (?= <phone>)", [{"give"}, {"phone"}]),
        ("<phone>{0,2} <mail>{1,2}", [{"mail"}]),
    ],
)
def test_it_knows_what_it_cannot_do_without(pattern: str, needed: list[set[str]]) -> None:
    assert [set(names) for names in anchors(pattern)] == needed


def test_phrases_are_found_together_and_in_order() -> None:
    both = Phrases(*map(Phrase, ("<phone>", "<give>", "^ <please>")))
    assert both.find(Text("пожалуйста дайте телефон")) == [(0, 1), (1, 2), (2, 3)]
    assert both.find(Text("спасибо за заказ")) == []


def test_a_phrase_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase, "TIME_BUDGET", 0.01)
    endless = Phrase("(?: (?: <phone>+ )+ )+ <mail>")
    with pytest.raises(TimeoutError):
        list(endless.find(Text("телефон " * 300 + "и почта, мыло")))
