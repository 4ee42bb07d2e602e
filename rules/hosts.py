"""What the rules know of hosts: top-level domains, Market's own, tails that people write in words."""

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


def _text(name: str) -> str:
    return files("rules").joinpath("lexicon", f"{name}.txt").read_text(encoding="utf-8")
