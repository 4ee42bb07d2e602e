"""Words torn apart and put together: letters set apart, words parted by marks, a letter masked, names in pieces.

Letters set apart (``s h o p . r u``) are told by their shape, for they may be a word that nobody knows; all else is
told by the lexicon: ``де.вять``, ``т*леграм``, ``вай б е р``.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

from rules.clues import NOTHING, clue
from rules.letters import Folded, mended
from rules.words import LETTER, MASK, PIECE, SIGNS, lexicon

MARKED = clue((), NOTHING)
"""Marks part some word or mask a letter of it."""

_ONE = LETTER + "".join({SIGNS[letter] for letter in "абвгдежзийклмнопрстуфхцчшщыэюяabcdefghijklmnopqrstuvwxyz"})
_LETTERS_ALONE = re.compile(rf"[{_ONE}](?:[!-/:-@\[-`{{-~\n]{{0,3}}[{_ONE}1]){{3}}")
"""How letters set apart look on the line of signs."""

# s h o p . r u, t . m e / s h o p, s h o p.r u
_SET_APART = re.compile(
    r"(?<!\w)\w( {1,3}|[\n.*_|/\\,~+-])(?:[.,@:/-]\1){0,3}\w(?:\1(?:[.,@:/-]\1){0,3}\w|[.@-]\w(?=\1)){2,}(?!\w)"
)
_SHORT_WORD = re.compile(r"(?:^|(?<=  ))\w \w \w(?=  |$)")  # t w o  s i x
_NAME_AND_TAIL = re.compile(r"([a-z0-9-]{3,}|[а-я0-9-]{3,})(?<!dot)(?<!tochka)(?<!точка)(?:ru|com|net|org|su|рф|ру)")
_FEWEST_GAPS = 3
_ROMAN = frozenset("ivx")

_SYLLABLE, _BEHIND = r"[^\W\d_]{1,6}", r"(?!\w|\.[a-z])"  # files are named with marks between words
_PARTED = re.compile(rf"(?<![\w.]){_SYLLABLE}(?P<mark>[-*_/]|\.(?=[а-я])){_SYLLABLE}(?:(?P=mark){_SYLLABLE})*{_BEHIND}")
_MASKED = re.compile(rf"(?<![^\W_])([^\W\d_]{{1,12}})[*_#]([^\W\d_]{{1,12}}){_BEHIND}")
_FEWEST_SYLLABLES = 3
"""Parts of a name that hyphens part, or one into single letters: of two it may be two words."""
_LONGEST_TORN, _MOST_PIECES = 20, 6
"""Letters of a name that may be torn in pieces, and how many these may be, marks between counted."""


def may_be_torn(line: str, signs: int) -> bool:
    """Tell whether ``put_together`` may find anything in a text of these signs: most messages hold nothing."""
    return signs & MARKED != 0 or _LETTERS_ALONE.search(line) is not None


def put_together(folded: Folded) -> Folded:
    """Leave out what only sets letters apart, then the marks within a word, and write the letter that is masked."""
    apart = mended(folded, dict.fromkeys(_gaps_between_letters(folded.text), ""))
    return mended(apart, marks_within_words(apart.text))


def _gaps_between_letters(text: str) -> set[int]:
    """Give the places of what only sets letters apart: ``s h o p . r u`` reads as ``shop.ru``."""
    gaps: set[int] = set()
    for match in _SET_APART.finditer(text):
        letters = set(filter(str.isalpha, match.group()))
        gap = match.group(1)
        if len(letters) > 1 and not letters <= _ROMAN and match.group().count(gap) >= _FEWEST_GAPS:
            gaps.update(_gaps(text, *match.span(), gap[0]))
            gaps.difference_update(_before_tail(text, *match.span(), gaps))
    if gaps:
        for match in _SHORT_WORD.finditer(text):
            gaps.update(range(match.start() + 1, match.end(), 2))
    return gaps


def _gaps(text: str, start: int, end: int, gap: str) -> Iterator[int]:
    """Places between ``start`` and ``end`` that only hold letters apart; of two or more gaps together one is meant."""
    for at in range(start, end):
        if text[at] == gap and (gap not in ".@-" or not (text[at - 1] == text[at + 1] == gap)):
            yield at


def _before_tail(text: str, start: int, end: int, gaps: Collection[int]) -> range:
    """Give the gap that is to be read as the dot of an address: the last but two of ``s.h.o.p.r.u``."""
    letters = [at for at in range(start, end) if at not in gaps]
    name = _NAME_AND_TAIL.fullmatch("".join(map(text.__getitem__, letters)))
    return range(letters[name.end(1) - 1] + 1, letters[name.end(1)]) if name else range(0)


def marks_within_words(text: str) -> dict[int, str]:
    """Give what is meant where marks part a word or mask a letter of it: nothing, or the letter."""
    parted = [word for word in _PARTED.finditer(text) if _is_one_word(word[0].split(word["mark"]), word["mark"])]
    marks = {at: "" for word in parted for at in range(*word.span()) if text[at] == word["mark"]}
    masked = {match.end(1): _masked_letter(*match.groups()) for match in _MASKED.finditer(text)}
    return {at: letter for at, letter in masked.items() if letter} | marks


def _is_one_word(parts: Sequence[str], mark: str) -> bool:
    """Tell a torn number word or name from several words, as ``инста-камера`` and ``М.Видео`` are."""
    whole = "".join(parts)
    if whole in lexicon().numbers:
        return True
    if len(whole) > _LONGEST_TORN:
        return False
    if (mark == "-" or 1 in map(len, parts)) and len(parts) < _FEWEST_SYLLABLES:
        return False
    return SIGNS[whole] in lexicon().split_signs and SIGNS[whole] not in map(SIGNS.__getitem__, parts)


def _masked_letter(before: str, behind: str) -> str | None:
    letter = lexicon().masked.find(before + MASK + behind)
    return letter if letter and SIGNS[before + letter + behind] in lexicon().split_signs else None


def names_in_pieces(tokens: Sequence[str], line: str) -> str:
    """Give the line with the sign of a name at each of the pieces that it is torn in.

    In the text they stay apart: ``youtu.be`` is an address also, and who writes ``теле грамм`` need not hide anything.
    """
    signs = [*line]
    for at, sign in enumerate(signs):
        if sign == PIECE:
            letters = (token if token.isalnum() else "" for token in tokens[at : at + _MOST_PIECES])
            for upto, word in enumerate(accumulate(letters), at + 1):
                if len(word) > _LONGEST_TORN:
                    break
                if SIGNS[word] in lexicon().split_signs:
                    signs[at:upto] = SIGNS[word] * (upto - at)
                    break
    return "".join(signs)
