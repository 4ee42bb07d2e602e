"""Patterns that begin with a name, searched for at a cost that grows no faster than the text.

``[\\w-]+ at`` tries every letter of ``a-a-a-a-...`` as a beginning and reads from each to the end of the name. But a
name that nothing follows is followed by nothing from its middle on either, so one look at it is enough.
"""

import re
from collections.abc import Iterator

_ALONE, _LONG = "alone", 32  # letters of a name that is worth stepping over


def first(letter: str, *before: str) -> str:
    """Make a pattern of a name's first ``letter``, before which none of the rest may stand.

    The letter stands first in it, for only what begins with a letter is searched for without a try at every place.
    """
    return letter + "".join(f"(?<!{one}.)" for one in before)


def headed(begin: str, run: str, rest: str, *, sign: str = "") -> re.Pattern[str]:
    """Make a pattern of a name, given as its ``first`` letter and the greedy ``run`` of the others, and ``rest``.

    With a ``sign``, which may itself be of the name's letters, the name ends at the first one. To be searched for by
    ``found``.
    """
    others = rf"(?>{run}?{sign})" if sign else run
    return re.compile(rf"{begin}(?:{others}(?:{rest})|(?P<{_ALONE}>(?=\S{{{_LONG - 1}}}){run}+))")


def found(pattern: re.Pattern[str], canon: str, at: int = 0) -> Iterator[re.Match[str]]:
    """Yield the matches of any pattern from ``at`` on; of a headed one those in which something follows the name."""
    return (match for match in pattern.finditer(canon, at) if match.lastgroup != _ALONE)
