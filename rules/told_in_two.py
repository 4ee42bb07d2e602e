"""A phone told in two: ``код 911, номер 2041837``, ``204-18-37, код города 495``, ``начало 89112, конец 041837``."""

import re
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

from rules.clues import clue
from rules.numerals import Piece, Run
from rules.other_numbers import is_measure
from rules.phrase import Phrase
from rules.search import opening
from rules.text import Text

SAYS_FRONT = clue(
    ("код", "кода", "кодом", "префикс", "оператор", "оператора", "впереди", "спереди", "перед", "сначала"),
    opening("начал", "начин", "перв"),
)
"""What a text must hold to tell which of two is the front."""
_NAMES = re.compile("код|преф|опер|впер|спер|перед|сначала|начал|начин|перв")

_FIGURES = 10  # of a number without its country
_MOST_GROUPS = 7  # of what stands beside the front
_COUNTRY, _COUNTRIES = re.compile(r"[78](?=9)"), ("7", "8")
_MARKS = r"[\s,.;:()—-]{1,3}"
_PART = r"(?:част\w|половин\w+|кус\w+|цифр\w*)"
_TELLING = (
    rf"(?:а|и|это|сам|номер|дальше|далее|потом|затем|остал\w+|тел(?:ефон)?|наш|мой|местный|абонента?|кода|него|ним|"
    rf"после|за|следом|наберите|набираете|конец|концовка|хвост\w*|продолжение|втор\w+|последн\w+|{_PART})"
)
_REST = rf"(?:{_TELLING}{_MARKS})"
_MAY_BEGIN = re.compile(
    rf"(?:^|[\n.!?:,;(—-]|(?<!\w)(?:звон\w+|вот|сюда|набер\w+|набир\w+|пишите|{_TELLING}))[\s:—-]{{0,3}}\Z"
)
_WITHIN = re.compile(r"[\s,.—-]{0,3}")
_REACH, _BESIDE = 32, 6  # characters before a piece, tokens beside the number, that may tell what it is
_OTHER = Phrase("<thing|label|invoice|numbered|refund|courier|market>")
_SENTENCE = re.compile(r"[.!?\n]")
_FIRST = attrgetter("first")


class _Front(NamedTuple):
    """The front of a number: its figures, and how it is named before it, behind it, and behind the rest."""

    figures: re.Pattern[str]
    before: re.Pattern[str]
    behind: re.Pattern[str]
    behind_rest: re.Pattern[str]

    @classmethod
    def called(cls, figures: str, name: str) -> "_Front":
        """Make it of its figures and its name."""
        name = rf"(?<!\w)(?:{name})"
        return cls(
            re.compile(figures),
            re.compile(rf"{name}[\s:=—-]{{1,3}}\Z"),
            re.compile(rf"{_MARKS}(?:это )?{name}{_MARKS}{_REST}{{0,4}}"),
            re.compile(
                rf"{_MARKS}(?:[аи] )?(?:{name}|впереди|спереди|перед (?:этим|ним))[\s:=—-]{{1,3}}(?:[78][\s-])?"
            ),
        )


_THEN = re.compile(rf"{_MARKS}{_REST}{{1,4}}")
_FRONTS = (
    _Front.called(
        r"[78]?9\d\d|[348]\d{2,4}",
        r"(?:код|префикс|оператор)(?:а|ом)?"
        r"(?: (?:нашего |моего )?(?:города|номера|оператора|региона|сети|связи|мобильный|наш))?",
    ),
    _Front.called(
        r"[78]9\d{2,6}",
        rf"начало|сначала|начинается (?:на|с)|перв\w+(?: (?:три|четыре|пять|шесть|семь))?(?: {_PART})?",
    ),
)


def told_in_two(text: Text) -> Iterator[Run]:
    """Yield the front and the rest of each number that is told so, in the order they stand in."""
    pieces = text.pieces
    for at in _next_to_names(text):
        fronts = [front for front in _FRONTS if front.figures.fullmatch(pieces[at].digits)]
        if not fronts:
            continue
        told, upto = Run.of((pieces[at],)), at - (at > 0 and pieces[at - 1].digits in _COUNTRIES)
        behind = _rest(text, pieces[at], pieces[at + 1 : at + 1 + _MOST_GROUPS])
        before = _rest(text, pieces[at], pieces[max(0, upto - _MOST_GROUPS) : upto][::-1])
        if behind and any(_goes_on(text, front, told, behind) for front in fronts):
            yield from (told, behind)
        elif before and any(_is_put_before(text, front, before, told) for front in fronts):
            yield from (before, Run.of(pieces[upto : at + 1]))


def _next_to_names(text: Text) -> list[int]:
    """Give the pieces that stand next to what may name a front, or one further behind a country."""
    named = {bisect(text.pieces, at, key=_FIRST) for at, token in enumerate(text.tokens) if _NAMES.match(token)}
    return sorted({at for behind in named for at in range(max(0, behind - 1), min(behind + 2, len(text.pieces)))})


def _rest(text: Text, front: Piece, nearest: list[Piece]) -> Run | None:
    """Put together those next to the front that make it a whole number, given the nearest first."""
    wanted = _FIGURES - len(_COUNTRY.sub("", front.digits))
    sizes = [*accumulate(len(piece.digits) for piece in nearest)]
    if wanted not in sizes:
        return None
    rest = Run.of(sorted(nearest[: sizes.index(wanted) + 1], key=_FIRST))
    between = (_between(text, left.last, right.first) for left, right in pairwise(rest.pieces))
    return rest if all(map(_WITHIN.fullmatch, between)) else None


def _between(text: Text, last: int, first: int) -> str:
    return text.canon[text.spans[last - 1][1] : text.spans[first][0]]


def _goes_on(text: Text, front: _Front, told: Run, rest: Run) -> bool:
    """Tell a front that is named before it or behind it, and what goes on it."""
    between = _between(text, told.last, rest.first)
    named = front.behind.fullmatch(between) or (_THEN.fullmatch(between) and _said_before(front.before, text, told))
    return bool(named) and not _is_of_else(text, told, rest)


def _is_put_before(text: Text, front: _Front, rest: Run, told: Run) -> bool:
    """Tell a number, which nothing else is called by, and the front that is to stand before it."""
    return (
        front.behind_rest.fullmatch(_between(text, rest.last, told.first)) is not None
        and _said_before(_MAY_BEGIN, text, rest)
        and not _is_of_else(text, rest, told)
    )


def _said_before(words: re.Pattern[str], text: Text, run: Run) -> bool:
    start = text.spans[run.first][0]
    return words.search(text.canon, max(0, start - _REACH), start) is not None


def _is_of_else(text: Text, left: Run, right: Run) -> bool:
    """Tell figures in a sentence of something else that has a number or a code, or that are a measure."""
    before = _SENTENCE.split(_signs(text, max(0, left.first - _BESIDE), left.first))[-1]
    behind = _SENTENCE.split(_signs(text, right.last, right.last + _BESIDE))[0]
    return _OTHER.said(before) or _OTHER.said(behind) or is_measure(left, text) or is_measure(right, text)


def _signs(text: Text, first: int, last: int) -> str:
    """Give the signs of words but for that of the code itself."""
    beside = zip(text.tokens[first:last], text.line[first:last], strict=True)
    return "".join(sign for token, sign in beside if not token.startswith("код"))
