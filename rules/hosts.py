"""What the rules know of hosts: top-level domains, Market's own, tails and dots that people write in words."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from rules.spelling import both_scripts


@cache
def sections() -> dict[str, frozenset[str]]:
    """Read ``lexicon/hosts.txt`` by section."""
    found: dict[str, frozenset[str]] = {}
    name = ""
    for line in _text("hosts").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and line[0] != "#":
            found[name] = found.get(name, frozenset()) | frozenset(line.split())
    return found


@cache
def top_levels() -> frozenset[str]:
    """Read IANA's top-level domains, and the everyday tails in Cyrillic letters."""
    listed = " ".join(line for line in _text("tlds").splitlines() if line[:1] != "#")
    return frozenset(listed.split()) | sections()["tail"]


def is_top_level(label: str) -> bool:
    """Tell whether a name ends so, also in look-alike letters and in punycode."""
    if label in top_levels() or label.startswith("xn--"):
        return True
    return any(variant in top_levels() for variant in both_scripts(label))


def any_of(words: Iterable[str]) -> str:
    """Make a pattern of words, the longest first."""
    return f"(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))})"


def any_in(*names: str) -> str:
    """Make a pattern of the words of some sections of ``hosts.txt``."""
    return any_of(word for name in names for word in sections()[name])


def _text(name: str) -> str:
    return files("rules").joinpath("lexicon", f"{name}.txt").read_text(encoding="utf-8")


TAIL = any_in("tail")
_TAILS = ("ru", "com", "net", "org", "su", "ру", "ком", "рф", "shop")
COMMON_TAIL = any_of(_TAILS)
WIDE_TAILS = (*_TAILS, "store", "online", "site", "kz", "by", "uz", "xyz", "biz", "шоп")
WIDE_TAIL = any_of(WIDE_TAILS)
SHORT_LINK_TAIL = any_of(("ru", "com", "me", "cc", "be", "ly", "gl", "su", "gd", "io"))
"""Tails of addresses: all that are known, those met everywhere, those told without any other hint, of short links."""

MASKED_DOT = "[тt][оo0][чc4][кk][аa@4]"
DOT_WORD = f"(?>{MASKED_DOT}|{any_in('dot')})"
"""A dot in words."""

SLASH_SAID = f"(?:(?:косая |наклонная )?{any_in('slash')})"
PATH = r"(?::\d{2,5}(?!\d))?(?:\s?(?:[/\\?#]|слеш|слэш|slash)+\s?[^\s<>\"]*)*"
"""What may follow a host: a port, slashes in signs or in words."""

NOT_OF_LANGUAGE = (
    "(?! (?:верси|регион|язык|прошив|клавиат|аккаунт|сегмент|локализ|перев|меню|раскладк|озвуч|субтитр|"
    r"version|firmware|region|edition|layout|server|port\b))"
)
"""What does not follow: "ru версия" is no address."""

BEFORE_NAME = r"[\w@.]", r"\w-"
"""What does not stand before the first letter of a host (``search.first``).

A name begins once, whatever marks it holds: from every part of it on, long ones would be read without end.
"""
