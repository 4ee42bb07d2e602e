"""Patterns over the line of signs.

A phrase is a regular expression whose letters are signs: ``<give> ~3 <your>? <phone|mail>`` is a word of asking, a few
others, perhaps "your", and a word for a phone or a mail. ``_3`` stands for at most three words of the same sentence,
``~3`` also stops at a thing one may ask for (a photo, an order), at a "not", at an "in" and at a courier. Spaces mean
nothing. A group named ``hit`` narrows what is found.
"""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

import regex

from rules.anchors import OFTEN, anchors
from rules.text import Text
from rules.words import STRUCTURE, bits, lexicon

TIME_BUDGET = 0.2
"""Seconds a pattern may take; what is linear needs a thousandth of it. Over it, ``regex`` raises TimeoutError."""

_SHORT_LINE = 256
_NAMES = re.compile(r"(?<!\(\?P)<(!?)([a-z|-]+)>")
_NAMED = re.compile(r"\{([a-z-]+)\}")
_DEFINITION = re.compile(r"([a-z-]+) = (.*)")
_GAP = re.compile(r"([_~])(\d+)")
_WIDER = {
    "phone": "mobile",
    "how": "where",
    "card": "wallet to-card",
    "color": "yellow",
    "look": "download",
    "mail": "soap",
    "refund": "we-refund",
    "outlet": "showroom",
    "in": "via",
    "thing": "label",
    "shop": "net",
    "channel": "social-net",
    "may": "i-can",
    "need": "ask",
    "please": "too",
    "you": "thou",
    "us": "from-us",
    "courier": "maker",
    "give": "will-give",
    "giving": "throwing",
    "site": "our-site",
    "write": "texting",
    "elsewhere": "away",
    "profile": "nick",
    "search-engine": "google-site",
}
"""Sections that are parts of another: whoever says phone means also a mobile."""

_STOP = r".!?;\n"


class Phrase:
    """A compiled pattern; ``find`` yields token ranges."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        expression = _GAP.sub(_gap, pattern)
        expression = _NAMES.sub(lambda m: _signs(m[2], bool(m[1])), expression)
        if strange := re.search(r"(?<!\?)(?<!\?P)<(?![=!])", expression):
            raise ValueError(f"not the name of a sign at {strange.start()} of {expression!r}")
        self._expression = expression
        self._hit = "hit" if "(?P<hit>" in expression else 0
        self.needed = tuple(bits("".join(map(_sign, names)).replace("1-9", "123456789")) for names in anchors(pattern))

    @cached_property
    def compiled(self) -> "regex.Pattern[str]":
        """The regular expression; most phrases are never tried in the life of a process."""
        return regex.compile(self._expression, regex.VERBOSE)

    @cached_property
    def _in_short(self) -> "re.Pattern[str] | regex.Pattern[str]":
        """The same for ``re``, which is faster but knows no time budget, nor how to look back over any length."""
        try:
            return re.compile(self._expression, re.VERBOSE)
        except re.error:
            return self.compiled

    def find(self, text: Text) -> list[tuple[int, int]]:
        """Give the first and behind the last token of each place where the phrase is said."""
        return self.places(text.line) if self.may_be_said(text.signs) else []

    def may_be_said(self, signs: int) -> bool:
        """Tell whether the signs are there without which the phrase cannot be said."""
        return all(map(signs.__and__, self.needed))

    def places(self, line: str) -> list[tuple[int, int]]:
        """Give the same of a line that holds all the signs without which the phrase cannot be said."""
        if not self.said(line):
            return []
        short = len(line) <= _SHORT_LINE
        found = self._in_short.finditer(line) if short else self.compiled.finditer(line, timeout=TIME_BUDGET)
        return [match.span(self._hit) for match in found]

    def said(self, line: str) -> bool:
        """Tell whether the phrase is said in a stretch of a line."""
        if len(line) <= _SHORT_LINE:  # where watching the clock costs more than the search
            return self._in_short.search(line) is not None
        return self.compiled.search(line, timeout=TIME_BUDGET) is not None


class _Beside(NamedTuple):
    """What may stand beside a sign: the set of seconds that some phrase needs with it, and the phrases of each second.

    Each comes with the third set of signs that it needs. A second is given by its place in the set, a small number.
    """

    seconds: int
    phrases: dict[int, list[tuple[int, Phrase]]]


class Phrases:
    """Several phrases, looked up by two signs that each cannot do without: few of them are ever tried on a text.

    ``anchors`` is the set of the first of those signs; a text that holds none of them says none of the phrases.
    """

    def __init__(self, *phrases: Phrase) -> None:
        self.anchors = 0
        self._by_anchor: dict[int, _Beside] = {}
        for phrase in sorted(phrases, key=_fewest, reverse=True):
            # Signs that others are looked up by cost nothing more; so those that have the least choice come first.
            anchor = min(phrase.needed, key=lambda signs: (_how_often(signs & ~self.anchors), _how_often(signs)))
            self.anchors |= anchor
            more = sorted({*phrase.needed} - {anchor}, key=_how_often)
            for sign in _each(anchor):
                # What needs no second sign is looked up by the first once more.
                second, third, *_ = (*more, -1, -1) if more else (1 << sign, -1)
                seconds, beside = self._by_anchor.get(sign, _Beside(0, {}))
                self._by_anchor[sign] = _Beside(seconds | second, beside)
                for other in _each(second):
                    beside.setdefault(other, []).append((third, phrase))

    @classmethod
    def of(cls, rule: str) -> "Phrases":
        """Read the phrases of a rule from the file beside it, ``<rule>.phrases``.

        One phrase a line; ``name = pattern`` gives a pattern a name, ``{name}`` uses it; ``#`` starts a comment.
        """
        named: dict[str, str] = {}
        phrases = []
        for line in files("rules").joinpath(f"{rule}.phrases").read_text(encoding="utf-8").splitlines():
            if not line or line[0] == "#":
                continue
            pattern = _NAMED.sub(lambda match: named[match[1]], line)
            if definition := _DEFINITION.fullmatch(pattern):
                named[definition[1]] = definition[2]
            else:
                phrases.append(Phrase(pattern))
        return cls(*phrases)

    def find(self, text: Text) -> list[tuple[int, int]]:
        """Give the token ranges where any of the phrases is said, in order."""
        signs, line = text.signs, text.line
        anchors = self.anchors & signs
        if not anchors:
            return []
        phrases = {
            phrase
            for anchor in _each(anchors)
            if (seconds := (beside := self._by_anchor[anchor]).seconds & signs)
            for second in _each(seconds)
            for third, phrase in beside.phrases[second]
            if third & signs
        }
        return sorted(place for phrase in phrases for place in phrase.places(line)) if phrases else []


def _fewest(phrase: Phrase) -> int:
    """Give how many of a hundred ordinary messages hold the rarest of the signs that a phrase needs."""
    if not phrase.needed:
        raise ValueError(f"a phrase that needs no sign would be tried on every text: {phrase.pattern!r}")
    return min(map(_how_often, phrase.needed))


def _how_often(signs: int) -> int:
    return sum(_often().get(sign, 1) for sign in _each(signs))


@cache
def _often() -> dict[int, int]:
    often = dict.fromkeys(_each(bits("123456789")), 20)
    return often | {next(_each(bits(_sign(name)[0]))): percent for name, percent in OFTEN.items()}


def _each(signs: int) -> Iterator[int]:
    """Give the place of each sign in a set of them."""
    while signs:
        sign = signs & -signs
        yield sign.bit_length() - 1
        signs ^= sign


def _signs(names: str, negated: bool) -> str:
    signs = "".join(_sign(name) for name in names.split("|"))
    return f"[{'^' if negated else ''}{signs}]"


def _sign(name: str) -> str:
    if name in _WIDER:
        return "".join(lexicon().signs[one] for one in (name, *_WIDER[name].split()))
    return STRUCTURE.get(name) or lexicon().signs[name]


def _gap(match: re.Match[str]) -> str:
    stops = _STOP + ("".join(map(_sign, ("thing", "not", "banned", "in", "courier"))) if match[1] == "~" else "")
    return rf"[^{stops}]{{0,{match[2]}}}?"
