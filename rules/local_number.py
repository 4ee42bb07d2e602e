"""A number as it is dialled within a town or an office: five to seven figures behind who takes the call, an extension.

So short a number may be anything; it is a phone only where the words beside it say so.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, takewhile

from rules.clues import NOTHING, clue
from rules.numerals import FEWEST_FIGURES, Run
from rules.other_numbers import is_measure
from rules.phrase import Phrase
from rules.search import opening
from rules.text import Text
from rules.words import lexicon

_SIZES = {
    (3, 2, 2),
    (2, 2, 3),
    (3, 4),
    (2, 2, 2),
    (3, 3),
    (1, 2, 2),
    (1, 3, 2),
    (2, 3, 2),
    (2, 3, 2, 2),
}
_MOST_FIGURES, _MOST_UNPARTED = 11, 7  # in groups or as one
_DIALLED = Phrase(
    r"<call|call-en|calling|dial|phone|phone-of|phone-emoji|reach> [:.-]{0,2} "
    r"<in|us|here|number|phone-of|person|please>{0,3} [:.-]? $ | <our|he> <number> [:—-]? $ | <landline> [:—-]? $"
)
_AT_DESK = Phrase(
    # диспетчер: 204-18-37, отдел продаж, Ольга Петровна 20-41-18, домашний 2-04-18
    r"<desk|landline|person|handset> [«\"(]? <unknown|in|buy|courier|thing|pick-up>{0,3} [»\")]?"
    r" (?: , <unknown>{1,2} )? [,:—-]{0,2} $"
    # офис 2-04-18, магазин на Мира: 20-41-18
    r"| <outlet|warehouse|shop> (?: <in>? <unknown>{0,2} : )? $"
)
_IS_LINE, _IS_DESK = Phrase("<desk|landline>"), Phrase("<desk|landline|person|outlet|warehouse|shop>")
_OTHER = Phrase("<label|invoice|refund|feature|number> | (?<! <in> ) <thing>")
_REACH = 8  # tokens before a number that may say whose it is

_OF_DESK = {(3, 2, 2), (2, 2, 2), (1, 2, 2)}
_MOMENT = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])2\d|(?:[01]?\d|2[0-4])\d\d[03]0")  # 14-12-26, 10-20-00
_MOST_STEP = 10
_PATRONYMIC = re.compile(r"\w+(?:ич|вна|чна|вной|вны|ича|ичу)")
_WITH_MORE = frozenset(("отдел", "служба", "трубку"))
_TOWN_CODE = re.compile(r"(?<!\w)код (?:(?:нашего|вашего|ваш) )?города")
_NO_MEASURE = r"(?![\w%°]|[.,-]\d| ?(?:г|гр|мл|мм|см|м|кг|шт|руб|р|₽|мкм|об)(?!\w))"
_EXTENSION = re.compile(rf"(?<!\w)(?:доб(?:авочн\w+)?\s?\.?(?: номер)?\s?[:№-]?\s?\d{{2,5}}{_NO_MEASURE})")
# A diameter is an inner one too.
_INNER = re.compile(rf"(?<!\w)(?:(?:вн|внутр)\s?\.|внутренний)(?: номер)?\s?:? ?\d{{3,4}}{_NO_MEASURE}")
_AT_WORK = Phrase("<desk|person|phone|phone-of>")
_HYPHENED = clue((), r"-(?<=\d-)(?<!\d{4}-)\d\d-\d\d(?!\d)")
_SAYS_TOWN = clue(("города", "городу"), NOTHING)
_SPACED = (":322", ":222")  # as they stand in the line of signs
SAYS_EXTENSION = clue((), opening("доб(?!р)", r"вн(?!\w)", "внутр"))
"""What a text must hold to tell an extension."""


def may_be_local(text: Text) -> bool:
    """Tell whether a text is worth a look for numbers of few figures: words for a local one are said, or groups."""
    return (
        bool(text.signs & (_HYPHENED | _SAYS_TOWN))
        or _DIALLED.may_be_said(text.signs)
        or any(map(text.line.count, _SPACED))
    )


def is_local(part: Run, text: Text) -> bool:
    """Tell a number that words for calling or those who take calls make a local one."""
    if not FEWEST_FIGURES <= len(part.digits) <= _MOST_FIGURES or not _is_shaped(part):
        return False
    before = text.line[max(0, part.first - _REACH) : part.first]
    return (
        (_DIALLED.may_be_said(text.signs) and _DIALLED.said(before) and not is_measure(part, text))
        or (_is_of_desk(part, text) and _is_told(part, text, before))
        or (_is_in_words(part) and _names_town_code(text.canon))
    )


def extensions(text: Text) -> Iterator[tuple[int, int]]:
    """Yield the places in ``canon`` of extensions: ``доб. 112``."""
    yield from (match.span() for match in _EXTENSION.finditer(text.canon))
    if _AT_WORK.said(text.line):
        yield from (match.span() for match in _INNER.finditer(text.canon))


def _is_shaped(part: Run) -> bool:
    whole = len(part.sizes) == 1 and len(part.digits) <= _MOST_UNPARTED
    return whole or part.sizes in _SIZES or set(part.sizes) == {1} or all(piece.worded for piece in part.pieces)


def _is_in_words(part: Run) -> bool:
    """Tell the pairs and threes of a number within a town, said in words."""
    return len(part.pieces) > 1 and len(part.digits) <= _MOST_UNPARTED and all(piece.worded for piece in part.pieces)


def _is_of_desk(part: Run, text: Text) -> bool:
    """Tell the hyphens of a number from those of dates, hours and sizes in a row."""
    if part.sizes not in _OF_DESK or _MOMENT.fullmatch(part.digits) or is_measure(part, text):
        return False
    between = {"".join(text.tokens[left.last : right.first]) for left, right in pairwise(part.pieces)}
    spaced = between == {""} and text.tokens[part.first - 1 : part.first] == [":"] and part.sizes[0] > 1
    goes_on = text.tokens[part.last : part.last + 1] in (["-"], ["/"], ["—"])
    return (spaced or between == {"-"}) and not goes_on and not _is_row(part)


def _is_row(part: Run) -> bool:
    """Tell sizes and terms in even steps: 16-18-20, 12-24-36."""
    first, second, third = (int(piece.digits) for piece in part.pieces)
    step = second - first
    return third - second == step and (step == first or abs(step) <= _MOST_STEP)


def _is_told(part: Run, text: Text, before: str) -> bool:
    if _names_town_code(text.canon):
        return True
    if _OTHER.said(before):
        return False
    is_line = _IS_LINE.said(text.line[part.last : part.last + 1])
    return is_line or (_AT_DESK.said(before) and _is_introduced(part, text))


@lru_cache(maxsize=8)
def _names_town_code(canon: str) -> bool:
    """Find the code of a town: what a whole text says is asked of each of its numbers."""
    return _TOWN_CODE.search(canon) is not None


def _is_introduced(part: Run, text: Text) -> bool:
    """Tell whether a mark stands before a number, or nothing but names up to the desk."""
    before = text.tokens[max(0, part.first - _REACH) : part.first]
    if not before[-1].isalnum():
        return True
    names = [*takewhile(lambda token: token in lexicon().names or _PATRONYMIC.fullmatch(token), reversed(before))]
    at = part.first - 1 - len(names)
    return at >= 0 and (_IS_DESK.said(text.line[at]) or not _WITH_MORE.isdisjoint(before))
