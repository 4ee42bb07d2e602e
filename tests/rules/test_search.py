"""Patterns are searched for where their clue is, and names are read once."""

import gc
import re

from rules import RULES
from rules.clues import clue
from rules.search import Clued, clued, first, headed, held, opening
from rules.text import Text

FOX = clued("лис", by="лис")
FOX_AT_HOME = clued("лис", by=FOX.clue, also=clue((), "дом"))
FOX_ASLEEP = clued("лис", by=FOX.clue, rare="спит")
HOST = clued(headed(first("[a-z]", r"[\w.]"), r"[\w-]*", r" dot (?P<tail>[a-z]+)"), "dot")


def found(text: str) -> list[str]:
    """What the patterns of this file find, in their order."""
    read = Text(text)
    return [match[0] for one in held((FOX, FOX_AT_HOME, FOX_ASLEEP, HOST), read) for match in one.matches(read)]


def test_a_pattern_is_held_where_its_clues_are() -> None:
    assert held((FOX, FOX_AT_HOME), Text("тут лис")) == [FOX]
    assert held((FOX, FOX_AT_HOME), Text("лис дома")) == [FOX, FOX_AT_HOME]
    assert held((FOX, FOX_AT_HOME), Text("дома никого")) == []


def test_what_is_rare_must_be_there_too() -> None:
    assert found("лис ест") == ["лис"]
    assert found("лис спит") == ["лис", "лис"]


def test_a_tail_is_a_top_level_domain() -> None:
    assert found("lavka dot ru") == ["lavka dot ru"]
    assert found("lavka dot lavka") == []


def test_long_names_that_nothing_follows_are_stepped_over() -> None:
    assert found(f"{'a' * 40} dot, {'b--' * 20} lavka dot ru") == ["lavka dot ru"]


def test_what_opens_a_word_stands_at_its_beginning() -> None:
    assert re.findall(opening("лис", "пёс"), "лис, слис и пёс") == ["лис", "пёс"]
    assert re.findall(opening("лис", before=r"[\w.]"), "лис .лис") == ["лис"]


def test_every_pattern_of_the_rules_can_be_compiled() -> None:
    patterns = [one for one in gc.get_objects() if type(one) is Clued]
    assert all(re.compile(one.pattern) and re.compile(one.rare) for one in patterns)
    assert len({one.clue for one in patterns}) > len(RULES)
