"""What the model sees of a text: stems, what each word is about, pieces of words, and what stands together.

A feature is a string with a scale; the training counts them and the model adds up their weights, both from here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rules.text import Text
from rules.words import FOUND, STRUCTURE, lexicon

Features = list[tuple[str, float]]

STEM, PAIR, GRAM, KIND, NEAR, SIGN = 1.0, 1.0, 0.3, 1.0, 0.6, 0.6
"""How much a feature of each group weighs before training; measured by leaving one author out."""

_GRAMS = (3, 4, 5)
_WINDOW = 4
_LONGEST = 24
_SHORTEST_STEM = 3
_SHORTEST_CLAUSE = 4
_CACHED_WORDS = 20_000
_ENDS = frozenset(".!?;\n")
_UNTOLD = frozenset(("unknown", "letter", "mixed"))
_SUFFIXES = frozenset(
    "ыми ими ого его ому ему ами ями ите йте ете ешь ишь ов ев ей ой ый ий ая яя ое ее ую юю ым им ом ем ах ях ам ям "
    "ать ять ить еть уть ла ло ли ся сь ет ит ут ют ат ят а я о е ы и у ю ь й".split()
)


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word as the model knows it: its stem, the name of its sign, what it is about, its letters as written."""

    stem: str
    name: str
    kinds: tuple[str, ...]
    letters: str


@dataclass(frozen=True, slots=True)
class Clause:
    """Words of one sentence; they stand from token ``first`` up to, not including, ``last``."""

    words: Sequence[Word]
    first: int
    last: int


EDGE = Word("^", "^", (), "")
"""Stands before the first and behind the last word of a clause."""


def clauses(text: Text) -> list[Clause]:
    """Part a text into clauses; a scrap of a sentence goes with the one before it."""
    borders = [at + 1 for at, token in enumerate(text.tokens) if token in _ENDS and at + 1 < len(text.tokens)]
    starts = [0]
    for border in borders:
        if border - starts[-1] >= _SHORTEST_CLAUSE:
            starts.append(border)
    if len(starts) > 1 and len(text.tokens) - starts[-1] < _SHORTEST_CLAUSE:
        starts.pop()
    ends = [*starts[1:], len(text.tokens)]
    return [Clause(_words(text, first, last), first, last) for first, last in zip(starts, ends, strict=True) if last]


def _words(text: Text, first: int, last: int) -> list[Word]:
    words: list[Word] = []
    for token, sign in zip(text.tokens[first:last], text.line[first:last], strict=True):
        word = read(token, sign)
        if not (word.name.startswith("found-") and words and words[-1] is word):
            words.append(word)
    return words


@lru_cache(maxsize=_CACHED_WORDS)
def read(token: str, sign: str) -> Word:
    """Give the word that ``token`` is; a number or an address that a rule found is the same word however it reads."""
    name = _names().get(sign, sign)
    if sign in FOUND.values():
        return _placeholder(name)
    if token.isdecimal():
        return Word(name, name, (name,), "")
    about = concepts(token) | ({name} if len(name) > 1 and name not in _UNTOLD else set())
    return Word(_stem(token), name, tuple(sorted(about)), token[:_LONGEST])


@cache
def _placeholder(name: str) -> Word:
    return Word(name, name, (name,), "")


@cache
def _names() -> dict[str, str]:
    """Names of signs: the signs themselves are numbered anew with each section that joins the lexicon."""
    named = {**lexicon().signs, **STRUCTURE}
    return {sign: name for name, sign in named.items()} | {str(size): f"figures-{size}" for size in range(1, 10)}


def _stem(word: str) -> str:
    if len(word) > _SHORTEST_STEM and word.isalpha():
        for length in (3, 2, 1):
            if len(word) - length >= _SHORTEST_STEM and word[-length:] in _SUFFIXES:
                return word[:-length]
    return word[:_LONGEST]


def concepts(word: str) -> set[str]:
    """Say what a word is about, from ``concepts.txt``."""
    about = _concepts()
    starts = (word[:length] + "*" for length in range(2, min(len(word), _LONGEST) + 1))
    return {concept for form in (word, *starts) for concept in about.get(form, ())}


@cache
def _concepts() -> dict[str, set[str]]:
    about: dict[str, set[str]] = {}
    section = ""
    for line in files(__package__).joinpath("concepts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            for form in line.split():
                about.setdefault(form, set()).add(section)
    return about


def features(clause: Clause) -> Iterator[tuple[str, float]]:
    """Yield all features of a clause, each as often as it occurs."""
    words = clause.words
    before, last = EDGE, EDGE
    for word in (*words, EDGE):
        if word is not EDGE:
            yield from of_word(word)
        yield from of_pair(last.stem, word.stem)
        yield from of_signs(before.name, last.name, word.name)
        before, last = last, word
    for one, other in near(words):
        yield from of_kinds(one, other)


def near(words: Sequence[Word]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield what two words are about that stand near each other; words about nothing are passed over."""
    telling = [word.kinds for word in words if word.kinds]
    for at, one in enumerate(telling):
        for other in telling[at + 1 : at + _WINDOW]:
            yield one, other


def of_word(word: Word) -> Features:
    """Features of a word by itself."""
    framed = f"<{word.letters}>" if word.letters else ""
    grams = [(framed[at : at + size], GRAM) for size in _GRAMS for at in range(len(framed) - size + 1)]
    return [
        ("w" + word.stem, STEM),
        ("s" + word.name, SIGN),
        *(("k" + kind, KIND) for kind in word.kinds),
        *grams,
    ]


def of_pair(one: str, other: str) -> Features:
    """The feature of two stems side by side."""
    return [(f"w{one} {other}", PAIR)]


def of_signs(one: str, two: str, three: str) -> Features:
    """Features of neighbouring signs' names."""
    return [(f"s{two} {three}", SIGN), (f"s{one} {two} {three}", SIGN)]


def of_kinds(one: tuple[str, ...], other: tuple[str, ...]) -> Features:
    """Features of what two words near each other are about."""
    return [(f"k{kind} {close}", NEAR) for kind in one for close in other]
