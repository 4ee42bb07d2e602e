"""Letters and marks made plain, each with the place it stands at in the original.

What is undone here needs no knowledge of words: case, compatibility forms (full width, circled, squared, small
capitals), combining and invisible characters, HTML entities, percent escapes, digits of every script.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import accumulate, chain, compress, repeat
from operator import not_
from typing import NamedTuple
from urllib.parse import unquote

from rules.kept import KeptShort


class Folded(NamedTuple):
    """A plain text; its i-th character stands for ``original[starts[i]:ends[i]]``."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def in_place(cls, text: str) -> "Folded":
        """Give a text of which each character stands where it stood."""
        return cls(text, [*range(len(text))], [*range(1, len(text) + 1)])


# All that folding leaves as it is, small letters apart; most messages hold nothing else.
_PLAIN = re.compile(r"(?:[\n !-$'-~Ѐ-ҁҊ-ӿ№«»—₽°×一-鿿]++|[&%](?![#A-Za-z0-9]{2}))*+")
_FLAG = "(?<![\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]{2}(?![\U0001f1e6-\U0001f1ff])"
_UNUSUAL = re.compile(rf"(&\#?\w{{1,8}};|(?:%[0-9A-Fa-f]{{2}})+|{_FLAG}|[^\n !-~Ѐ-ҁҊ-ӿ№«»—₽°×一-鿿])")
_SPACES = {
    "\t": " ",
    "\r": "",
    "\v": "\n",
    "\f": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x85": "\n",
    "\xad": "",
}
_MARKS = str.maketrans("‐‑‒–—―−⁃«»“”„‟‘’ʼʻ‛`´․。｡．・•●⚫∙⋅·˙◦▪‧⸱ꞏ᛫۔", "-" * 8 + '"' * 6 + "'" * 7 + "." * 19)
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢⲟɑɡıⅼ", "abcdefghijklmnopqrstuvwyzoagil", strict=True))
_LONGEST_LIGATURE, _MOST_ADDED = 4, 600  # letters of one, and of all that a message may hold: hundreds of "№", "…"
_KEPT_ACCENTS = {"и\u0306": "й", "у\u0306": "ў", "і\u0308": "ї"}


def small(text: str) -> str:
    """Write an ordinary text in small letters; ``ё`` is written as ``е`` half of the time anyway."""
    return text.lower().replace("ё", "е")


def fold(original: str) -> Folded | None:
    """Make ``original`` plain; None where small letters are all it takes and every offset stays the same."""
    if _PLAIN.fullmatch(original):
        return None
    parts = _UNUSUAL.split(original)  # what is plain and what is unusual, by turns
    unusual, lengths = parts[1::2], [*map(len, parts)]
    parts[1::2] = meant = _within_bounds([*map(_FOLDED.__getitem__, unusual)])
    text = small("".join(parts))
    sizes = [*map(len, meant)]
    if {1}.issuperset(chain(lengths[1::2], sizes)):  # as most are: a sign for a sign
        return Folded.in_place(text)
    begins = [*accumulate(lengths, initial=0)]
    moves = [pair != (1, 1) for pair in zip(lengths[1::2], sizes, strict=True)]
    borders = chain.from_iterable(compress(zip(begins[1::2], begins[2::2], strict=False), moves))
    starts, ends = _places([0, *borders, len(original)], [*compress(sizes, moves)])
    return Folded(text if all(meant) else _with_marks(text, unusual, parts, begins, ends), starts, ends)


def _within_bounds(meant: list[str]) -> list[str]:
    """Leave of each ligature too many only the first letter, lest a text grow to four times its length."""
    may_add = _MOST_ADDED
    if sum(map(len, meant)) <= may_add:
        return meant
    for at, letters in enumerate(meant):
        if len(letters) > 1:
            meant[at] = letters = letters if len(letters) <= may_add else letters[0]
            may_add -= len(letters)
        if may_add <= 1:
            return meant[: at + 1] + [letters[:1] for letters in meant[at + 1 :]]
    return meant


def _places(begins: list[int], sizes: list[int]) -> tuple[list[int], list[int]]:
    """Give where each character begins and ends: those of a stretch that moves where all of it stands, others as ever.

    ``begins`` are the borders of stretches that stay and that move, by turns, ``sizes`` how long the latter become.
    """
    starts: list[Iterable[int]] = [()] * (len(begins) - 1)
    ends = starts.copy()
    starts[::2], starts[1::2] = map(range, begins[::2], begins[1::2]), map(repeat, begins[1::2], sizes)
    behind = [*map((1).__add__, begins)]
    ends[::2], ends[1::2] = map(range, behind[::2], behind[1::2]), map(repeat, begins[2::2], sizes)
    return [*chain.from_iterable(starts)], [*chain.from_iterable(ends)]


def _with_marks(text: str, unusual: list[str], parts: list[str], begins: list[int], ends: list[int]) -> str:
    """Let a mark that has vanished widen the character before it, and be its accent."""
    characters = [*text]
    places = zip([*accumulate(map(len, parts))][::2], begins[2::2], strict=False)
    vanished = compress(zip(unusual, places, strict=False), map(not_, parts[1::2]))
    for mark, (at, end) in vanished:
        if at and unicodedata.category(mark[0]) in ("Mn", "Me"):
            ends[at - 1] = end
            base = characters[at - 1]
            characters[at - 1] = _KEPT_ACCENTS.get(base + mark, base)
    return "".join(characters)


def _meant(escape: str) -> str:
    """Undo an escape; a flag is two letters that mean no letters."""
    if escape[0] == "&":
        return html.unescape(escape)
    return unquote(escape, errors="ignore") if escape[0] == "%" else " "


def _unusual(signs: str) -> str:
    """Make a character or an escape plain; what it means may be empty or several characters."""
    return _fold_char(signs) if len(signs) == 1 else "".join(map(_FOLDED.__getitem__, _meant(signs)))


_FOLDED = KeptShort(_unusual, longest=1)  # escapes may be any


def _fold_char(char: str) -> str:
    if char in _SPACES:
        return _SPACES[char]
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cc"):
        return "\n" if char == "\n" else ""
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(char))
    return _enclosed(char) or _letter(char)


def _letter(char: str) -> str:
    if "Ѐ" <= char <= "ӿ":
        return char.lower().replace("ё", "е")
    wide = unicodedata.normalize("NFKD", char.translate(_MARKS)).lower()
    plain = "".join(_SMALL_CAPITALS.get(c, c) for c in wide if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return plain.translate(_MARKS)[:_LONGEST_LIGATURE]


def _enclosed(char: str) -> str:
    """Letters and digits in black circles and squares, which have no compatibility form; flags' letters."""
    code = ord(char)
    for first, last, base in (
        (0x1F150, 0x1F169, "a"),
        (0x1F170, 0x1F189, "a"),
        (0x1F1E6, 0x1F1FF, "a"),
        (0x2776, 0x277E, "1"),
        (0x2780, 0x2788, "1"),
        (0x278A, 0x2792, "1"),
        (0x24F5, 0x24FD, "1"),
    ):
        if first <= code <= last:
            return chr(ord(base) + code - first)
    return {"⓿": "0", "\U0001f51f": "10"}.get(char, "")


def mended(folded: Folded, changes: Mapping[int, str]) -> Folded:
    """Write other letters at these places, or none."""
    if not changes:
        return folded
    places = [at for at in range(len(folded.text)) if changes.get(at) != ""]
    return Folded(
        "".join([changes.get(at, folded.text[at]) for at in places]),
        [folded.starts[at] for at in places],
        [folded.ends[at] for at in places],
    )
