"""A first look at a word: whether it may be known in any spelling, as nearly all that nobody has seen may not."""

import re
from collections.abc import Iterable
from math import inf

from rules.spelling import READ_OTHERWISE, in_latin, is_of_one_script, keyboard, once, one_scheme

HEAD = 3
"""Letters by which a vocabulary is entered; a word whose head no entry has is refused at once."""
PREPOSITIONS = "вксv"
"""What may be glued to a name."""
SHORTEST_SWAPPED = 6
"""Letters of a word in which two that changed places still leave it that word."""


class FirstLook:
    """How words of one script begin that may be known in some spelling: nearly all that nobody has seen do not.

    With each beginning goes how short such words may be: no spelling has fewer letters than the word itself.
    """

    def __init__(self, words: Iterable[str], sounds: Iterable[tuple[str, int]], swapped_ends: set[str]) -> None:
        self._heads = _shortest((word[:HEAD], len(word)) for word in words)
        self._unreadable = re.compile(f"[^{re.escape(''.join(READ_OTHERWISE.union(*self._heads)))}]")
        self._spelt = _shortest(
            (spelt[:HEAD], size)
            for head, size in self._heads.items()
            for spelt in (head, keyboard(head), *in_latin(head))
        )
        self._sounds = _shortest((spelt[:2], size) for sound, size in sounds for spelt in (sound, *in_latin(sound)))
        self._swapped_ends = swapped_ends

    def may_be_known(self, word: str) -> bool:
        """Tell whether a word may be known in some spelling; one of letters of several scripts nearly always may."""
        if not is_of_one_script(word):
            return len(word) >= SHORTEST_SWAPPED or not self._unreadable.search(word, 0, HEAD)
        return (
            len(word) >= self._spelt.get(word[:HEAD], inf)
            or len(word) >= self._sounds.get(word[:2], inf)
            or self._may_be_changed(word)
        )

    def _may_be_changed(self, word: str) -> bool:
        """Tell whether letters may be doubled, added, turned round or swapped."""
        if once(word)[:HEAD] in self._heads or "vv" in word or one_scheme(word) != word:
            return True
        if word[0] in PREPOSITIONS and word[1 : 1 + HEAD] in self._heads:
            return True
        if len(word) < SHORTEST_SWAPPED:  # nor is one so short turned round
            return False
        return word[0] + word[-1] in self._swapped_ends or word[: -1 - HEAD : -1] in self._heads


def _shortest(sizes: Iterable[tuple[str, int]]) -> dict[str, int]:
    shortest: dict[str, int] = {}
    for beginning, size in sizes:
        if size < shortest.get(beginning, inf):
            shortest[beginning] = size
    return shortest
