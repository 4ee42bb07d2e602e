"""Patterns are searched for where their clue is, and names are read once."""

import gc
import re
from itertools import pairwise

import pytest

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


def test_in_a_long_text_what_lies_near_a_clue_is_found_and_the_rest_is_not_searched() -> None:
    far = "слово " * 100
    text = Text(f"{far}lavka dot ru {far}shop dot com")
    assert [match[0] for match in HOST.matches(text)] == ["lavka dot ru", "shop dot com"]
    parts = [text.canon[start:end].split() for start, end in text.around(HOST.clue)]
    assert [part.count("dot") for part in parts] == [1, 1]
    assert sum(map(len, parts)) < 100


def test_a_long_text_without_the_clue_is_not_searched() -> None:
    assert Text("слово " * 100).around(HOST.clue) == []


def test_of_a_short_text_all_is_searched() -> None:
    text = Text("лис и ещё один")
    assert text.around(FOX.clue) == [(0, len(text.canon))]


@pytest.mark.parametrize("between", range(28, 40))
def test_clues_whose_parts_touch_make_one_part(between: int) -> None:
    text = Text(f"{'слово ' * 60}лис {'слово ' * between}лис")
    parts = text.around(FOX.clue)
    assert all(end < start for (_, end), (start, _) in pairwise(parts))
    assert sum(text.canon[start:end].count("лис") for start, end in parts) == 2
