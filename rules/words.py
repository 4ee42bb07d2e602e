"""Words and their signs: what a word means to the rules, whatever disguise it wears.

Every word of a message is answered by one character, its sign. A word of the lexicon gives the sign of its section;
any other word a structural one (``UNKNOWN``, ``LETTER``, ...); a punctuation mark is its own sign. A message so becomes
a short line over which rules are written as patterns (``rules.phrase``).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache, reduce
from importlib.resources import files
from itertools import chain, repeat
from operator import or_

from rules.spelling import (
    both_scripts,
    first_letters,
    keyboard,
    mixes_scripts,
    once,
    one_scheme,
    sounds,
    swapped,
    to_cyrillic,
    turned,
    without_figures,
)

UNKNOWN, LETTER, MIXED, NUMBER_WORD, CJK, EMOJI, PIECE = (
    "w",
    "l",
    "x",
    "n",
    "c",
    "e",
    "p",
)
FOUND = {"phone": "P", "link": "L", "email": "M", "handle": "H", "card": "K"}
"""Signs of what the first rules find; they stand in place of the words that say it."""
MARKS = frozenset("?:")
"""Punctuation marks without which some phrases cannot be said; each is its own sign, as are all others."""
STRUCTURE = {
    **{f"found-{rule}": sign for rule, sign in FOUND.items()},
    "unknown": UNKNOWN,
    "letter": LETTER,
    "mixed": MIXED,
    "number-word": NUMBER_WORD,
    "cjk": CJK,
    "emoji": EMOJI,
    "piece": PIECE,
    "digits": "1-9",
    **{mark: mark for mark in MARKS},
}
_FIRST_SIGN = 0xE000
_CACHED_WORDS = 50_000
HEAD = 3
"""Letters by which a vocabulary is entered; a word whose head no entry has is refused at once."""
_SHORTEST_SOUND_STEM = 6
_SECTION = re.compile(r"\[([\w-]+)( disguised)?\]")
_BRACES = re.compile(r"(.*)\{(.*)\}(.*)")


class Stems:
    """Beginnings of words, each with its sign."""

    def __init__(self) -> None:
        self.signs: dict[str, str] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, stem: str, sign: str) -> str:
        """Give a stem its sign unless it has one, and return the one it has."""
        if stem not in self.signs:
            lengths = {*self._lengths.get(stem[:HEAD], ()), len(stem)}
            self._lengths[stem[:HEAD]] = sorted(lengths, reverse=True)
        return self.signs.setdefault(stem, sign)

    def find(self, word: str) -> str | None:
        """Give the sign of the longest stem that ``word`` begins with."""
        for length in self._lengths.get(word[:HEAD], ()):
            if sign := self.signs.get(word[:length]):
                return sign
        return None


class Lexicon:
    """The vocabularies of ``rules/lexicon``: signs by section, words by sign, number words by value."""

    def __init__(self) -> None:
        self.signs: dict[str, str] = {}
        self.exact: dict[str, str] = {}
        self.stems = Stems()
        self.sounds: dict[str, str] = {}
        self.sound_stems = Stems()
        self.swapped: dict[str, str] = {}
        self.swapped_ends: set[str] = set()
        self.numbers: dict[str, str] = {}
        for name in ("contacts", "speech", "markets", "goods"):
            self._read(_lines(name))
        for line in _lines("numbers"):
            value, *words = line.split()
            self.numbers.update((form, value) for word in words for form in _spread(word))
        self.between = frozenset(word for word, value in self.numbers.items() if value in "-~")
        self.numbers = {word: value for word, value in self.numbers.items() if value != "~"}
        self.number_sounds = {
            sounds(word): value for word, value in self.numbers.items() if len(word) > 3 and value != "-"
        }
        self.number_beginnings = first_letters(self.number_sounds)
        self.pieces = frozenset(
            word[:length] for word, sign in {*self.exact.items(), *self.stems.signs.items()} if sign in self.split_signs
            for length in range(3, len(word)) if len(word) > 4
        )  # fmt: skip

    @cached_property
    def chinese(self) -> list[str]:
        """Chinese words of two characters or more, longest first."""
        words = [word for word in self.exact if len(word) > 1 and "㐀" <= word[0] <= "鿿"]
        return sorted(words, key=lambda word: (-len(word), word))

    @cached_property
    def names(self) -> frozenset[str]:
        """Given names and honorifics, as people sign with them."""
        return frozenset(word for line in _lines("names") for word in line.split())

    @cached_property
    def split_signs(self) -> frozenset[str]:
        """Signs of names that are recognised also when torn in pieces."""
        return frozenset(self.signs[name] for name in ("messenger", "social", "other-market", "phone"))

    @cached_property
    def announcing(self) -> frozenset[str]:
        """Signs of words that announce a phone."""
        return frozenset(self.signs[name] for name in ("phone", "number", "mobile", "messenger", "call", "call-en"))

    def _read(self, lines: Iterator[str]) -> None:
        sign, disguised = "", False
        for line in lines:
            if section := _SECTION.fullmatch(line):
                disguised = bool(section[2])
                sign = self.signs.setdefault(section[1], chr(_FIRST_SIGN + len(self.signs)))
                continue
            for word in line.split():
                for form in _spread(word):
                    self._add(form, sign, disguised)

    def _add(self, word: str, sign: str, disguised: bool) -> None:
        stem = word.endswith("*")
        word = word.rstrip("*")
        if (self.stems.add if stem else self.exact.setdefault)(word, sign) != sign:
            raise ValueError(f"the lexicon names {word!r} in two sections")
        if disguised and len(word) > 4:
            sound = sounds(word)
            if not stem:
                self.sounds.setdefault(sound, sign)
            elif len(sound) >= _SHORTEST_SOUND_STEM:
                self.sound_stems.add(sound, sign)
        if disguised and len(word) > 5 and not stem:
            self.swapped.setdefault(swapped(word), sign)
            self.swapped_ends.add(word[0] + word[-1])

    def find(self, word: str) -> str | None:
        """Give the sign of a word as it stands; of several stems the longest."""
        return self.exact.get(word) or self.stems.find(word)

    def find_by_sound(self, word: str) -> str | None:
        """Give the sign of a disguised section's word that sounds alike."""
        sound = sounds(word)
        return self.sounds.get(sound) or self.sound_stems.find(sound)


def _lines(name: str) -> Iterator[str]:
    text = files("rules").joinpath("lexicon", f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and line[0] != "#")


def _spread(word: str) -> Iterator[str]:
    """Spread ``карт{а,у}`` into its forms."""
    if braces := _BRACES.fullmatch(word):
        for ending in braces[2].split(","):
            yield from _spread(braces[1] + ending + braces[3])
    else:
        yield word


@cache
def lexicon() -> Lexicon:
    """Read the lexicon, once a process."""
    return Lexicon()


class Signs(dict[str, str]):
    """The sign of every word met so far; unknown disguises are worked out once and kept."""

    def __missing__(self, word: str) -> str:
        if len(self) > _CACHED_WORDS:
            self.clear()
        self[word] = sign = _sign(word)
        return sign


SIGNS = Signs()


@cache
def _bits() -> dict[str, int]:
    meaning = {*lexicon().signs.values(), *"".join(STRUCTURE.values()).replace("1-9", "123456789")}
    return {sign: 1 << place for place, sign in enumerate(sorted(meaning))}


def bits(signs: Iterable[str]) -> int:
    """Make a set of signs, a bit each, that is compared faster than any other; most punctuation marks are left out."""
    return reduce(or_, map(_bits().get, signs, repeat(0)), 0)


def _sign(word: str) -> str:
    if word.isdecimal():
        return str(min(len(word), 9))
    known = lexicon().find(word)
    if known:
        return UNKNOWN if known == lexicon().signs["plain"] else known
    if len(word) == 1:
        return _sign_of_one(word)
    if number(word) is not None:
        return NUMBER_WORD
    return _disguised(word) or _shape(word)


def _sign_of_one(char: str) -> str:
    if char in lexicon().numbers:
        return NUMBER_WORD
    if "㐀" <= char <= "鿿":
        return CJK
    if char.isalpha():
        return LETTER
    return EMOJI if unicodedata.category(char) in ("So", "Sk", "Cs", "Cn", "Co") else char


def _shape(word: str) -> str:
    if not word.isalpha() and any(map(str.isdecimal, word)):
        return MIXED
    return PIECE if word in lexicon().pieces else UNKNOWN


def _disguised(word: str) -> str | None:
    """Try one disguise after another; the cheap and certain ones first."""
    book = lexicon()
    for variant in _variants(word):
        sign = variant != word and book.find(variant)
        if sign and sign != book.signs["plain"]:
            return sign
    if len(word) > 3 and word.isalpha():
        read = next(iter(both_scripts(word)), word)
        by_ear = book.find_by_sound(to_cyrillic(read) if read.isascii() else read)
        return by_ear or _with_swapped_letters(word) or _behind_preposition(word)
    return None


def _with_swapped_letters(word: str) -> str | None:
    book = lexicon()
    return book.swapped.get(swapped(word)) if word[0] + word[-1] in book.swapped_ends else None


def _behind_preposition(word: str) -> str | None:
    """Find a name that letters set apart have swallowed a preposition into: ``втелеграм``."""
    sign = lexicon().find(word[1:]) if word[0] in "вксv" else None
    return sign if sign in lexicon().split_signs else None


@lru_cache(maxsize=_CACHED_WORDS)
def is_hidden(word: str) -> bool:
    """Tell whether a word of the lexicon wears mixed scripts, figures or the wrong keys, which is no mistake."""
    book = lexicon()
    return not book.find(word) and any(map(book.find, (*both_scripts(word), *_other_ways(word))))


def _other_ways(word: str) -> Iterator[str]:
    if "vv" in word:
        yield from _variants(word)
    if len(word) > 4:
        yield without_figures(word)
        yield keyboard(word)
        yield from turned(word)


def _variants(word: str) -> Iterator[str]:
    yield from both_scripts(word)
    if "vv" in word:
        yield from _variants(word.replace("vv", "w"))
    if not word.isalpha():
        yield without_figures(word)
    single = once(word)
    if len(single) > 3:
        yield single
        if word.isascii():
            yield to_cyrillic(word)
            if "j" in word:
                yield to_cyrillic(word.replace("j", "zh"))
        yield keyboard(word)
        yield from turned(word)


@lru_cache(maxsize=_CACHED_WORDS)
def number(word: str) -> str | None:
    """Give the value of a number word ("912", "x2" for twice), None for any other; also misspelt or look-alike."""
    book = lexicon()
    value = book.numbers.get(word)
    if value is not None or len(word) < 3 or word.isdecimal():
        return value
    if not word.isalpha():
        looks = both_scripts(word)
        heard = map(to_cyrillic, looks if mixes_scripts(word) else ())
        values = chain(map(book.numbers.get, looks), map(_number_by_sound, heard))
        return next(filter(None, values), None) or _transliterated(word)
    for variant in (*both_scripts(word), keyboard(word)):
        if variant in book.numbers and (len(word) > 3 or not variant.isascii()):
            return book.numbers[variant]
    return _transliterated(word) if word.isascii() else _number_by_sound(word)


def _transliterated(word: str) -> str | None:
    usual = one_scheme(word)
    heard = map(_number_by_sound, map(to_cyrillic, (word,) if usual == word else (word, usual)))
    return lexicon().numbers.get(usual) or next(filter(None, heard), None)


def _number_by_sound(word: str) -> str | None:
    book = lexicon()
    value = book.numbers.get(word)
    if value or len(word) <= 3 or word[0] not in book.number_beginnings:  # most words begin with the sound of no number
        return value
    return book.number_sounds.get(sounds(word))
