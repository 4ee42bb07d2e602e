"""Clues: what a text must hold somewhere for a rule to be worth asking.

A rule that speaks in phrases names signs; one that reads letters names words and patterns here. Both are bits of one
number, which each stretch of a text gets once, so that one comparison tells a rule that there is nothing for it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

NOTHING = "(?!)"
"""The pattern of a clue that is words only."""

_BEHIND_SIGNS = 256


class _Clue(NamedTuple):
    bit: int
    words: frozenset[str]
    pattern: re.Pattern[str] | None


_CLUES: list[_Clue] = []


def clue(words: Iterable[str], pattern: str) -> int:
    """Name words and a pattern that tell of something, and get their bit; a pattern may not reach over a space.

    To be called where a module of rules is imported: what has been read before is not read again.
    """
    compiled = re.compile(pattern) if pattern != NOTHING else None
    named = _Clue(1 << _BEHIND_SIGNS + len(_CLUES), frozenset(words), compiled)
    _CLUES.append(named)
    return named.bit


def clues(stretch: str, tokens: list[str]) -> int:
    """Give the bits of all clues in what stands between two spaces."""
    words, pattern = _any_clue(len(_CLUES))
    if words.isdisjoint(tokens) and not pattern.search(stretch):
        return 0
    return sum(
        clue.bit
        for clue in _CLUES
        if not clue.words.isdisjoint(tokens) or (clue.pattern and clue.pattern.search(stretch) is not None)
    )


@lru_cache(maxsize=1)
def _any_clue(_count: int) -> tuple[frozenset[str], re.Pattern[str]]:
    """All words and all patterns in one: most stretches hold none of them."""
    patterns = (clue.pattern.pattern for clue in _CLUES if clue.pattern)
    return frozenset().union(*(clue.words for clue in _CLUES)), re.compile("|".join(f"(?:{one})" for one in patterns))
