"""What a phrase cannot do without: the signs of which a line must hold one, or the phrase need not be tried on it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules.words import MARKS

_PART = re.compile(r"\[[^\]]*\]|<!?[a-z|-]+>|\(\?(?:[:=!]|<[=!]|P<\w+>)|\(|\)|\||\\.|\S")
_OPTIONAL = re.compile(r"\s*(?:[?*]|\{0?,)")
_MARKS = frozenset(map(re.escape, MARKS))  # as patterns spell them: "?" alone makes optional what stands before it

OFTEN = {
    "unknown": 98,
    "in": 62,
    "not": 36,
    ":": 20,
    "?": 8,
    **dict.fromkeys(("thing", "and"), 32),
    **dict.fromkeys(("with", "label", "us", "market", "number-word"), 22),
    **dict.fromkeys(("please", "mixed", "he", "letter"), 15),
    **dict.fromkeys(("here", "you", "feature", "courier", "your", "need", "number"), 11),
    **dict.fromkeys(("to", "by", "if", "present", "how", "give"), 9),
    **dict.fromkeys(("buy", "our", "refund", "we-reply", "exist-not"), 7),
    **dict.fromkeys(("thou", "phone", "emoji", "shop", "may", "write", "there", "without"), 5),
    **dict.fromkeys(("reported", "app", "so", "thanks", "come", "lawful", "via", "numbered"), 4),
    **dict.fromkeys(("messenger", "yandex", "card", "maybe-card", "cheaper", "able", "pay", "look", "form"), 3),
    **dict.fromkeys(("post", "but", "contact", "upon", "person"), 3),
    **dict.fromkeys(("elsewhere", "warehouse", "details", "giving", "banned", "channel", "other-market", "ask"), 2),
}
"""How many of a hundred ordinary messages hold a sign; any other sign is in one."""


class _Part(NamedTuple):
    text: str
    optional: bool


def anchors(pattern: str) -> list[frozenset[str]]:
    """Give sets of sign names, each of which must be represented in whatever matches ``pattern``."""
    return _alternatives(_parts(pattern))


def _parts(pattern: str) -> Iterator[_Part]:
    for match in _PART.finditer(pattern):
        yield _Part(match.group(), _OPTIONAL.match(pattern, match.end()) is not None)


def _alternatives(parts: Iterator[_Part]) -> list[frozenset[str]]:
    """Read up to the closing bracket; of several alternatives, what each needs makes one set together."""
    found: list[list[frozenset[str]]] = [[]]
    for text, optional in parts:
        if text == ")":
            # The bracket's own quantifier takes back all that is inside.
            return [] if optional else _together(found)
        if text == "|":
            found.append([])
        elif text.startswith("("):
            inside = _alternatives(parts)
            found[-1] += [] if text in ("(?!", "(?<!") else inside
        elif text.startswith("<") and text[1] != "!" and not optional:
            found[-1].append(frozenset(text[1:-1].split("|")))
        elif text in _MARKS and not optional:
            found[-1].append(frozenset(text[-1]))
    return _together(found)


def _together(found: list[list[frozenset[str]]]) -> list[frozenset[str]]:
    if len(found) == 1:
        return found[0]
    if not all(found):
        return []
    return [frozenset().union(*(min(alternative, key=_how_often) for alternative in found))]


def _how_often(names: frozenset[str]) -> int:
    return sum(OFTEN.get(name, 1) for name in names)
