"""Letters and marks made plain, each with the place it stands at in the original.

What is undone here needs no knowledge of words: case, compatibility forms (full width, circled, squared, small
capitals), combining and invisible characters, HTML entities, percent escapes, digits of every script, letters set
apart.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote


class Folded(NamedTuple):
    """A plain text; its i-th character stands for ``original[starts[i]:ends[i]]``."""

    text: str
    starts: list[int]
    ends: list[int]


# All that folding leaves as it is, small letters apart; most messages hold nothing else.
_PLAIN = re.compile(r"(?:[\n !-$'-~Ѐ-ҁҊ-ӿ№«»—₽°×一-鿿]++|[&%](?![#A-Za-z0-9]{2}))*+")
_FLAG = "(?<![\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]{2}(?![\U0001f1e6-\U0001f1ff])"
_UNUSUAL = re.compile(rf"&\#?\w{{1,8}};|(?:%[0-9A-Fa-f]{{2}})+|{_FLAG}|[^\n !-~Ѐ-ҁҊ-ӿ№«»—₽°×一-鿿]")
# s h o p . r u, t . m e / s h o p, s h o p.r u
_SET_APART = re.compile(
    r"(?<!\w)\w( {1,3}|[\n.*_|/\\,~+-])(?:[.,@:/-]\1){0,3}\w(?:\1(?:[.,@:/-]\1){0,3}\w|[.@-]\w(?=\1)){2,}(?!\w)"
)
_SHORT_WORD = re.compile(r"(?:^|(?<=  ))\w \w \w(?=  |$)")  # t w o  s i x
_FEWEST_GAPS = 3
_LONG = 1000  # characters of a text, more than most messages have
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
_MARKS = str.maketrans("‐‑‒–—―−⁃«»“”„‟‘’ʼʻ‛`´․。｡．・•●⚫∙⋅·˙◦▪", "-" * 8 + '"' * 6 + "'" * 7 + "." * 14)
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢⲟɑɡıⅼ", "abcdefghijklmnopqrstuvwyzoagil", strict=True))
_ROMAN = frozenset("ivx")
_LONGEST_LIGATURE, _MOST_ADDED = 4, 600  # letters of one, and of all that a message may hold: hundreds of "№", "…"
_KEPT_ACCENTS = {"й": "й", "ё": "е", "ў": "ў", "ї": "ї"}


def small(text: str) -> str:
    """Write an ordinary text in small letters; ``ё`` is written as ``е`` half of the time anyway."""
    return text.lower().replace("ё", "е")


def fold(original: str) -> Folded | None:
    """Make ``original`` plain; None where small letters are all it takes and every offset stays the same."""
    if _PLAIN.fullmatch(original):
        return None
    if len(original) > _LONG and (folded := _fold_all(original)):
        return folded
    folding, at = _Folding(), 0
    for match in _UNUSUAL.finditer(original):
        start, end = match.span()
        if start > at:
            folding.keep(small(original[at:start]), at)
        folding.change(match[0], start, end)
        at = end
    folding.keep(small(original[at:]), at)
    return Folded("".join(folding.pieces), folding.starts, folding.ends)


def _fold_all(original: str) -> Folded | None:
    """Make a text plain in one go, which pays where unusual characters are many; None where their places move."""
    unusual = {*_UNUSUAL.findall(original)}
    meant = {ord(one): _fold_char(one) for one in unusual if len(one) == 1}
    if len(meant) < len(unusual) or any(len(char.lower()) != 1 for char in meant.values()):
        return None
    size = len(original)
    return Folded(small(original.translate(meant)), [*range(size)], [*range(1, size + 1)])


class _Folding:
    """A text in the making: its pieces, and for each character the place it stands for."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._may_add = _MOST_ADDED

    def keep(self, plain: str, at: int) -> None:
        """Add a stretch that stands at ``at`` as it is."""
        if plain:
            self.pieces.append(plain)
            self.starts.extend(range(at, at + len(plain)))
            self.ends.extend(range(at + 1, at + 1 + len(plain)))

    def change(self, odd: str, start: int, end: int) -> None:
        """Add what one unusual character or one escape means; a mark that vanishes widens the character before it."""
        meant = _fold_char(odd) if len(odd) == 1 else "".join(map(_fold_char, _meant(odd)))
        self.pieces.append(meant)
        if len(meant) == 1:
            self.starts.append(start)
            self.ends.append(end)
        elif meant:
            self._write_out(meant, start, end)
        elif self.ends and unicodedata.category(odd[0]) in ("Mn", "Me"):
            self.ends[-1] = end
            self._accent(odd)

    def _write_out(self, meant: str, start: int, end: int) -> None:
        """Add a ligature's letters, of one too many only the first, lest a text grow to four times its length."""
        if self._may_add < len(meant):
            self.pieces[-1] = meant = meant[0]
        self._may_add -= len(meant)
        self.starts.extend([start] * len(meant))
        self.ends.extend([end] * len(meant))

    def _accent(self, mark: str) -> None:
        self.pieces.pop()
        while not self.pieces[-1]:
            self.pieces.pop()
        base = self.pieces[-1]
        self.pieces[-1] = base[:-1] + _accented(base[-1], mark)


def _meant(escape: str) -> str:
    """Undo an escape; a flag is two letters that mean no letters."""
    if escape[0] == "&":
        return html.unescape(escape)
    return unquote(escape, errors="ignore") if escape[0] == "%" else " "


def _accented(base: str, mark: str) -> str:
    composed = unicodedata.normalize("NFC", base + mark)
    return _KEPT_ACCENTS.get(composed, base)


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    """Fold one character to its plain form, which may be empty or several characters."""
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


def together(folded: Folded) -> Folded:
    """Take out what stands between letters set apart: ``s h o p . r u`` reads as ``shop.ru``."""
    gaps: set[int] = set()
    for match in _SET_APART.finditer(folded.text):
        letters = set(filter(str.isalpha, match.group()))
        gap = match.group(1)
        if len(letters) > 1 and not letters <= _ROMAN and match.group().count(gap) >= _FEWEST_GAPS:
            gaps.update(_gaps(folded.text, *match.span(), gap[0]))
    if gaps:
        for match in _SHORT_WORD.finditer(folded.text):
            gaps.update(range(match.start() + 1, match.end(), 2))
    places = [i for i in range(len(folded.text)) if i not in gaps]
    return Folded(
        "".join(folded.text[i] for i in places),
        [folded.starts[i] for i in places],
        [folded.ends[i] for i in places],
    )


def _gaps(text: str, start: int, end: int, gap: str) -> Iterator[int]:
    """Places between ``start`` and ``end`` that only hold letters apart; of two or more gaps together one is meant."""
    for at in range(start, end):
        if text[at] == gap and (gap not in ".@-" or not (text[at - 1] == text[at + 1] == gap)):
            yield at
