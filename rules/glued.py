"""Words written as one, by haste or to slip through: ``ваштелефон``, ``к у п и т е м и м о``."""

from functools import cache

from rules.words import HEAD, SIGNS, UNKNOWN, lexicon, number

_SHORTEST, _LONGEST = 8, 80
_SHORTEST_PART, _LONGEST_PART, _LONGEST_ENDING = 3, 14, 3
_FEW = 3
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
    if not _SHORTEST <= len(token) <= _LONGEST or not token.isalpha() or SIGNS[token] != UNKNOWN:
        return [token]
    words = _words(token, {})
    whole = [word for word in words if len(word) > _SHORTEST_PART]
    telling = len(words) > 1 and not _told().isdisjoint(map(SIGNS.__getitem__, whole))
    return words if telling or (len(words) > _FEW and all(map(number, words))) else [token]


def _words(rest: str, tried: dict[str, list[str]]) -> list[str]:
    """Give the words that ``rest`` is made of, the first as long as possible; none where it is not all words."""
    if rest not in tried:
        tried[rest] = []
        for end in _lengths().get(rest[:HEAD], _SHORT):
            if end <= len(rest) and _is_word(rest[:end]) and (end == len(rest) or _words(rest[end:], tried)):
                tried[rest] = [rest[:end], *(_words(rest[end:], tried) if end < len(rest) else ())]
                break
    return tried[rest]


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long words may be that begin with three letters, the longest first."""
    lengths: dict[str, set[int]] = {}
    book = lexicon()
    for word in (*book.exact, *book.numbers):
        lengths.setdefault(word[:HEAD], {*_SHORT}).add(len(word))
    for stem in book.stems.signs:
        lengths.setdefault(stem[:HEAD], {*_SHORT}).update(range(len(stem), len(stem) + _LONGEST_ENDING + 1))
    return {head: tuple(sorted(filter(_LONGEST_PART.__ge__, found), reverse=True)) for head, found in lengths.items()}


def _is_word(part: str) -> bool:
    if len(part) < _SHORTEST_PART:
        return part in _SMALL
    book = lexicon()
    stems = (part[:end] for end in range(max(_SHORTEST_PART, len(part) - _LONGEST_ENDING), len(part) + 1))
    return part in book.exact or part in book.numbers or any(stem in book.stems.signs for stem in stems)
