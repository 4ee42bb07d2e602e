"""Words written as one, by haste or to slip through: ``ваштелефон``, ``к у п и т е м и м о``."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from typing import NamedTuple

from rules.first_look import HEAD
from rules.words import LONGEST_ENDING, SIGNS, UNKNOWN, lexicon, number

SHORTEST_GLUED = 6
"""Letters of the shortest words that are several: numbers."""
_SHORTEST, _LONGEST = 8, 80
_SHORTEST_PART, _LONGEST_PART = 3, 14
_SHORT = (2, 1)
_SMALL = frozenset(("в", "на", "и", "к", "у", "по"))
_TOLD = (
    "phone",
    "phone-of",
    "mobile",
    "mail",
    "post",
    "messenger",
    "social",
    "contact",
    "direct",
    "other-market",
    "site",
)


@cache
def _told() -> frozenset[str]:
    return frozenset(lexicon().signs[name] for name in _TOLD)


def parted(token: str) -> list[str]:
    """Part what is several words of the lexicon, one of them of contacts or places to buy, or all of them numbers.

    Any other token stays as it is.
    """
    if not SHORTEST_GLUED <= len(token) <= _LONGEST or not token.isalpha():
        return [token]
    if SIGNS[token] != UNKNOWN or lexicon().find(token):
        return [token]
    if token[:_SHORTEST_PART] in _number_beginnings() and (numbers := _words(token, _NUMBERS, {})):
        return numbers
    if len(token) < _SHORTEST or not _may_tell(token):
        return [token]
    words = _words(token, _WORDS, {})
    whole = [word for word in words if len(word) > _SHORTEST_PART]
    telling = len(words) > 1 and not _told().isdisjoint(map(SIGNS.__getitem__, whole))
    return words if telling else [token]


def _may_tell(token: str) -> bool:
    """Tell whether some word of contacts may begin within a token: a first look, which costs little."""
    heads, size = _told_heads()
    return not heads.isdisjoint([token[at : at + size] for at in range(len(token) - size + 1)])


@cache
def _told_heads() -> tuple[frozenset[str], int]:
    """Give the first letters of all words of contacts, as many of each as the shortest has."""
    book = lexicon()
    words = (word for word in book.exact if len(word) > _SHORTEST_PART)
    told = [part for part in chain(words, book.stems.signs) if book.find(part) in _told()]
    size = min(map(len, told))
    return frozenset(word[:size] for word in told), size


class _Vocabulary(NamedTuple):
    """Words that others may be made of: whether it has one, and how long those may be that a stretch begins with."""

    has: Callable[[str], bool]
    lengths: Callable[[str], Iterable[int]]


def _words(rest: str, among: _Vocabulary, tried: dict[str, list[str]]) -> list[str]:
    """Give the words that ``rest`` is made of, the first as long as possible; none where it is not all words."""
    if rest not in tried:
        tried[rest] = []
        for end in among.lengths(rest):
            if end <= len(rest) and among.has(rest[:end]) and (end == len(rest) or _words(rest[end:], among, tried)):
                tried[rest] = [rest[:end], *(_words(rest[end:], among, tried) if end < len(rest) else ())]
                break
    return tried[rest]


@cache
def _number_beginnings() -> frozenset[str]:
    return frozenset(word[:_SHORTEST_PART] for word, value in lexicon().numbers.items() if value != "-")


def _is_number(part: str) -> bool:
    """Tell a word for a figure, also misspelt; neither a word between figures nor what is a prefix by trade."""
    return part != "раз" and not lexicon().find(part) and number(part) not in (None, "-")


def _number_lengths(rest: str) -> Iterable[int]:
    return range(min(len(rest), _LONGEST_PART), _SHORTEST_PART - 1, -1)


def _is_word(part: str) -> bool:
    if len(part) < _SHORTEST_PART:
        return part in _SMALL
    book = lexicon()
    stems = (part[:end] for end in range(max(_SHORTEST_PART, len(part) - LONGEST_ENDING), len(part) + 1))
    return part in book.exact or part in book.numbers or any(stem in book.stems.signs for stem in stems)


def _word_lengths(rest: str) -> Iterable[int]:
    return _lengths().get(rest[:HEAD], _SHORT)


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long words may be that begin with three letters, the longest first."""
    lengths: dict[str, set[int]] = {}
    book = lexicon()
    for word in (*book.exact, *book.numbers):
        lengths.setdefault(word[:HEAD], {*_SHORT}).add(len(word))
    for stem in book.stems.signs:
        lengths.setdefault(stem[:HEAD], {*_SHORT}).update(range(len(stem), len(stem) + LONGEST_ENDING + 1))
    return {head: tuple(sorted(filter(_LONGEST_PART.__ge__, found), reverse=True)) for head, found in lengths.items()}


_NUMBERS, _WORDS = _Vocabulary(_is_number, _number_lengths), _Vocabulary(_is_word, _word_lengths)
