"""Words and their signs: what a word means to the rules, whatever disguise it wears.

Every word of a message is answered by one character, its sign. A word of the lexicon gives the sign of its section;
any other word a structural one (``UNKNOWN``, ``LETTER``, ...); a punctuation mark is its own sign. A message so becomes
a short line over which rules are written as patterns (``rules.phrase``).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property, lru_cache, reduce
from importlib.resources import files
from itertools import chain, repeat
from math import inf
from operator import or_

from rules.first_look import HEAD, PREPOSITIONS, SHORTEST_SWAPPED, FirstLook
from rules.kept import Kept
from rules.spelling import (
    beginnings,
    both_scripts,
    keyboard,
    mistyped,
    mixes_scripts,
    once,
    one_scheme,
    readings,
    sounds,
    swapped,
    to_cyrillic,
    turned,
    without_figures,
)
from rules.stems import Stems

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
_SHORTEST_BY_SOUND, _SHORTEST_SOUND_STEM = 4, 6
_SHORTEST_NUMBER = 3
_SHORTEST_MASKED = 4
_SHORTEST_BEHIND_PREPOSITION = 6
_SHORTEST_MISTYPED = 8
LONGEST_ENDING = 3
"""Letters that may stand behind a stem where a word is to be no longer than it."""
_PLAIN_LETTERS, _SHORTEST_PLAIN = str.maketrans("қғҳўңәөүұ", "кгхунаоуу"), 5
"""What Uzbeks and Kazakhs type on Russian keys for letters of their own."""
MASK = "*"
"""Stands for a letter that is masked."""
_SECTION = re.compile(r"\[([\w-]+)( disguised)?\]")
_BRACES = re.compile(r"(.*)\{(.*)\}(.*)")


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
        self.plain = self.signs["plain"]
        self.between = frozenset(word for word, value in self.numbers.items() if value in "-~")
        self.numbers = {word: value for word, value in self.numbers.items() if value != "~"}
        self.number_sounds = {
            sounds(word): value
            for word, value in self.numbers.items()
            if len(word) >= _SHORTEST_BY_SOUND and value != "-"
        }
        self.number_beginnings = {
            two: max(letters, _SHORTEST_BY_SOUND) for two, letters in beginnings(self.number_sounds).items()
        }
        self.sound_beginnings = beginnings((*self.sounds, *self.sound_stems.signs))
        self.heads = frozenset(word[:HEAD] for word in (*self.exact, *self.stems.signs))
        self.pieces = frozenset(
            word[:length] for word, sign in {*self.exact.items(), *self.stems.signs.items()} if sign in self.split_signs
            for length in range(3, len(word)) if len(word) > 4
        )  # fmt: skip

    @cached_property
    def first_look(self) -> FirstLook:
        """What is asked first about a word that is not known as it stands."""
        sounding = chain(self.number_beginnings.items(), self.sound_beginnings.items())
        words = chain(self.exact, self.stems.signs, self.numbers, self.mistyped.signs)
        return FirstLook(words, sounding, self.swapped_ends)

    @cached_property
    def masked(self) -> Stems:
        """Names with one letter masked (``т*леграм``), each with that letter."""
        masked = Stems()
        for word, sign in (*self.exact.items(), *self.stems.signs.items()):
            if sign in self.split_signs and len(word) >= _SHORTEST_MASKED:
                for at in range(1, len(word) - 1):
                    masked.add(word[:at] + MASK + word[at + 1 :], word[at])
        return masked

    @cached_property
    def mistyped(self) -> Stems:
        """Long names with a letter left out, or two neighbours in each other's place (``телграм``, ``телегарм``)."""
        stems = Stems()
        for word, sign in (*self.exact.items(), *self.stems.signs.items()):
            if sign in self.split_signs and len(word) >= _SHORTEST_MISTYPED and word.isalpha():
                for typed in mistyped(word, since=word[0] in PREPOSITIONS):  # "в контакте" is no name
                    if not self.find(typed) and typed not in self.numbers:
                        stems.add(typed, sign)
        return stems

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
        if len(word) >= _SHORTEST_PLAIN and (plain := word.translate(_PLAIN_LETTERS)) != word:
            (self.stems.add if stem else self.exact.setdefault)(plain, sign)
        if disguised and len(word) > 4:
            sound = sounds(word)
            if not stem:
                self.sounds.setdefault(sound, sign)
            elif len(sound) >= _SHORTEST_SOUND_STEM:
                self.sound_stems.add(sound, sign)
        if disguised and len(word) >= SHORTEST_SWAPPED and not stem:
            self.swapped.setdefault(swapped(word), sign)
            self.swapped_ends.add(word[0] + word[-1])

    def find(self, word: str) -> str | None:
        """Give the sign of a word as it stands; of several stems the longest."""
        if word[:HEAD] not in self.heads:
            return None
        return self.exact.get(word) or self.stems.find(word)

    def find_turned(self, word: str) -> str | None:
        """Give the sign of a word that is read backwards or upside down, but for a short ending as it stands."""
        ways = turned(word)
        if self.heads.isdisjoint([way[:HEAD] for way in ways]):
            return None
        known = (self.exact.get(way) or self.stems.find(way, len(way) - LONGEST_ENDING) for way in ways)
        return next((sign for sign in known if sign and sign != self.plain), None)

    def find_first(self, words: Collection[str]) -> str | None:
        """Give the sign of the first of several words that is known, and not as a plain one."""
        if self.heads.isdisjoint([word[:HEAD] for word in words]):
            return None
        return next((sign for sign in map(self.find, words) if sign and sign != self.plain), None)

    def find_number(self, spoken: Iterable[str]) -> str | None:
        """Give the value of the first of several words that is a number as it stands, or sounds like one."""
        for word in spoken:
            value = self.numbers.get(word)
            if value is None and len(word) >= self.number_beginnings.get(word[:2], inf):
                value = self.number_sounds.get(sounds(word))
            if value is not None:
                return value
        return None

    def find_by_sound(self, word: str) -> str | None:
        """Give the sign of a disguised section's word that sounds alike."""
        if len(word) < self.sound_beginnings.get(word[:2], inf):
            return None
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
    book = lexicon()
    known = book.find(word)
    if known:
        return UNKNOWN if known == book.plain else known
    if len(word) == 1:
        return _sign_of_one(word)
    return (in_disguise(word) if book.first_look.may_be_known(word) else None) or _shape(word)


SIGNS = Kept(_sign, _CACHED_WORDS)
"""The sign of every word met so far; unknown disguises are worked out once and kept."""


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


def in_disguise(word: str) -> str | None:
    """Give the sign of a word that the lexicon has in another spelling, the certain ones first."""
    looks, heard = readings(word)
    typed = keyboard(word)
    if _number(word, looks, heard, typed) is not None:
        return NUMBER_WORD
    spelt = lexicon().find_first([*looks, *_other_spellings(word, heard, typed)])
    return spelt or lexicon().find_turned(word) or _misspelt(word, looks[0] if looks else word, heard)


def _misspelt(word: str, look: str, heard: str) -> str | None:
    """Find a word that sounds alike, whose letters changed places, or which a preposition is glued to."""
    if len(word) < _SHORTEST_BY_SOUND or not word.isalpha() or lexicon().find(look):
        return None
    by_ear = lexicon().find_by_sound(heard if look.isascii() else look)
    return by_ear or _with_swapped_letters(word) or lexicon().mistyped.find(look) or _behind_preposition(look)


def _with_swapped_letters(word: str) -> str | None:
    book = lexicon()
    may_be = len(word) >= SHORTEST_SWAPPED and word[0] + word[-1] in book.swapped_ends
    return book.swapped.get(swapped(word)) if may_be else None


def _behind_preposition(word: str) -> str | None:
    """Find a name that letters set apart have swallowed a preposition into: ``втелеграм``."""
    if word[0] not in PREPOSITIONS or len(word) < _SHORTEST_BEHIND_PREPOSITION:
        return None
    sign = lexicon().find(word[1:])
    return sign if sign in lexicon().split_signs else None


@lru_cache(maxsize=_CACHED_WORDS)
def is_hidden(word: str) -> bool:
    """Tell whether a word of the lexicon wears mixed scripts, figures or the wrong keys, which is no mistake."""
    book = lexicon()
    if book.find(word):
        return False
    return bool(book.find_first((*both_scripts(word), *_other_ways(word))) or book.find_turned(word))


def _other_ways(word: str) -> list[str]:
    ways: list[str] = []
    if "vv" in word:
        looks, heard = readings(word)
        ways += *looks, *_other_spellings(word, heard, keyboard(word))
    if len(word) > 4:
        ways += without_figures(word), keyboard(word)
    return ways


def _other_spellings(word: str, heard: str, typed: str) -> list[str]:
    spellings: list[str] = []
    if "vv" in word:
        single = word.replace("vv", "w")
        looks, heard_single = readings(single)
        spellings += *looks, *_other_spellings(single, heard_single, keyboard(single))
    if not word.isalpha():
        spellings.append(without_figures(word))
    single = once(word)
    if len(single) > 3:
        if single != word:
            spellings.append(single)
        if word.isascii():
            spellings.append(heard)
            if "j" in word:
                spellings.append(to_cyrillic(word.replace("j", "zh")))
        spellings.append(typed)
    return spellings


@lru_cache(maxsize=_CACHED_WORDS)
def number(word: str) -> str | None:
    """Give the value of a number word ("912", "x2" for twice), None for any other; also misspelt or look-alike."""
    book = lexicon()
    if len(word) < _SHORTEST_NUMBER or word.isdecimal() or book.find(word) or not book.first_look.may_be_known(word):
        return book.numbers.get(word)
    looks, heard = readings(word)
    return _number(word, looks, heard, keyboard(word))


def _number(word: str, looks: tuple[str, ...], heard: str, typed: str) -> str | None:
    numbers = lexicon().numbers
    value = numbers.get(word)
    if value is not None or len(word) < _SHORTEST_NUMBER:
        return value
    whole = word.isalpha()
    for variant in (*looks, typed) if whole else looks:
        if variant in numbers and (len(word) > _SHORTEST_NUMBER or not whole or not variant.isascii()):
            return numbers[variant]
    if whole and not word.isascii():
        return lexicon().find_number([word])
    usual = one_scheme(word)
    if usual in numbers:
        return numbers[usual]
    spoken = [heard] if usual == word else [heard, to_cyrillic(usual)]
    if looks and not whole and mixes_scripts(word):
        spoken = [*map(to_cyrillic, looks), *spoken]
    return lexicon().find_number(spoken)
