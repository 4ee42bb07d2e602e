"""Clues tell where a rule is worth asking, and never keep it from a text that it would find something in."""

import pytest

from rules import RULES
from rules.clues import NOTHING, clue, clues
from rules.rule import Rule, Sample
from rules.text import Text

CAT = clue(("кот",), NOTHING)
PURR = clue((), "мурлы")


def test_words_and_patterns_have_bits_of_their_own() -> None:
    assert clues("кот!", ["кот", "!"]) == CAT
    assert clues("мурлыка", ["мурлыка"]) == PURR
    assert clues("котик", ["котик"]) == 0


MEW = clue((), r"^мяу|\bфыр|(?<!\w)урр|[.!|(]мур|\.(?:мя|\|)|9\d|[мш]ип|\+?бяк")


@pytest.mark.parametrize("said", ["мяу", "фырк", "урр", "990", "шипит", "мип", "бяк", "ойбяк", "-урр"])
def test_what_a_word_can_hold_is_found_also_where_it_is_a_word_alone(said: str) -> None:
    assert clues(said, [said]) == MEW


@pytest.mark.parametrize("said", ["ямяу", "афыр", "аурр", "амур", "мяк", "1", "+"])
def test_a_pattern_that_begins_with_a_mark_or_a_word_is_not_found_within_one(said: str) -> None:
    assert clues(said, [said]) == 0


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_asked_wherever_it_finds_something(rule: Rule) -> None:
    for sample in (sample for other in RULES.values() for sample in other.flagged):
        assert_asked(rule, sample)


def assert_asked(rule: Rule, sample: Sample) -> None:
    """A rule that is not asked would have found nothing."""
    text = Text(sample.text)
    assert rule.needs & text.signs or not list(rule.find(text))


def test_plain_talk_asks_few_rules() -> None:
    text = Text("Спасибо за заказ, отправим завтра утром")
    assert sum(bool(rule.needs & text.signs) for rule in RULES.values()) <= 3
