"""Clues: what a text must hold somewhere for a rule to be worth asking.

A rule that speaks in phrases names signs; one that reads letters names words and patterns here. Both are bits of one
number, which each stretch of a text gets once, so that one comparison tells a rule that there is nothing for it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import filterfalse
from typing import NamedTuple

import regex

NOTHING = "(?!)"
"""The pattern of a clue that is words only."""

_BEHIND_SIGNS = 256
_GROUP = 8
_SET = r"\\.|\[(?:\\.|[^\]])*+\]"
_ALTERNATIVE = regex.compile(rf"(?:{_SET}|(?P<group>\((?:{_SET}|(?&group)|[^()])*+\))|[^|])++")
_OF_MARKS = re.compile(r"(?:\\\W|\[(?:\\\W|[^\w\\^])+\]|[^\w\\(\[^$.]|_)(?![?*]|\{[0,])")
"""How an alternative begins that matches nothing in a word of letters and figures."""
_OF_BEGINNINGS = re.compile(r"\^|\\b|\(\?<!\\w\)|(\w)\(\?<!\\w\1\)")
"""How one begins that matches such a word from its first letter on or not at all."""


class _Clue(NamedTuple):
    bit: int
    words: frozenset[str]
    pattern: re.Pattern[str] | None

    def occurs(self, stretch: str, tokens: Iterable[str]) -> bool:
        """Tell whether a stretch, or a token of it, tells of what this is a clue of."""
        return not self.words.isdisjoint(tokens) or bool(self.pattern and self.pattern.search(stretch))


class _InWords(NamedTuple):
    """What of all clues may occur in a word of letters and figures, as most stretches are: what costs less to find."""

    words: frozenset[str]
    beginnings: re.Pattern[str]
    others: re.Pattern[str]

    def occurs(self, stretch: str, tokens: Iterable[str]) -> bool:
        """Tell whether such a word, or a token of it, tells of anything."""
        if self.beginnings.match(stretch) or self.others.search(stretch):
            return True
        return not self.words.isdisjoint(tokens)


_CLUES: list[_Clue] = []


def clue(words: Iterable[str], pattern: str) -> int:
    """Name words and a pattern that tell of something, and get their bit; a pattern may not reach over a space.

    Of an alternative that begins with a letter or a set of them, most places of a text are seen at once not to match.
    To be called where a module of rules is imported: what has been read before is not read again.
    """
    compiled = re.compile(pattern) if pattern != NOTHING else None
    named = _Clue(1 << _BEHIND_SIGNS + len(_CLUES), frozenset(words), compiled)
    _CLUES.append(named)
    return named.bit


def clues(stretch: str, tokens: list[str]) -> int:
    """Give the bits of all clues in what stands between two spaces."""
    # Most stretches hold none at all, and others few.
    anything, in_words, groups = _together(len(_CLUES))
    if not (in_words if stretch.isalnum() else anything).occurs(stretch, tokens):
        return 0
    words = frozenset(tokens)
    return sum(
        clue.bit
        for group, members in groups
        if group.occurs(stretch, words)
        for clue in members
        if clue.occurs(stretch, words)
    )


@lru_cache(maxsize=1)
def _together(count: int) -> tuple[_Clue, _InWords, list[tuple[_Clue, list[_Clue]]]]:
    """Make one clue of all, also as it occurs in words, and one of each few."""
    groups = [_CLUES[first : first + _GROUP] for first in range(0, count, _GROUP)]
    anything = _any_of(_CLUES)
    return anything, _in_words(anything), [(_any_of(group), group) for group in groups]


def _any_of(group: list[_Clue]) -> _Clue:
    patterns = [clue.pattern.pattern for clue in group if clue.pattern]
    words = frozenset().union(*(clue.words for clue in group))
    return _Clue(sum(clue.bit for clue in group), words, re.compile("|".join(patterns)) if patterns else None)


def _in_words(clue: _Clue) -> _InWords:
    alternatives = _alternatives(clue.pattern.pattern if clue.pattern else NOTHING)
    may_match = [one for one in alternatives if not _OF_MARKS.match(one)]
    parts = (part(_OF_BEGINNINGS.match, may_match) for part in (filter, filterfalse))
    return _InWords(clue.words, *(re.compile("|".join(part) or NOTHING) for part in parts))


def _alternatives(pattern: str) -> Iterator[str]:
    for alternative in _ALTERNATIVE.finditer(pattern):
        if alternative[0] == alternative["group"] and alternative[0].startswith("(?:"):
            yield from _alternatives(alternative[0].removeprefix("(?:").removesuffix(")"))
        else:
            yield alternative[0]
