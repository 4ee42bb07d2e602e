"""Numbers that are no phones: of articles and orders, measures, sums, lists, the chat's own."""

import re
from collections.abc import Collection
from itertools import pairwise

from rules.beside_figures import words_before
from rules.numbering import USUAL
from rules.numerals import MOBILE, OF_SIZE, SIZE_MARKS, Run
from rules.phrase import Phrase
from rules.text import Text
from rules.words import lexicon

_LABELLED_BEHIND = Phrase(r"^ (?:[—,:(-]|<unknown|please>){0,2} <number> <your|our>? <thing|refund|invoice|numbered>")
_LABELLED = Phrase(
    # артикул: 8911..., invoice no. 8911..., накладная_8911....pdf
    r"(?: <label|invoice|numbered|post> (?: <number|phone-of|thing> | <not> \.? )?"
    # возврат №8911...; "возврат 8911..." is whom to call about it, "на сбер 8911..." whom to pay
    r" | <card|refund> <number|phone-of|thing> | <number> <unknown|to>? <your|our>? <card|refund>"
    # buyurtma raqami 8911...
    r" | (?<! <in> ) <thing> <number>"
    # это трек-номер, не телефон: 8911...
    r" | <label|numbered> -? <number>? ,? <not> <letter>? <phone>"
    r" | \# ) [:.\#№_-]* $"
)
_NUMBER_OF = Phrase(  # номер вашей накладной в службе доставки, serial number of the device
    r"(?: <number> <your|our>? <label|numbered|refund|place> | <label|numbered> <number> )"
    r" <unknown|in|courier|market>{1,4} [:—-]? $"
)
_COPULA = frozenset(("is", "это", "are", "was"))
_NAMED_BEHIND = re.compile(
    r"(?:\W{0,3}(?:это |- )?|[^.,!?\n]{0,32} это )"
    r"(?:артикул|арт(?!\w)|штрих-?код|ean(?!\w)|трек|серийн|imei|инн(?!\w)|парт-?номер|каталожн|"
    r"парти[яи]|номер (?:товара|издели|партии|накладн)|под (?:этим|таким) номером)"
)
_LABELLED_FAR = Phrase("<label|invoice> (?:<unknown|number-word|shop|person>|<in> <unknown|number-word>{1,2}) [:—-]* $")
_MEASURED = re.compile(r"\s*(?:руб|р\b|₽|шт|кг|грам|мм|см|мл|мб|вт\b|[кмг]?гц|мач|тыс|%|лет\b|дн[яе])")
_GLUED = re.compile(r"[0-9a-zа-я][-/]?\Z|\d[.,]\Z")
_ORDERED = re.compile(
    r"(?<!\w)(?:(?:order|part|model|item) (?:number|no|id|code|ref)(?: is)?|(?:your|the) order is|consignment note|"
    r"(?:код|номер|imei|штрих-?код) (?:товара|издели\w+|устройства|прибора|маркировки|упаковки|получения|отслеживания|"
    r"груза|паллет\w|карты лояльности|ттн)|"
    r"(?:артикул|серийник|трек|трек-номер) (?:без (?:пробелов|дефисов|тире)|слитно)|"
    r"[sp]/n|id|айди|платеж\w?|лицевой счет \w+|(?:накладная|трек) (?:сдэк|пэк|почты|cdek)|"
    r"(?:под|за|заказ\w* с) номером)\W{0,3}\Z|"
    r"(?<![^\W_])(?:чек|chek|order|receipt)_\Z"
)
_QUANTITY, _DECIMAL = r"(?:\d{1,3}[.,/]\d{1,3}|\d-\d(?=,))", r"\d{1,3}[.,]\d{1,2}"
_QUANTITIES = re.compile(
    rf"(?:{_QUANTITY}[\s;,]+(?:и )?){{2}}{_QUANTITY}(?!\d)|(?:{_DECIMAL} ?/ ?){{2}}{_DECIMAL}(?!\d)"
)
_FRACTION_MARKS = ["."], [","], ["/"]
_HOUR = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])")
_FEWEST_HOURS = 3
_MARKED = {sizes for sizes in USUAL if len(sizes) > 1} | {(4, 3, 4), (1,) * 11}
_LABEL_REACH = 8  # tokens
_FEWEST_LISTED, _FEWEST_COUNTED = 4, 3
_SHORTEST = 10


def is_own(digits: str, own_numbers: Collection[str]) -> bool:
    """Tell a number of the chat, also where only one of the two has its country code."""
    return digits in own_numbers or (
        len(digits) >= _SHORTEST and any(digits[-_SHORTEST:] == own[-_SHORTEST:] for own in own_numbers)
    )


def is_list(part: Run) -> bool:
    """Tell a list of like quantities (``42, 44, 46, 48, 50``), or one counted off, from the groups of a number."""
    if len(part.sizes) < _FEWEST_LISTED or max(part.sizes) == 1:
        return False
    values = [int(piece.digits) for piece in part.pieces]
    steps = {right - left for left, right in pairwise(values)}
    if len(set(part.sizes)) > 1:
        return len(steps) == 1 or _counts_off(values[::2]) or _counts_off(values[1::2])
    return min(steps) > 0 or max(steps) < 0


def _counts_off(values: list[int]) -> bool:
    return len(values) >= _FEWEST_COUNTED and values == [*range(values[0], values[0] + len(values))]


def is_decimals(part: Run, text: Text) -> bool:
    """Tell decimals or fractions in a row (``13,2 13,1 13,0``), which may go on behind what looks like a number."""
    mark = text.tokens[part.first + 1 : part.first + 2]
    if set(part.sizes) == {1} and len({*text.tokens[part.first + 1 : part.last : 2]}) == 1:
        return False  # the figures of a number, one by one
    return mark in _FRACTION_MARKS and _QUANTITIES.match(text.canon, text.spans[part.first][0]) is not None


def is_timetable(part: Run, text: Text) -> bool:
    """Tell hours in a row (``9:00, 11:30, 14:15``)."""
    if len(part.pieces) < _FEWEST_HOURS * 2 or ":" not in text.tokens[part.first : part.last]:
        return False
    hours = _HOUR.findall(text.canon, text.spans[part.first][0], text.spans[part.last - 1][1])
    return len(hours) >= _FEWEST_HOURS and len(hours) * 2 + 1 >= len(part.pieces)


def is_labelled(part: Run, text: Text, *, odd: bool) -> bool:
    """Tell the number of something else, or a measure; ``odd`` are groups that no phone is usually written in.

    To be asked where no words ``TO_CALL`` stand before it.
    """
    upto = part.first - (text.tokens[max(0, part.first - 1)] in _COPULA or _is_marked(part, text))
    line = text.line[max(0, upto - _LABEL_REACH) : upto]
    return (
        _LABELLED_BEHIND.said(text.line[part.last : part.last + 6])
        or is_named_behind(part, text)
        or is_labelled_before(upto, text)
        or (odd and _LABELLED_FAR.said(line))
        or (_NUMBER_OF.said(line) and text.tokens[upto - 1] not in lexicon().names)
        or _ORDERED.search(words_before(part, text)) is not None
        or is_measure(part, text)
    )


def _is_marked(part: Run, text: Text) -> bool:
    """Tell a mobile whose groups have a mark before each (``#8 #911 #204``), which then is the label of none."""
    if part.sizes not in _MARKED:
        return False
    between = text.tokens[part.pieces[0].last : part.pieces[1].first]
    return between[between[:1] == ["\n"] :] == text.tokens[part.first - 1 : part.first]


def is_named_behind(part: Run, text: Text) -> bool:
    """Tell whether it is said behind figures what else they are: ``это артикул``."""
    return _NAMED_BEHIND.match(text.canon, text.spans[part.last - 1][1]) is not None


def is_labelled_before(first: int, text: Text) -> bool:
    """Tell whether the name of something that has a number, or a sign for it, stands before token ``first``."""
    return _LABELLED.said(text.line[max(0, first - _LABEL_REACH) : first]) or text.tokens[first - 1 : first] == ["№"]


def is_size(part: Run, text: Text) -> bool:
    """Tell a size (``89х160х25х14х30``) from the groups of a phone, none of which begins with two figures."""
    between = {token for left, right in pairwise(part.pieces) for token in text.tokens[left.last : right.first]}
    return part.sizes[0] == OF_SIZE and len(between) == 1 and between <= SIZE_MARKS


def is_summed(part: Run, text: Text) -> bool:
    """Tell a sum: ``7 + 1``, ``8916 = 4 * 2229``."""
    within = text.tokens[part.first : part.last]
    return "+" in within or within.count("=") == 1


def is_measure(part: Run, text: Text) -> bool:
    """Tell whether a unit stands behind figures, or something they belong to before them."""
    end = text.spans[part.last - 1][1]
    filler, behind = (text.tokens[at : at + 1] for at in (part.pieces[0].last, part.last))
    if len(part.pieces) > 1 and filler == behind and ("".join(filler).isalpha() or filler == ["₽"]):
        return False  # the unit only parts the groups
    measured = _MEASURED.match(text.canon, end) is not None and not _is_dressed(part)
    return measured or is_glued(part.first, text)


def is_glued(first: int, text: Text) -> bool:
    """Tell whether token ``first`` only goes on a word or a number."""
    start = text.spans[first][0]
    return _GLUED.search(text.canon[max(0, start - 2) : start]) is not None


def _is_dressed(part: Run) -> bool:
    """Tell a phone that a unit behind it makes look like a sum, which would be parted by threes."""
    return MOBILE.fullmatch(part.digits) is not None and set(part.sizes[1:]) != {3}
