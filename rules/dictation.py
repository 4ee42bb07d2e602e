"""What is dictated over several messages with other talk between: a number in pieces, a name by its letters or tail.

``rules.conversation`` reads messages as they stand, one behind the other; here each gives only what it adds.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, groupby, islice, pairwise, zip_longest
from typing import NamedTuple

from rules.beside_figures import ANNOUNCED, NAMES_DIGITS
from rules.finding import Category
from rules.hosts import is_top_level, sections
from rules.message import Part, Said, Told
from rules.numerals import Piece, Run, joined, read_pieces
from rules.other_numbers import is_measure, is_own
from rules.phrase import Phrase
from rules.text import Text
from rules.words import MIXED, NUMBER_WORD, SIGNS, bits, lexicon


class _Figures(NamedTuple):
    """The figures that one message adds to a number."""

    part: Part
    digits: str
    announced: bool
    bare: bool
    only: bool
    front: bool
    last_word: bool
    names_digits: bool


MOST_APART = 5
"""Messages by which two pieces of the same number or address may be apart."""

_MOST_FIGURES = 16
_FIGURES = bits(f"123456789{NUMBER_WORD}{MIXED}")
_PHONE, _SHORT_PHONE = re.compile(r"[78][3489]\d{9}"), re.compile(r"9\d{9}")
_CARD = re.compile(r"220[0-4]\d{12}")
# Of a serial or an article only, or of what may be counted.
_LABELS, _MODELS = Phrase("<label|invoice|refund|thing|feature>"), Phrase("<label|feature>")
_FRONT = re.compile(r"(?<!\w)(?:спереди|впереди|перед (?:этим|ним)|код)(?!\w)")
_MOMENT = re.compile(r"\d{1,2}[:.]\d\d(?:[.:]\d{2,4})?")
_ROUND = "00"

_DANGLING = re.compile(rf"(?<![\w.])\.({'|'.join(map(re.escape, sorted(sections()['tail'])))})(?![\w.-])")
_LATIN_END = re.compile(r"(?<![\w@.])[a-z][a-z0-9-]{3,}[\"»)]?\s*$")
_DOT_ALONE = re.compile(r"(?:(?:и|потом|затем|дальше) )?(?:точка|тчк|dot)")
_NAME_ENDS = re.compile(r"[^\W\d_][\w-]+$")
_NAME_BEGINS, _SPELT = re.compile(r"[^\W\d_][\w-]+"), re.compile("дефис|слитно|слеш|слэш|латин|пробел")
_BEGINS = re.compile(r"начинается (?:на|с) ([^\W\d_]{1,6})(?!\w)")
_TELLS_LETTER = re.compile(rf"{ANNOUNCED.pattern}\w*|букв\w+")
_SHORTEST_NAME, _MOST_LETTERS = 4, 24
_ENDS = re.compile(r"(?:за|о)канчивается (?:на )?[-\"]*([^\W\d_]{2,10})(?!\w)")


def numbers(chat: Sequence[Said], answers: frozenset[int], own_numbers: Collection[str]) -> Iterator[Told]:
    """Yield the numbers the shop dictates; messages that answer a question for an article (``answers``) add none."""
    texts = _of_shop(chat)
    figures = (_read(index, text) for index, text in texts.items() if index not in answers)
    yield from _numbers([*filter(None, figures)], own_numbers)


def addresses(chat: Sequence[Said]) -> Iterator[Told]:
    """Yield sites and names of which the shop's messages tell the parts."""
    texts = _of_shop(chat)
    yield from _addresses(texts)
    yield from _riddles(texts)
    yield from _spelt(texts)


def _of_shop(chat: Sequence[Said]) -> dict[int, Text]:
    return {said.at: said.text for said in chat if said.sender == "PARTNER" and said.text.tokens}


def _read(index: int, text: Text) -> _Figures | None:
    """Read a message that holds figures in one place only, which are no measure, label or moment."""
    if not text.signs & _FIGURES:
        return None
    pieces = read_pieces(text.tokens, text.line, text.roles)
    meant = (piece for piece, then in zip_longest(pieces, pieces[1:]) if not _counts(piece, then))
    groups = [*joined(text.roles, meant)]
    if len(groups) != 1:
        return None
    run = Run.of(groups[0])
    front = _FRONT.search(text.canon) is not None
    if (_LABELS.said(text.line) and not front) or is_measure(run, text):
        return None
    start, end = text.spans[run.first][0], text.spans[run.last - 1][1]
    if _MOMENT.fullmatch(text.canon, start, end):
        return None
    before, behind = _others(text.tokens[: run.first]), _others(text.tokens[run.last :])
    return _Figures(
        part=Part(index, *text.origin(start, end)),
        digits=run.digits,
        announced=front or ANNOUNCED.search(text.canon) is not None,
        bare=before + behind <= 1,
        only=before + behind == 0,
        front=front,
        last_word=not behind,
        names_digits=NAMES_DIGITS.search(text.canon) is not None,
    )


def _counts(piece: Piece, then: Piece | None) -> bool:
    """Tell a word that says how many figures follow (``ещё три: 302``)."""
    return then is not None and piece.worded and piece.digits == str(len(then.digits)) and not then.worded


def _others(tokens: list[str]) -> int:
    book = lexicon()
    return sum(token.isalnum() and token not in book.between and token not in book.names for token in tokens)


def _numbers(figures: list[_Figures], own_numbers: Collection[str]) -> Iterator[Told]:
    for at, first in enumerate(figures):
        if not first.front and (first.announced or first.bare or first.last_word):
            for bare_too in (True, False):
                following = [
                    one for one in figures[at + 1 : at + _MOST_FIGURES] if one.announced or (bare_too and one.bare)
                ]
                yield from _from(first, following, own_numbers)


def _from(first: _Figures, following: list[_Figures], own_numbers: Collection[str]) -> Iterator[Told]:
    """Yield the number that begins with ``first``."""
    taken = [first]
    for left, right in pairwise((first, *following)):
        if right.part.message - left.part.message > MOST_APART:
            return
        taken.append(right)
        digits = "".join(one.digits for one in sorted(taken, key=lambda one: not one.front))
        category = None if is_own(digits, own_numbers) else _whole(digits, taken)
        if category:
            yield Told([one.part for one in taken], category)
        if category or len(digits) > _MOST_FIGURES:
            return


def _whole(digits: str, taken: list[_Figures]) -> Category | None:
    """Tell what number the pieces make."""
    announced = sum(one.announced for one in taken)
    sums = sum(one.digits.endswith(_ROUND) for one in taken) * 2 >= len(taken)
    if sums or not (announced or all(one.only for one in taken)):
        return None
    named = any(one.names_digits for one in taken)
    if _PHONE.fullmatch(digits) or (_SHORT_PHONE.fullmatch(digits) and announced > 1 and named):
        return Category.CONTACT_OFFER
    return Category.OFF_PLATFORM if _CARD.fullmatch(digits) else None


def _addresses(texts: dict[int, Text]) -> Iterator[Told]:
    """Yield names of sites whose tail (``.store``) or dot is told in a message of its own."""
    indices = list(texts)
    for at, index in enumerate(indices):
        tail = _DANGLING.search(texts[index].canon)
        if tail and not _MODELS.said(texts[index].line):
            for earlier in reversed(indices[max(0, at - MOST_APART) : at]):
                name = _LATIN_END.search(texts[earlier].canon)
                if name and not _MODELS.said(texts[earlier].line):
                    yield _link(texts, (earlier, *name.span()), (index, *tail.span()))
                    break
        elif 0 < at < len(indices) - 1 and _DOT_ALONE.fullmatch(texts[index].canon.strip()):
            before, behind = texts[indices[at - 1]], texts[indices[at + 1]]
            name, rest = _NAME_ENDS.search(before.canon), _NAME_BEGINS.match(behind.canon)
            if name and rest and (is_top_level(rest[0]) or _SPELT.search(behind.canon)):
                dot = (index, 0, len(texts[index].canon))
                yield _link(texts, (indices[at - 1], *name.span()), dot, (indices[at + 1], *rest.span()))


def _link(texts: dict[int, Text], *places: tuple[int, int, int]) -> Told:
    parts = [Part(index, *texts[index].origin(start, end)) for index, start, end in places]
    return Told(parts, Category.OUTSIDE_LINK)


def _riddles(texts: dict[int, Text]) -> Iterator[Told]:
    """Yield names told by how they begin and how they end."""
    begins = [(index, found) for index, text in texts.items() if (found := _BEGINS.search(text.canon))]
    for index, begin in begins:
        for later in (later for later in texts if index <= later <= index + MOST_APART):
            end = _ENDS.search(texts[later].canon)
            if end and SIGNS[begin[1] + end[1]] in lexicon().split_signs:
                parts = [Part(at, *texts[at].origin(*found.span())) for at, found in ((index, begin), (later, end))]
                yield Told(parts, _category(SIGNS[begin[1] + end[1]]))


def _spelt(texts: dict[int, Text]) -> Iterator[Told]:
    """Yield names of which each letter is told in a message, with a mark or a word like "then" (``вторая е``)."""
    told = [(index, text, _letter(text)) for index, text in texts.items()]
    for is_letter, some in groupby(told, lambda one: one[2] is not None):
        letters = [(index, text, at or 0) for index, text, at in islice(some, _MOST_LETTERS) if is_letter]
        word = "".join(text.tokens[at] for _, text, at in letters)
        for first, last in combinations(range(len(word) + 1), 2):
            sign = SIGNS[word[first:last]] if last - first >= _SHORTEST_NAME else ""
            if sign in lexicon().split_signs:
                parts = [Part(index, *text.place(at, at + 1)) for index, text, at in letters[first:last]]
                yield Told(parts, _category(sign))


def _letter(text: Text) -> int | None:
    """Give the token of the letter that is all a message tells."""
    words = [at for at, token in enumerate(text.tokens) if token.isalnum()]
    told = [at for at in words if not _TELLS_LETTER.fullmatch(text.tokens[at])] or words[-1:]
    return told[0] if len(told) == 1 and len(text.tokens[told[0]]) == 1 and text.tokens[told[0]].isalpha() else None


def _category(sign: str) -> Category:
    return Category.OFF_PLATFORM if sign == lexicon().signs["other-market"] else Category.CONTACT_OFFER
