"""Figures in any dress: digits, number words, letters for figures; put together into runs that may be one number."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, compress, count, groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from rules.clues import NOTHING, clue
from rules.glued import parted
from rules.kept import Kept
from rules.words import MIXED, NUMBER_WORD, SIGNS, lexicon, number


class Piece(NamedTuple):
    """Figures that stand together: ``digits``, and the tokens ``first`` up to, not including, ``last``."""

    digits: str
    first: int
    last: int
    worded: bool = False


_OF_PIECE = attrgetter("digits")


class Run(NamedTuple):
    """Pieces of one possible number, with nothing of meaning between them; its figures, and how many each piece has."""

    pieces: tuple[Piece, ...]
    digits: str
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Run":
        """Put pieces together."""
        pieces = tuple(pieces)
        digits = [*map(_OF_PIECE, pieces)]
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
CODE = re.compile(r"[78]?9\d{0,2}")
"""How the code of a mobile may begin, with its country's or without."""
_ROMANS_ENOUGH = 9
_TIME = "раз"
"""A one in counting aloud, but not in "once more"."""
_AS_FIGURES = str.maketrans("oоzзliі|бчвbsgeе", "0033111164885933")
_MIXED = re.compile(r"[0-9oоzзliі|бчвbseе]+")
_LETTERS = re.compile(r"[oо]{1,4}|[зz]|[oоzзliічб]{2,4}")
_SPACES = frozenset(("пробел", "пробела", "пробелов", "пробелы", "space", "spaces"))
_NEGATIONS = frozenset(("без", "нет", "не", "ставим", "ставь", "ставьте", "никаких", "никакого", "no", "without"))
SAYS_SPACE = clue(_SPACES, NOTHING)
"""How a number is typed is told between its groups: ``8 нет пробела 950``."""
_PLUS = frozenset(("плюс", "plus"))
_FIGURE_SIGNS = frozenset(f"123456789{NUMBER_WORD}")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_MERE_LETTER = re.compile(r"(?<![^\W\d_])[a-zа-я](?<![oоzз])(?![^\W\d_])")
"""A letter by itself that stands for no figure."""
_PHONE = re.compile(r"[78]?9\d{9}")
MOBILE = re.compile(r"[78]9\d{9}")
"""A Russian mobile with its country code."""
_SHORTEST_PHONE = 10
_GROUP = f"[1-3{NUMBER_WORD}{MIXED}]{{1,4}}"
EVENLY_PARTED = re.compile(rf"{_GROUP}([^1-9{NUMBER_WORD}]{{1,5}})(?:{_GROUP}\1){{2}}[1-3{NUMBER_WORD}{MIXED}]")
"""Signs of groups of figures with the same filler between them: ``8 кг 911 кг 204 кг 18 кг 37``."""
# What a token may be within a number, a character each: 89, 一, двадцать or 9з5, раз, ООО, О ...
_DIGITS, _FIGURE, _NUMBER, _TIMES, _LETTERS_FOR_FIGURES, _LETTER_FOR_FIGURE = "10ntOo"
# ... the hyphen of "В-восемь", ( or "then", пробел, нет, В.
_SPELLS, _MARK, _SPACE, _NEGATION, _LETTER, _OTHER = "=,szlw"
_FOR_FIGURES, _BETWEEN = _LETTERS_FOR_FIGURES + _LETTER_FOR_FIGURE, _SPELLS + _MARK + _SPACE + _TIMES
_FIGURES = frozenset(_DIGITS + _FIGURE)
_NOT_ALONE = re.compile(rf"[{_NUMBER}{_TIMES}{_FOR_FIGURES}]|{_FIGURE}(?![{_DIGITS}{_FIGURE}{_BETWEEN}]|$)")
"""What may be figures by what stands beside it: 二十, двадцать пять."""
_WITHIN = _BETWEEN + _LETTER + _LETTER_FOR_FIGURE
_SPELLING = frozenset("-=")
_KEPT_ROLES = 50_000
_JOINING = re.compile(
    rf"(?:[{_BETWEEN}]|[{_LETTER}{_LETTER_FOR_FIGURE}](?={_SPELLS}))*"  # В-восемь, О-один
    rf"|[{_BETWEEN}{_NEGATION}]*{_SPACE}[{_BETWEEN}{_NEGATION}]*"  # 8 нет пробела 950
)
"""What may stand between two pieces of one number."""
_MAY_ADD = frozenset(_DIGITS + _FIGURE + _NUMBER + _TIMES + _FOR_FIGURES)
_MANY_PARTS = 8
SIZE_MARKS, OF_SIZE = frozenset("хx×*"), 2
"""Marks between the measures of a size, and figures of its first, which no group of a phone has: ``89х160х25``."""
_FILLER = re.compile(r"([^\W\d_])\1+")
"""One letter again and again, which is no code of an article."""
_ENDS = frozenset(".!?")
_LONG_GROUP = _EVENLY_PARTED_GROUPS = 4
_MOST_REPEATED = 9
_LEAST_ROUND = 20  # what a figure may be added to
_PLURAL = re.compile(
    r"нул(?:я|ей|и)|нол(?:я|ей|и)|нолик\w+|единиц[ыу]?|(?:дво|тро)(?:ек|йки|ечки)"
    r"|(?:четв|пят|шест|сем|восьм)ер(?:ки|ок|очки)|девят(?:ки|ок)|zero(?:e?s)|(?:nine|eight|seven|five|three|two|one)s"
)


def roles(tokens: Iterable[str]) -> str:
    """Make a line of what each token may be within a number."""
    return "".join(map(_ROLES.__getitem__, tokens))


def _role(token: str) -> str:
    if token.isdecimal():
        return _DIGITS
    if role := _known_roles().get(token):
        return role
    if _LETTERS.fullmatch(token):
        return _LETTER_FOR_FIGURE if len(token) == 1 else _LETTERS_FOR_FIGURES
    if not token[0].isalnum():
        return _MARK
    if SIGNS[token] in (NUMBER_WORD, MIXED):
        return _NUMBER
    return _LETTER if len(token) == 1 else _OTHER


_ROLES = Kept(_role, _KEPT_ROLES)


@cache
def _known_roles() -> dict[str, str]:
    return {
        **dict.fromkeys(_NEGATIONS, _NEGATION),
        **dict.fromkeys(lexicon().between, _MARK),
        **dict.fromkeys(_SPACES, _SPACE),
        **dict.fromkeys(_SPELLING, _SPELLS),
        **dict.fromkeys(_single_figures(), _FIGURE),
        _TIME: _TIMES,
    }


@cache
def _single_figures() -> dict[str, str]:
    """Give the figures that are one character, as Chinese ones are."""
    numbers = lexicon().numbers.items()
    return {word: value for word, value in numbers if len(word) == len(value) == 1 and value.isdecimal()}


def runs(tokens: list[str], roles: str, pieces: list[Piece]) -> Iterator[Run]:
    """Yield the runs of a text that hold five figures or more, given its tokens, their roles, the pieces among them."""
    groups = [*joined(roles, pieces)]
    if len(groups) >= _EVENLY_PARTED_GROUPS and MOBILE.search("".join(map(_OF_PIECE, pieces))):
        yield from _evenly_parted(tokens, pieces)
    for group in groups:
        if sum(map(len, map(_OF_PIECE, group))) >= FEWEST_FIGURES:
            yield Run.of(group)


def adding(tokens: list[str], roles: str) -> list[str]:
    """Give those of the tokens, whose roles these are, that may add figures to a number."""
    return [] if _MAY_ADD.isdisjoint(roles) else [*compress(tokens, map(_MAY_ADD.__contains__, roles))]


@lru_cache(maxsize=4096)
def most_figures(token: str) -> int:
    """Give how many figures a token may add to a number at most."""
    if SIGNS[token] == MIXED:
        return len(mixed(token) or "")
    if SIGNS[token] == NUMBER_WORD:
        value = number(token) or ""
        repeats = value in ("x2", "x3") or _PLURAL.fullmatch(token)
        return _MOST_REPEATED if repeats else len(value) * value.isdecimal()
    return len(token) if _ROLES[token] in _DIGITS + _FOR_FIGURES else 0


@lru_cache(maxsize=4096)
def begins_code(token: str) -> bool:
    """Tell the figures with which the code of a mobile may begin; behind a country's they may stand in two words."""
    digits = mixed(token) if SIGNS[token] == MIXED else number(token) if SIGNS[token] == NUMBER_WORD else token
    return digits is not None and CODE.fullmatch(digits) is not None


def may_stand_within(roles: str) -> bool:
    """Tell whether a number may go on behind tokens of these roles: marks, "then", a letter that is spelt."""
    return not roles.strip(_WITHIN)


def joined(roles: str, pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Put together the pieces between which nothing of meaning stands."""
    group: list[Piece] = []
    end = 0
    for piece in pieces:
        if group and piece.first > end and not _joined(roles[end : piece.first]):
            yield group
            group = []
        group.append(piece)
        end = piece.last
    if group:
        yield group


@lru_cache(maxsize=4096)
def _joined(between: str) -> bool:
    return len(between) <= MOST_BETWEEN and _JOINING.fullmatch(between) is not None


def _evenly_parted(tokens: list[str], pieces: list[Piece]) -> Iterator[Run]:
    """Yield whole phones with one and the same word behind each of their groups, which then counts nothing."""
    for filler, pairs in groupby(pairwise(pieces), lambda pair: tokens[pair[0].last : pair[1].first]):
        lefts, rights = zip(*pairs, strict=True)
        if len(lefts) + 1 < _EVENLY_PARTED_GROUPS or not roles(filler).strip(_BETWEEN):
            continue
        run = Run.of((lefts[0], *rights))
        if max(run.sizes) < _LONG_GROUP and MOBILE.fullmatch(run.digits):
            yield run


def read_pieces(tokens: list[str], line: str, roles: str) -> list[Piece]:
    """Give all that may be figures in a text, given as its tokens, their signs and their roles."""
    if not _ROMANS.isdisjoint(tokens) and sum(map(_ROMAN.__contains__, tokens)) >= _ROMANS_ENOUGH:
        read = [_ROMAN.get(token) or _figure(token) for token in tokens]
        return [Piece(figure, at, at + 1) for at, figure in enumerate(read) if figure]
    figures = compress(count(), map(_FIGURES.__contains__, roles))
    places = [at for at in figures if line[at] in _FIGURE_SIGNS]
    pieces: list[Piece] = []
    done = 0
    for match in _NOT_ALONE.finditer(roles):
        at = match.start()
        upto = bisect_left(places, at, done)
        pieces += _alone(tokens, places[done:upto])
        end = pieces[-1].last if pieces else 0
        piece = _letters(tokens, at, end) if at >= end > 0 and roles[at] in _FOR_FIGURES else None
        if piece := piece or (_piece(tokens, line[at], at) if at >= end else None):
            pieces.append(piece)
        done = bisect_left(places, piece.last if piece else at + 1, upto)
    return pieces + _alone(tokens, places[done:])


def _alone(tokens: list[str], places: list[int]) -> list[Piece]:
    """Read tokens that are figures by themselves, whatever stands beside."""
    values = _single_figures()
    return [Piece(values.get(tokens[at], tokens[at]), at, at + 1, tokens[at] in values) for at in places]


def _piece(tokens: list[str], sign: str, at: int) -> Piece | None:
    if sign == NUMBER_WORD:
        worded = _worded(tokens, at)
        return worded and _chained(tokens, worded)
    digits = mixed(tokens[at]) if sign == MIXED else None
    return _chained(tokens, Piece(digits, at, at + 1)) if digits else None


def _chained(tokens: list[str], piece: Piece) -> Piece:
    """Add what goes on the last word of a piece and is glued to others: ``80шестьдесят один89`` is 806189."""
    glued = "".join(tokens[piece.first : piece.last])
    digits, last = piece.digits, piece.last
    while glued[-1].isalpha() and len(digits) <= _SHORTEST_PHONE and (more := _more(tokens, piece, last)):
        longer = mixed(glued + tokens[last])
        if longer is None or len(longer) >= len(digits) + len(more):
            break
        glued, digits, last = glued + tokens[last], longer, last + 1
    return piece if last == piece.last else Piece(digits, piece.first, last)


def _more(tokens: list[str], piece: Piece, at: int) -> str | None:
    """Give the figures of a token that may go on a piece: of one glued to others (``8912сорок семь89``), or a word."""
    if at < len(tokens) and SIGNS[tokens[at]] == MIXED and tokens[at][0].isalpha():
        return mixed(tokens[at])
    return None if piece.worded else _next(tokens, at)


def _letters(tokens: list[str], at: int, end: int) -> Piece | None:
    """Read letters for figures (``ООО``), which are so only right behind other figures or one mark further."""
    if at > end + 1 or (at > end and tokens[end].isalnum()):
        return None
    before, behind = tokens[at - 1], tokens[at + 1 : at + 3]
    spelt = before != "-" and len(behind) > 1 and behind[0] == "-" and behind[1].isalpha()
    begins_sentence = before in _ENDS and at > end and bool(behind) and behind[0].isalpha()  # 44. О сроках
    return None if spelt or begins_sentence else Piece(tokens[at].translate(_AS_FIGURES), at, at + 1)


@lru_cache(maxsize=4096)
def mixed(token: str) -> str | None:
    """Read figures with letters for figures (``9з5``) or number words among them (``8960555zero191``)."""
    figures = token.translate(_AS_FIGURES) if _MIXED.fullmatch(token) else ""
    if len(token) >= _SHORTEST_PHONE and not _PHONE.fullmatch(figures):
        figures = _strewn(_PARTS.findall(token)) or figures
    if figures:
        return figures
    if _MERE_LETTER.search(token):
        return None
    words, values = [], []
    for word in chain.from_iterable(map(parted, _PARTS.findall(token))):
        if word not in _PLUS:
            words.append(word)
            values.append(_figures_of(word))
            if not values[-1].isdecimal():
                return None
    if not words:
        return None
    readings = ["".join(_added(words, values, to_figures=also)) for also in (True, False)]
    return next(filter(_PHONE.fullmatch, readings), readings[0])


def _figures_of(word: str) -> str:
    if word.isdecimal():
        return word
    return word.translate(_AS_FIGURES) if _LETTERS.fullmatch(word) else number(word) or ""


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
    """Read a phone with letters strewn into it (``х8х9х5...``, ``8912хх34...``), or a word glued (``тел89...``)."""
    if SIZE_MARKS.issuperset(parts[1::2]) and len(parts[0]) == OF_SIZE:
        return ""  # 89х160х25х14х30
    figures = "".join(filter(str.isdecimal, parts))
    glued = len(parts) == 2 and any(
        SIGNS[part] in lexicon().announcing or part in lexicon().names for part in parts if part.isalpha()
    )
    filled = len({*parts[1::2]}) == 1 and _FILLER.fullmatch(parts[1]) is not None
    return figures if _PHONE.fullmatch(figures) and (glued or filled or len(parts) >= _MANY_PARTS) else ""


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
