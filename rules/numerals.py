"""Figures in any dress: digits, number words, letters for figures; put together into runs that may be one number."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, groupby, pairwise, takewhile
from operator import attrgetter
from typing import NamedTuple

from rules.clues import NOTHING, clue
from rules.glued import parted
from rules.words import MIXED, NUMBER_WORD, SIGNS, lexicon, number


class Piece(NamedTuple):
    """Figures that stand together: ``digits``, and the tokens ``first`` up to, not including, ``last``."""

    digits: str
    first: int
    last: int
    worded: bool = False


_DIGITS = attrgetter("digits")


class Run(NamedTuple):
    """Pieces of one possible number, with nothing of meaning between them; its figures, and how many each piece has."""

    pieces: tuple[Piece, ...]
    digits: str
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Run":
        """Put pieces together."""
        pieces = tuple(pieces)
        digits = [*map(_DIGITS, pieces)]
        return cls(pieces, "".join(digits), tuple(map(len, digits)))

    @property
    def first(self) -> int:
        """The first token."""
        return self.pieces[0].first

    @property
    def last(self) -> int:
        """The token behind the last."""
        return self.pieces[-1].last


FEWEST_FIGURES = 5
"""Figures of the shortest number that one may call."""

MOST_BETWEEN = 6
"""Tokens that may stand between two pieces of one number."""

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "o": "0"}
_ROMANS = frozenset(_ROMAN)
ROMAN = clue(("viii", "ix"), NOTHING)
"""A number of eleven figures in Roman ones has an eight or a nine."""
BEGINS_CODE = clue((), NOTHING)
"""Some token's figures may begin the code of a mobile; as ``begins_code`` tells."""
_CODE = re.compile(r"[78]?9\d{0,2}")
_ROMANS_ENOUGH = 9
_TIME = "раз"
"""A one in counting aloud, but not in "once more"."""
_AS_FIGURES = str.maketrans("oоzзliі|бчвbsgeе", "0033111164885933")
_MIXED = re.compile(r"[0-9oоzзliі|бчвbseе]+")
_LETTERS = re.compile(r"[oо]{1,4}|[зz]|[oоzзliічб]{2,4}")
_SPELLING = frozenset("-=")
_SPACES = frozenset(("пробел", "пробела", "пробелов", "пробелы", "space", "spaces"))
_NO_SPACE = frozenset(("без", "нет", "не", "ставим", "ставь", "ставьте", "никаких", "никакого", "no", "without"))
SAYS_SPACE = clue(_SPACES, NOTHING)
"""How a number is typed is told between its groups: ``8 нет пробела 950``."""
_PLUS = frozenset(("плюс", "plus"))
_FIGURE_SIGN = re.compile(f"[1-9{NUMBER_WORD}{MIXED}]")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_PHONE = re.compile(r"[78]?9\d{9}")
_SHORTEST_PHONE = 10
_WHOLE_PHONE = re.compile(r"[78]9\d{9}")
_GROUP = f"[1-3{NUMBER_WORD}{MIXED}]{{1,4}}"
EVENLY_PARTED = re.compile(rf"{_GROUP}([^1-9{NUMBER_WORD}]{{1,5}})(?:{_GROUP}\1){{2}}[1-3{NUMBER_WORD}{MIXED}]")
"""Signs of groups of figures with the same filler between them: ``8 кг 911 кг 204 кг 18 кг 37``."""
_MANY_PARTS = 8
_LONG_GROUP = _EVENLY_PARTED_GROUPS = 4
_MOST_REPEATED = 9
_LEAST_ROUND = 20  # what a figure may be added to
_PLURAL = re.compile(
    r"нул(?:я|ей|и)|нол(?:я|ей|и)|нолик\w+|единиц[ыу]?|(?:дво|тро)(?:ек|йки|ечки)"
    r"|(?:четв|пят|шест|сем|восьм)ер(?:ки|ок|очки)|девят(?:ки|ок)|zero(?:e?s)|(?:nine|eight|seven|five|three|two|one)s"
)


def runs(tokens: list[str], pieces: Iterable[Piece]) -> Iterator[Run]:
    """Yield the runs of a text, given as its tokens and the pieces among them, that hold five figures or more."""
    groups = [*joined(tokens, pieces)]
    if len(groups) >= _EVENLY_PARTED_GROUPS:
        yield from _evenly_parted(tokens, [*chain.from_iterable(groups)])
    for pieces in groups:
        if sum(map(len, map(_DIGITS, pieces))) >= FEWEST_FIGURES:
            yield Run.of(pieces)


def most_figures(token: str, sign: str) -> int:
    """Give how many figures a token may add to a number at most."""
    if sign == MIXED:
        return len(mixed(token) or "")
    if sign == NUMBER_WORD:
        value = number(token) or ""
        repeats = value in ("x2", "x3") or _PLURAL.fullmatch(token)
        return _MOST_REPEATED if repeats else len(value) * value.isdecimal()
    return len(token) if token.isdecimal() or _are_figures(token) else 0


def begins_code(token: str, sign: str) -> bool:
    """Tell the figures with which the code of a mobile may begin; behind a country's they may stand in two words."""
    digits = mixed(token) if sign == MIXED else number(token) if sign == NUMBER_WORD else token
    return digits is not None and _CODE.fullmatch(digits) is not None


def may_stand_within(token: str) -> bool:
    """Tell whether a number may go on behind a token: a mark, a word like "then", a letter that is spelt."""
    return _parts(token) or len(token) == 1


def joined(tokens: list[str], pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Put together the pieces between which nothing of meaning stands."""
    group: list[Piece] = []
    for piece in pieces:
        if group and piece.first > group[-1].last and not _joined(tokens, group[-1].last, piece.first):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _evenly_parted(tokens: list[str], pieces: list[Piece]) -> Iterator[Run]:
    """Yield whole phones with one and the same word behind each of their groups, which then counts nothing."""
    for filler, pairs in groupby(pairwise(pieces), lambda pair: tokens[pair[0].last : pair[1].first]):
        lefts, rights = zip(*pairs, strict=True)
        if len(lefts) + 1 < _EVENLY_PARTED_GROUPS or all(map(_parts, filler)):
            continue
        run = Run.of((lefts[0], *rights))
        if max(run.sizes) < _LONG_GROUP and _WHOLE_PHONE.fullmatch(run.digits):
            yield run


def _joined(tokens: list[str], first: int, last: int) -> bool:
    if last - first > MOST_BETWEEN:
        return False
    if last - first == 1:
        return _parts(tokens[first])
    between = tokens[first:last]
    if all(map(_parts, between)):
        return True
    if not _SPACES.isdisjoint(between):
        return all(token in _NO_SPACE or _parts(token) for token in between)
    spelt = not _SPELLING.isdisjoint(between)
    return spelt and all(
        _parts(token) or (len(token) == 1 and tokens[at] in _SPELLING) for at, token in enumerate(between, first + 1)
    )


@lru_cache(maxsize=4096)
def _parts(token: str) -> bool:
    """Tell a mark or a word like "then" from others; the letter that is spelt (``В-восемь, О-один``) parts as well."""
    return not token[0].isalnum() or token in lexicon().between or token == _TIME


def read_pieces(tokens: list[str], line: str) -> Iterator[Piece]:
    """Yield all that may be figures in a text, given as its tokens and their signs."""
    if not _ROMANS.isdisjoint(tokens) and sum(map(_ROMAN.__contains__, tokens)) >= _ROMANS_ENOUGH:
        figures = ((_ROMAN.get(token) or _figure(token), at) for at, token in enumerate(tokens))
        yield from (Piece(figure, at, at + 1) for figure, at in figures if figure)
        return
    end = 0
    for match in _FIGURE_SIGN.finditer(line):
        at = match.start()
        piece = _piece(tokens, line[at], at) if at >= end else None
        while piece:
            yield piece
            end = piece.last
            piece = _letters(tokens, end)


def _piece(tokens: list[str], sign: str, at: int) -> Piece | None:
    if sign == NUMBER_WORD:
        return _worded(tokens, at)
    if sign == MIXED:
        return _chained(tokens, at)
    return Piece(tokens[at], at, at + 1)


def _chained(tokens: list[str], at: int) -> Piece | None:
    """Read figures and number words glued together, with those that go on the last: ``80шестьдесят один`` is 8061."""
    glued, last = tokens[at], at + 1
    digits = mixed(glued)
    while digits and glued[-1].isalpha() and _next(tokens, last):
        longer = mixed(glued + tokens[last])
        if longer is None or len(longer) != len(digits):
            break
        glued, digits, last = glued + tokens[last], longer, last + 1
    return Piece(digits, at, last) if digits else None


def _letters(tokens: list[str], at: int) -> Piece | None:
    """Read letters for figures (``ООО``), which are so only right behind other figures or one mark further."""
    if at + 1 < len(tokens) and not tokens[at].isalnum():
        at += 1
    if at == len(tokens) or not _are_figures(tokens[at]):
        return None
    before, behind = tokens[at - 1], tokens[at + 1 : at + 3]
    spelt = before != "-" and len(behind) > 1 and behind[0] == "-" and behind[1].isalpha()
    return None if spelt else Piece(tokens[at].translate(_AS_FIGURES), at, at + 1)


def _are_figures(token: str) -> bool:
    return _LETTERS.fullmatch(token) is not None


@lru_cache(maxsize=4096)
def mixed(token: str) -> str | None:
    """Read figures with letters for figures (``9з5``) or number words among them (``8960555zero191``)."""
    if _MIXED.fullmatch(token):
        return token.translate(_AS_FIGURES)
    parts = _PARTS.findall(token)
    if len(token) >= _SHORTEST_PHONE and (figures := _strewn(parts)):
        return figures
    words = [word for part in parts for word in parted(part) if word not in _PLUS]
    values = [*takewhile(str.isdecimal, map(_figures_of, words))]
    if not words or len(values) < len(words):
        return None
    readings = ["".join(_added(words, values, to_figures=also)) for also in (True, False)]
    return next(filter(_PHONE.fullmatch, readings), readings[0])


def _figures_of(word: str) -> str:
    return word if word.isdecimal() else number(word) or ""


def _added(words: list[str], values: list[str], *, to_figures: bool) -> Iterator[str]:
    """Add to a round number what continues it: 900 and 16 are 916, 200 and 04 are 204."""
    before, round_word = "", False
    for word, value in zip(words, values, strict=True):
        if (to_figures or round_word) and before and len(value) < len(before) and _adds(int(before), value):
            before = str(int(before) + int(value))
            continue
        if before:
            yield before
        before, round_word = value, word.isalpha()
    yield before


def _strewn(parts: list[str]) -> str:
    """Read a phone with letters strewn into it (``х8х9х5...``) or a word glued to it (``тел8903...``, ``Оля89...``)."""
    figures = "".join(filter(str.isdecimal, parts))
    glued = len(parts) == 2 and any(
        SIGNS[part] in lexicon().announcing or part in lexicon().names for part in parts if part.isalpha()
    )
    return figures if _PHONE.fullmatch(figures) and (glued or len(parts) >= _MANY_PARTS) else ""


def _worded(tokens: list[str], at: int) -> Piece | None:
    """Read number words from ``at`` on: one number (``девятьсот двенадцать``) or repeated figures (``три нуля``)."""
    first, second = _value(tokens[at]), _next(tokens, at + 1)
    if first is None or (tokens[at] == _TIME and tokens[at - 1 : at] == ["еще"]):
        return None
    if second and len(first) == len(second) == len(tokens[at + 1]) == 1:  # 九一: a figure that another stands behind
        return Piece(first, at, at + 1, worded=True)
    if first in ("x2", "x3"):
        return _repeated(second, int(first[1]), at)
    if first in ("2", "3", "4", "5", "6") and second and _PLURAL.fullmatch(tokens[at + 1]):
        return _repeated(second, int(first), at)
    total, count = (int(first) * 100, 2) if len(first) == 1 and second == "100" else (int(first), 1)
    while total >= _LEAST_ROUND and (more := _next(tokens, then := _behind(tokens, at + count))) and _adds(total, more):
        total, count = total + int(more), then - at + 1
    return Piece(str(total), at, at + count, worded=True)


def _repeated(digits: str | None, times: int, at: int) -> Piece | None:
    return Piece(digits * times, at, at + 2, worded=True) if digits and digits.isdecimal() else None


def _behind(tokens: list[str], at: int) -> int:
    """Step over the soft sign that ends a transliterated word: ``dvadtsat' odin``."""
    return at + 1 if at < len(tokens) and tokens[at] in "'`" else at


def _next(tokens: list[str], at: int) -> str | None:
    """Give the value of a word that may go on a number, None behind the end."""
    return _going_on(tokens[at]) if at < len(tokens) else None


@lru_cache(maxsize=4096)
def _going_on(token: str) -> str | None:
    return _value(token) or _figure(token)


def _figure(token: str) -> str | None:
    """Read a figure that goes on a number word (``сорок 4``)."""
    return token if len(token) == 1 and token.isdecimal() else None


@lru_cache(maxsize=4096)
def _value(token: str) -> str | None:
    value = number(token)
    return None if value == "-" else value


def _adds(total: int, value: str) -> bool:
    """Tell whether a number word continues the one before: nine hundred, then twelve; forty, then five."""
    if total < _LEAST_ROUND or total % 10 or not value.isdecimal() or value == "0":
        return False
    return int(value) < (100 if total % 100 == 0 else 10 if total % 100 != 10 else 0)
