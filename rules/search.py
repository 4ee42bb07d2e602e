"""Patterns that begin with a name, searched for at a cost that grows no faster than the text.

``[\\w-]+ at`` tries every letter of ``a-a-a-a-...`` as a beginning and reads from each to the end of the name. But a
name that nothing follows is followed by nothing from its middle on either, so one look at it is enough.
"""

import re
from collections.abc import Iterator

_ALONE, _LONG = "alone", 32  # letters of a name that is worth stepping over


def headed(begin: str, run: str, rest: str, *, sign: str = "") -> re.Pattern[str]:
    """Make a pattern of a name, given as how it begins and the greedy ``run`` of its other letters, and ``rest``.

    With a ``sign``, which may itself be of the name's letters, the name ends at the first one. To be searched for by
    ``found``.
    """
    name = rf"{begin}(?>{run}?{sign})" if sign else begin + run
    return re.compile(rf"{name}(?:{rest})|(?P<{_ALONE}>(?=\S{{{_LONG}}}){begin}{run}+)")


def found(pattern: re.Pattern[str], canon: str, at: int = 0) -> Iterator[re.Match[str]]:
    """Yield the matches of any pattern from ``at`` on; of a headed one those in which something follows the name."""
    return (match for match in pattern.finditer(canon, at) if match.lastgroup != _ALONE)
