"""Patterns and where they are worth a search, at a cost that grows no faster than the text.

``[\\w-]+ at`` tries every letter of ``a-a-a-a-...`` as a beginning and reads from each to the end of the name. But a
name that nothing follows is followed by nothing from its middle on either, so one look at it is enough.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, reduce
from itertools import chain
from operator import or_
from typing import NamedTuple

from rules.clues import NOTHING, clue
from rules.hosts import is_top_level
from rules.text import Text

_ALONE, _LONG = "alone", 32  # letters of a name that is worth stepping over
_TAIL, _ANY = "tail", -1


class Clued(NamedTuple):
    """A pattern that is searched for where a text holds one of the clues ``clue``, one of ``also``, and ``rare``.

    It lies near its clue: what is far from all of them is not searched. What its group ``tail`` holds, if it has one,
    must be a top-level domain.
    """

    clue: int
    pattern: str
    also: int = _ANY
    rare: str = ""

    def matches(self, text: Text, at: int = 0) -> Iterator[re.Match[str]]:
        """Yield the matches from ``at`` on in the plain letters of a text that holds the clues (``held``)."""
        if self.rare and not _compiled(self.rare).search(text.canon):
            return iter(())
        find, canon = _compiled(self.pattern).finditer, text.canon
        matches = (find(canon, max(start, at), end) for start, end in text.around(self.clue))
        return filter(_is_meant, chain.from_iterable(matches))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first searched for; many never are in the life of a process."""
    return re.compile(pattern)


def held(patterns: Iterable[Clued], text: Text) -> list[Clued]:
    """Give the patterns whose clues a text holds."""
    signs = text.signs
    return [one for one in patterns if signs & one.clue and signs & one.also]


def clued(pattern: str, *words: str, by: str | int = NOTHING, also: int = _ANY, rare: str = "") -> Clued:
    """Give a pattern its clue: one of ``words``, or what another pattern finds, or a clue that has its bit already.

    ``rare`` is what is found sooner than the pattern: that of its parts which few texts hold, or what must be said too.
    """
    bit = by if isinstance(by, int) else clue(words, by)
    return Clued(bit, pattern, also, rare)


def needs(*patterns: Clued) -> int:
    """Give the clues of which a text must hold one for any of the patterns."""
    return reduce(or_, (one.clue for one in patterns))


def first(letter: str, *before: str) -> str:
    """Make a pattern of a name's first ``letter``, before which none of the rest may stand.

    The letter stands first in it, for only what begins with a letter is searched for without a try at every place.
    """
    return letter + "".join(f"(?<!{one}.)" for one in before)


def opening(*words: str, before: str = r"\w") -> str:
    """Make a pattern of ``words`` that begin with a plain letter, before which ``before`` may not stand.

    It begins with their letters, as that of ``first`` does.
    """
    return "(?:" + "|".join(f"{word[0]}(?<!{before}{word[0]}){word[1:]}" for word in words) + ")"


def headed(begin: str, run: str, rest: str, *, letters: str = r"\w-", sign: str = "", further: str = "") -> str:
    """Make a pattern of a name, given as its ``first`` letter and the ``run`` of the others, and ``rest``.

    ``letters`` are all that the run may hold. With a ``sign``, which may itself be of these letters, the name ends at
    the first one. ``further`` is what ``rest`` begins with any number of times: where the rest is not found behind a
    name, neither is it behind what comes further. To be searched for by ``Clued``.
    """
    others = rf"(?>{run}?{sign})" if sign else run
    alone = rf"(?=[{letters}]{{{_LONG - 1}}})(?>{run})"
    if further:
        alone += rf"|(?>{run})(?:{further})++"
    return rf"{begin}(?:{others}(?:{rest})|(?:{alone})(?P<{_ALONE}>))"


def _is_meant(match: re.Match[str]) -> bool:
    group = match.lastgroup
    return group != _ALONE and (group != _TAIL or is_top_level(match[_TAIL]))
