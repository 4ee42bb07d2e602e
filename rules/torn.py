"""Words torn apart and put together: letters set apart, words parted by marks, a letter masked, names in pieces.

Letters set apart (``s h o p . r u``) are told by their shape, for they may be a word that nobody knows; all else is
told by the lexicon: ``де.вять``, ``т*леграм``, ``вай б е р``.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rules.clues import NOTHING, clue
from rules.letters import Folded, mended
from rules.words import LETTER, MASK, PIECE, SIGNS, lexicon

MARKED = clue((), NOTHING)
"""Marks part some word or mask a letter of it."""

_ONE = LETTER + "".join({SIGNS[letter] for letter in "абвгдежзийклмнопрстуфхцчшщыэюяabcdefghijklmnopqrstuvwxyz"})
_LETTERS_ALONE = re.compile(rf"[{_ONE}](?:[!-/:-@\[-`{{-~\n]{{0,3}}[{_ONE}1]){{3}}")
"""How letters set apart look on the line of signs."""

# s h o p . r u, t . m e / s h o p, s h o p.r u; words set apart twice as far are of one run: t w o  s i x
_LETTER, _MARKS = r"[^\W_]", r"(?:[.,@:/_-]\1){0,3}"
_NEXT = rf"{_MARKS}{_LETTER}(?:[.@-]{_LETTER}(?=\1))?"
_SET_APART = re.compile(
    rf"(?<!{_LETTER}){_LETTER}( [.*_|/\\,~+-] | {{1,3}}|[\n.*_|/\\,~+-]){_NEXT}(?!\1 )(?:\1+{_NEXT}){{2,}}(?!{_LETTER})"
)
_NAME_AND_TAIL = re.compile(
    r"(?<![\w.-])([a-z0-9-]{3,}|[а-я0-9-]{3,})(?<!dot)(?<!tochka)(?<!точка)(?:ru|com|net|org|su|рф|ру)(?!\w)"
)
_FIRST = re.compile(r"[авикосуbv](\w+)")  # words of one letter
_ROMAN = frozenset("ivx")

_SYLLABLE = r"[^\W\d_]{1,12}"
_MARKED_WORD = re.compile(
    rf"(?<!\w){_SYLLABLE}(?P<mark>[-*_/#|~+=]|\.(?=[а-я])){_SYLLABLE}(?:(?P=mark){_SYLLABLE})*"
    r"(?!\w|\.[a-z])"  # files are named with marks between words
)
_MASKS = "*_#"
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
    """Give the places of what only sets letters apart: ``s h o p . r u`` reads as ``shop.ru``.

    Of several gaps together one is meant, and so are that behind a letter which is a word of its own
    (``в т е л е г р а м``) and that before the tail of an address (``s.h.o.p.r.u``).
    """
    gaps: set[int] = set()
    for match in _SET_APART.finditer(text):
        letters, gap = {*filter(str.isalpha, match[0])}, match[1]
        if len(letters) > 1 and not letters <= _ROMAN:
            for some in re.compile(f"(?:{re.escape(gap)})+").finditer(text, *match.span()):
                gaps.update(range(some.start() + (some[0] != gap), some.end()))
            kept = [at for at in range(*match.span()) if at not in gaps]
            words = "".join(map(text.__getitem__, kept))
            middle = (len(gap) + 1) // 2
            gaps.difference_update(kept[begin] - middle for begin in _begins(words))
    return gaps


def _begins(words: str) -> Iterator[int]:
    """Tell where a word or a tail begins that letters set apart have swallowed something into."""
    first = _FIRST.match(words)
    if first and _is_name(first[1]):
        yield 1
    yield from (name.end(1) for name in _NAME_AND_TAIL.finditer(words))


def marks_within_words(text: str) -> dict[int, str]:
    """Give what is meant where marks part a word or mask a letter of it: nothing, or the letter."""
    meant: dict[int, str] = {}
    for word in _MARKED_WORD.finditer(text):
        mark = word["mark"]
        parts = word[0].split(mark)
        letter = "" if _is_one_word(parts, mark) else _masked_letter(parts, mark)
        if letter is not None:
            meant |= {at: letter for at in range(*word.span()) if text[at] == mark}
    return meant


def _is_one_word(parts: Sequence[str], mark: str) -> bool:
    """Tell a torn number word or name from several words, as ``инста-камера`` and ``М.Видео`` are."""
    whole = "".join(parts)
    if whole in lexicon().numbers:
        return True
    may_be_two = len(parts) == 2 and (mark == "-" or 1 in map(len, parts))
    return not may_be_two and _is_name(whole) and SIGNS[whole] not in map(SIGNS.__getitem__, parts)


def _masked_letter(parts: Sequence[str], mark: str) -> str | None:
    letter = lexicon().masked.find(MASK.join(parts)) if mark in _MASKS else None
    return letter if letter and _is_name(letter.join(parts)) else None


def _is_name(word: str) -> bool:
    return len(word) <= _LONGEST_TORN and SIGNS[word] in lexicon().split_signs


def names_in_pieces(tokens: Sequence[str], line: str) -> str:
    """Give the line with the sign of a name at each of the pieces that it is torn in.

    In the text they stay apart: ``youtu.be`` is an address also, and who writes ``теле грамм`` need not hide anything.
    """
    signs = [*line]
    for at, sign in enumerate(signs):
        if sign == PIECE:
            letters = (token if token.isalnum() else "" for token in tokens[at : at + _MOST_PIECES])
            for upto, word in enumerate(accumulate(letters), at + 1):
                if _is_name(word):
                    signs[at:upto] = SIGNS[word] * (upto - at)
                    break
    return "".join(signs)
