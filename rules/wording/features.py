"""What the model sees of a text: stems, what each word is about, pieces of words, and what stands together.

A feature is a string with a scale; the training counts them and the model adds up their weights, both from here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress, count, pairwise
from operator import attrgetter
from sys import intern
from typing import NamedTuple

from rules.first_look import HEAD
from rules.kept import Kept
from rules.text import Text
from rules.wording.table import encoded
from rules.words import FOUND, MIXED, STRUCTURE, lexicon

Features = list[tuple[str, float]]
Kinds = str
"""What a word is about, a space between: one string is hashed once, and not anew with each neighbour."""

STEM, PAIR, GRAM, KIND, NEAR, SIGN = 1.0, 1.0, 0.3, 1.0, 0.6, 0.4
"""How much a feature of each group weighs before training; measured by leaving one author out."""

_GRAMS = (3, 4, 5)
_WINDOW = 3
_LONGEST = 24
_SHORTEST_STEM, _LONGEST_SUFFIX = 3, 3
_SHORTEST_CLAUSE = 4
_NOTHING: frozenset[str] = frozenset()
_ALL = slice(None)
_AS_WRITTEN = attrgetter("stem", "name", "letters")
_ENDS = frozenset(".!?;\n")
_FOUND = frozenset(FOUND.values())
_UNTOLD = frozenset(("unknown", "letter", "mixed"))
_SUFFIX = re.compile(
    "(?:[ыи]ми|[ое]го|[ое]му|[ая]ми|[ий]те|ете|[еи]шь|[аяеиу]ть|[ое]в|[еоыи]й|[ая]я|[ое]е|[ую]ю|[ыиоеая]м|[ая]х|л[аои]|с[яь]"
    "|[еиуюая]т|[аяоеыиуюьй])$"
)


@dataclass(slots=True, eq=False)  # a frozen one would take twice as long to make
class Word:
    """A word as the model knows it: its stem, the name of its sign, what it is about, its letters as written.

    The letters have a mark at either end, for it matters where in a word a piece of it stands.
    """

    stem: str
    name: str
    kinds: Kinds
    letters: str


class Clause(NamedTuple):
    """Words of one sentence; they stand from token ``first`` up to, not including, ``last``."""

    words: Sequence[Word]
    first: int
    last: int


EDGE = "^"
"""Stands before the first and behind the last word of a clause."""


def clauses(text: Text) -> list[Clause]:
    """Part a text into clauses."""
    words, line = read(text), text.line
    borders = pairwise([*starts(text), len(words)])
    return [Clause(_found_once(words[first:last], line[first:last]), first, last) for first, last in borders]


def distinct(parts: Sequence[Clause]) -> Sequence[Clause]:
    """Leave out what a text says again in the same words: it is no more guilty or innocent for that."""
    if len({len(clause.words) for clause in parts}) == len(parts):
        return parts
    found: dict[tuple[tuple[str, str, str], ...], Clause] = {}
    for clause in parts:
        found.setdefault(tuple(map(_AS_WRITTEN, clause.words)), clause)
    return [*found.values()]


def starts(text: Text) -> list[int]:
    """Give the token that each clause of a text begins with; a scrap of a sentence goes with the one before it."""
    tokens = text.tokens
    begins = [0] if tokens else []
    for at in compress(count(1), map(_ENDS.__contains__, tokens)):
        if at - begins[-1] >= _SHORTEST_CLAUSE and at < len(tokens):
            begins.append(at)
    if len(begins) > 1 and len(tokens) - begins[-1] < _SHORTEST_CLAUSE:
        begins.pop()
    return begins


def _found_once(words: Sequence[Word], signs: str) -> Sequence[Word]:
    """Make one word of the words of a number or an address that a rule found; ``signs`` are those of the words."""
    if _FOUND.isdisjoint(signs):
        return words
    again = [one is other and one.name.startswith("found-") for one, other in pairwise(words)]
    return [word for word, same in zip(words, [False, *again], strict=False) if not same]


def read(text: Text, view: slice = _ALL) -> list[Word]:
    """Give the words that the tokens of a text are."""
    return [*map(WORDS.__getitem__, zip(text.tokens[view], text.line[view], strict=True))]


def _word(written: tuple[str, str]) -> Word:
    token, sign = written
    name = _names().get(sign, sign)
    if sign in _FOUND:
        return _placeholder(name)
    about = concepts(token)
    if token.isdecimal() or (sign == MIXED and not about):  # an article's number says no more than any other
        return _placeholder(name)
    if len(name) > 1 and name not in _UNTOLD:
        about |= {name}
    return Word(_stem(token), name, intern(" ".join(sorted(about))) if about else "", f"<{token[:_LONGEST]}>")


WORDS = Kept(_word)
"""The word of each token and its sign met so far; what a rule found is the same word however it reads."""


@cache
def _placeholder(name: str) -> Word:
    return Word(name, name, name, "")


@cache
def _names() -> dict[str, str]:
    """Names of signs: the signs themselves are numbered anew with each section that joins the lexicon."""
    named = {**lexicon().signs, **STRUCTURE}
    return {sign: name for name, sign in named.items()} | {str(size): f"figures-{size}" for size in range(1, 10)}


def _stem(word: str) -> str:
    if word.isalpha():
        word = word[: len(word) - _ENDINGS[word[max(_SHORTEST_STEM, len(word) - _LONGEST_SUFFIX) :]]]
    return word[:_LONGEST]


_ENDINGS: Kept[str, int] = Kept(lambda end: len(end) - len(_SUFFIX.sub("", end)))
"""How many of a word's last letters are its ending."""


def concepts(word: str) -> frozenset[str]:
    """Say what a word is about, from ``concepts.txt``."""
    about = _concepts()
    lengths = about.lengths.get(word[:HEAD])
    if lengths is None:
        return _NOTHING
    found = about.exact.get(word, _NOTHING)
    for length in lengths:
        found |= about.stems.get(word[:length], _NOTHING)
    return found


class _Concepts(NamedTuple):
    """What words are about, what beginnings of words are, and how long these are by the first letters of either."""

    exact: dict[str, frozenset[str]]
    stems: dict[str, frozenset[str]]
    lengths: dict[str, set[int]]


@cache
def _concepts() -> _Concepts:
    about = _Concepts({}, {}, {})
    section = ""
    for line in files(__package__).joinpath("concepts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            for form in line.split():
                stem = form.removesuffix("*")
                forms = about.exact if stem == form else about.stems
                forms[stem] = forms.get(stem, _NOTHING) | {section}
                about.lengths.setdefault(stem[:HEAD], set()).update([len(stem)] if forms is about.stems else [])
    return about


def features(clause: Clause) -> Features:
    """Give all features of a clause, each as often as it occurs."""
    words = clause.words
    found = [feature for word in words for feature in of_word(word)]
    found += [(of_pair(stems), PAIR) for stems in pairs(words)]
    found += [feature for names in neighbours(words) for feature in of_neighbours(names)]
    return found + [feature for kinds in near(words) for feature in of_near(kinds)]


def pairs(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Give two stems side by side; the clause's edge is one of them."""
    return pairwise([EDGE, *[word.stem for word in words], EDGE])


def neighbours(words: Sequence[Word]) -> Iterator[tuple[str, str, str]]:
    """Give the names of each sign and of the two before it; before the first there are edges."""
    names = [EDGE, EDGE, *[word.name for word in words], EDGE]
    return zip(names, names[1:], names[2:], strict=False)


def near(words: Sequence[Word]) -> list[tuple[Kinds, Kinds]]:
    """Give what two words are about that stand near each other; words about nothing are passed over."""
    telling = [word.kinds for word in words if word.kinds]
    return [pair for step in range(1, _WINDOW + 1) for pair in zip(telling, telling[step:], strict=False)]


def of_word(word: Word) -> Features:
    """Features of a word by itself."""
    pieces = [(word.letters[cut], GRAM) for cut in _cuts(range(len(word.letters) + 1))]
    return [(of_stem(word.stem), STEM), *of_aspects((word.name, word.kinds)), *pieces]


def of_stem(stem: str) -> str:
    """Name the feature of a stem."""
    return "w" + stem


def of_pair(stems: tuple[str, str]) -> str:
    """Name the feature of two stems side by side."""
    return f"w{stems[0]} {stems[1]}"


def of_aspects(aspects: tuple[str, Kinds]) -> Features:
    """Features of the name of a word's sign and of what it is about, which it shares with many."""
    name, kinds = aspects
    return [("s" + name, SIGN), *(("k" + kind, KIND) for kind in kinds.split())]


def _cuts(borders: Sequence[int]) -> list[slice]:
    """Say where the pieces of a word lie, given where its letters begin, and where the last ends."""
    return [slice(*ends) for size in _GRAMS for ends in zip(borders, borders[size:], strict=False)]


def encoded_letters(word: Word) -> tuple[bytes, Sequence[slice]]:
    """Give the letters of a word as they are hashed, and where the pieces lie in them that ``of_word`` counts."""
    letters = encoded(word.letters)
    return letters, _CUTS[letters.translate(_BEGINS)]


_BEGINS = bytes(byte & 0b1100_0000 != 0b1000_0000 for byte in range(256))
"""What stands in UTF-8 for each byte: whether a letter begins with it."""
_CUTS: Kept[bytes, list[slice]] = Kept(
    lambda begins: _cuts([*compress(range(len(begins)), begins), len(begins)]), most=1_000
)
"""The same for bytes: words of as many letters that take as many bytes are cut alike."""


def of_neighbours(names: tuple[str, str, str]) -> Features:
    """Features of neighbouring signs' names."""
    return [("s" + " ".join(names[1:]), SIGN), ("s" + " ".join(names), SIGN)]


def of_near(kinds: tuple[Kinds, Kinds]) -> Features:
    """Features of what two words near each other are about."""
    return [(f"k{one} {other}", NEAR) for one in kinds[0].split() for other in kinds[1].split()]
