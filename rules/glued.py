"""Words written as one, by haste or to slip through: ``ваштелефон``, ``к у п и т е м и м о``."""

from collections.abc import Callable
from functools import cache

from rules.words import NUMBER_WORD, SIGNS, UNKNOWN, lexicon, number

_SHORTEST, _SHORTEST_NUMBERS, _LONGEST = 8, 6, 80
_SHORTEST_PART, _LONGEST_PART, _LONGEST_ENDING = 3, 14, 3
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
    if not _SHORTEST_NUMBERS <= len(token) <= _LONGEST or not token.isalpha() or SIGNS[token] != UNKNOWN:
        return [token]
    if token[:_SHORTEST_PART] in _number_beginnings() and (numbers := _words(token, _is_number, {})):
        return numbers
    if len(token) < _SHORTEST:
        return [token]
    words = _words(token, _is_word, {})
    whole = [word for word in words if len(word) > _SHORTEST_PART]
    telling = len(words) > 1 and not _told().isdisjoint(map(SIGNS.__getitem__, whole))
    return words if telling else [token]


def _words(rest: str, is_word: Callable[[str], bool], tried: dict[str, list[str]]) -> list[str]:
    """Give the words that ``rest`` is made of, the first as long as possible; none where it is not all words."""
    if rest not in tried:
        tried[rest] = []
        for end in range(min(len(rest), _LONGEST_PART), 0, -1):
            if is_word(rest[:end]) and (end == len(rest) or _words(rest[end:], is_word, tried)):
                tried[rest] = [rest[:end], *(_words(rest[end:], is_word, tried) if end < len(rest) else ())]
                break
    return tried[rest]


@cache
def _number_beginnings() -> frozenset[str]:
    return frozenset(word[:_SHORTEST_PART] for word, value in lexicon().numbers.items() if value != "-")


def _is_number(part: str) -> bool:
    """Tell a word for a figure, also misspelt; neither a word between figures nor what is a prefix by trade."""
    return len(part) >= _SHORTEST_PART and SIGNS[part] == NUMBER_WORD and number(part) != "-" and part != "раз"


def _is_word(part: str) -> bool:
    if len(part) < _SHORTEST_PART:
        return part in _SMALL
    book = lexicon()
    stems = (part[:end] for end in range(max(_SHORTEST_PART, len(part) - _LONGEST_ENDING), len(part) + 1))
    return part in book.exact or part in book.numbers or any(stem in book.stems for stem in stems)
