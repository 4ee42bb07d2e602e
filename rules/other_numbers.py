"""Numbers that are no phones: of articles and orders, measures, sums, lists, the chat's own."""

import re
from collections.abc import Collection
from itertools import pairwise

from rules.numerals import Run
from rules.phrase import Phrase
from rules.text import Text

_LABELLED_BEHIND = Phrase(r"^ (?:[—,:-]|<unknown|please>){0,2} <number> <thing|refund>")
_LABELLED = Phrase(r"(?: <label|invoice|card|post|refund> <number|phone-of|thing>? | \# ) [:.\#№-]* $")
_NAMED_BEHIND = re.compile(
    r"\W{0,3}(?:это |- )?(?:артикул|арт(?!\w)|штрих-?код|ean(?!\w)|трек|серийн|imei|инн(?!\w)|парт-?номер|каталожн)"
)
_LABELLED_FAR = Phrase("<label|invoice> (?:<unknown|number-word>|<in> <unknown|number-word>{1,2}) [:—-]* $")
_MEASURED = re.compile(r"\s*(?:руб|р\b|₽|шт|кг|грам|мм|см|мл|мб|вт\b|мач|тыс|%|лет\b|дн[яе])")
_GLUED = re.compile(r"[0-9a-zа-я][-/]?\Z|\d[.,]\Z")
_MOBILE = re.compile(r"[78]9\d{9}")
_LABEL_LENGTH = 32
_FEWEST_LISTED = 4
TO_CALL = re.compile(
    r"(?<!\w)(?:код (?:города|региона|межгорода)|"
    r"номер\w* для (?:заказ\w*|запис\w*|связи|справ\w*|звонк\w*|брони\w*|смс|сообщени\w*))\W{0,3}\Z"
)
"""After these words for a label comes a phone all the same."""
_SHORTEST = 10


def is_own(digits: str, own_numbers: Collection[str]) -> bool:
    """Tell a number of the chat, also where only one of the two has its country code."""
    return digits in own_numbers or (
        len(digits) >= _SHORTEST and any(digits[-_SHORTEST:] == own[-_SHORTEST:] for own in own_numbers)
    )


def is_list(part: Run) -> bool:
    """Tell a list of like quantities, as of sizes (``42, 44, 46, 48, 50``), from the groups of a number."""
    if len(part.sizes) < _FEWEST_LISTED or max(part.sizes) == 1:
        return False
    values = [int(piece.digits) for piece in part.pieces]
    steps = {right - left for left, right in pairwise(values)}
    if len(set(part.sizes)) > 1 or len(values) == _FEWEST_LISTED:
        return len(steps) == 1
    return min(steps) > 0 or max(steps) < 0


def is_labelled(part: Run, text: Text, *, odd: bool) -> bool:
    """Tell the number of something else, or a measure; ``odd`` are groups that no phone is usually written in.

    To be asked where no words ``TO_CALL`` stand before it.
    """
    line = text.line[max(0, part.first - 6) : part.first]
    return (
        _LABELLED_BEHIND.said(text.line[part.last : part.last + 6])
        or _NAMED_BEHIND.match(text.canon, text.spans[part.last - 1][1]) is not None
        or _LABELLED.said(line)
        or (odd and _LABELLED_FAR.said(line))
        or text.tokens[max(0, part.first - 1) : part.first] == ["№"]
        or is_measure(part, text)
    )


def words_before(part: Run, text: Text) -> str:
    """Give the words before figures, as far as they may label them."""
    start = text.spans[part.first][0]
    return text.canon[max(0, start - _LABEL_LENGTH) : start]


def is_summed(part: Run, text: Text) -> bool:
    """Tell a sum: ``7 + 1``."""
    return "+" in text.tokens[part.first : part.last]


def is_measure(part: Run, text: Text) -> bool:
    """Tell whether a unit stands behind figures, or something they belong to before them."""
    start, end = text.spans[part.first][0], text.spans[part.last - 1][1]
    filler, behind = (text.tokens[at : at + 1] for at in (part.pieces[0].last, part.last))
    if len(part.pieces) > 1 and filler == behind and ("".join(filler).isalpha() or filler == ["₽"]):
        return False  # the unit only parts the groups
    measured = _MEASURED.match(text.canon, end) is not None and not _is_dressed(part)
    return measured or _GLUED.search(text.canon[max(0, start - 2) : start]) is not None


def _is_dressed(part: Run) -> bool:
    """Tell a phone that a unit behind it makes look like a sum, which would be parted by threes."""
    return _MOBILE.fullmatch(part.digits) is not None and set(part.sizes[1:]) != {3}
