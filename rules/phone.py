"""Phone numbers of any country, however they are written."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, groupby, islice, pairwise
from operator import attrgetter, lt

from rules import strewn
from rules.beside_figures import OF_CALLS_OR_PEOPLE, TO_BOOK, TO_CALL, words_before
from rules.finding import Category
from rules.local_number import SAYS_EXTENSION, extensions, is_local, may_be_local
from rules.numbering import (
    ABROAD,
    AMERICAN,
    CHINESE,
    CITY,
    LIKELY,
    LONG,
    LONGEST,
    MOBILE,
    OF_AMERICAN,
    OF_CITY,
    OF_UZBEK,
    RUSSIAN,
    SAID,
    SHORTEST,
    TRUNK,
    USUAL,
    UZBEK,
    WITH_CODE,
    ends_code,
    is_shaped,
)
from rules.numerals import FEWEST_FIGURES, ROMAN, Piece, Run
from rules.other_numbers import (
    is_decimals,
    is_labelled,
    is_list,
    is_own,
    is_size,
    is_summed,
    is_timetable,
)
from rules.phrase import Phrase
from rules.rule import FORM, MOST_HITS, Hit, Rule, Words
from rules.text import Text
from rules.told_in_two import SAYS_FRONT, told_in_two
from rules.words import MIXED, NUMBER_WORD, bits, lexicon

_VANITY = re.compile(r"(?<!\w)(?:(?:\+?7|8)[ (-]*800[)-][ )-]*+|(?:\+?7|8)[ (-]+800 )(?!\d)[\w-]{5,12}")
_BACKWARDS = re.compile(
    r"справа налево|наоборот|задом на ?перед|с (?:конца|хвоста)|перев[её]рн|обратном порядке|реверс|зеркально|"
    r"backwards|reverse|naoborot|zadom na ?pered|s konca"
)
_JOINED = re.compile(
    r"(?<!\w)(?:без|вместо|убер\w+|убр\w+|удал\w+|сотр\w+|игнорир\w+|пропуст\w+) (?:все |этих |лишни\w+ )?"
    r"(?:пробел|точ[ек]|звезд|букв|тире|дефис|черт|знак|смайл)|(?<!\w)(?:слитно|склей|соедин|без пробелов)"
)

_KIN = 8  # first figures that numbers of a kind share
_SUMS = (3, 4, 3)  # rather 900, then 1200, then 350
_FEWEST_NAMED_MARKS = 2
_SIGNED_BY, _BESIDE_SIGNED = 3, 10  # words, and tokens at all, beside a number that is the rest of a message
_FEWEST_FIGURES = 9  # of what nobody needs to call a phone
_MOST_PIECES = 60  # of a text among which numbers of all kinds are looked for; no chat has seen so many
_MOBILES = re.compile(r"(?=([78]9\d{9}|9\d{9}))")

_DENIED = Phrase("<not>")
_DIALLED = Phrase("<call|call-en|dial|messenger|phone-emoji>")
_MARK = re.compile(
    "дефис|тире|точ[кеч]|скоб|черт|палоч|сл[еэ]ш|пробел|минус|плюс|подчерк|нижн|звезд|решет|крапк|"
    "dash|dot|slash|hyphen|space|hash|star|comma|bracket"
)
_ANNOUNCED = Phrase(
    r"<call|call-en|calling|dial|phone-emoji|reach|write|texting|messenger|maybe-messenger>"
    r" <in|us|number|person|please>{0,3} [:.-]? $ | "
    r"<our> <number|phone>? <unknown>? [:—-]? $ | <phone> : $"
)
_WORD_GLUED = re.compile(r"\d[^\W\d_]{3}|[^\W\d_]{3}\d")
_KEEP = re.compile(r"(?<!\w)(?:сохран|запиш|записыв|запомн|вбей|забей|если что)\w*[\s:,—-]{1,3}\Z")
_CALLED_BEHIND = Phrase(r"^ [.-]? <please>? <call|call-en|dial|texting|messenger>")
_NUMBERED, _NUMBERED_GOODS = Phrase("<number> [:—-]? $"), Phrase("<thing|label|feature|refund|courier|market>")
_BEFORE, _AFTER = 8, 5
_STREWN, _LOCAL = 0.85, 0.8
_MARKS = frozenset(":,—-")
_FIRST, _LAST, _WORDED = map(attrgetter, ("first", "last", "worded"))
_PLUS = frozenset(("+", "плюс", "plus", "плюсик"))


def _find(text: Text) -> Iterable[Hit]:
    numbers = [*_vanity(text)] if "800" in text.canon else []
    if _may_hold_number(text):
        numbers += islice(_numbers(text), MOST_HITS)
    if not numbers and text.all_figures >= strewn.FEWEST_FIGURES:
        numbers += [Hit(*_place(group, text), _STREWN) for group in _torn(text)]
    if text.signs & SAYS_EXTENSION:
        numbers += (Hit(*text.origin(*place), _LOCAL) for place in extensions(text))
    return numbers


def _torn(text: Text) -> Iterable[Run]:
    """Give the pieces of numbers between which words stand."""
    in_two = [*islice(told_in_two(text), MOST_HITS)] if text.signs & SAYS_FRONT else []
    return in_two or strewn.strewn(text)


def _may_hold_number(text: Text) -> bool:
    """Tell whether some figures may be as many as a phone has; what costs more is asked of fewer texts."""
    if text.signs & ROMAN:
        return True
    figures = text.all_figures
    if figures >= _FEWEST_FIGURES and text.most_figures >= _FEWEST_FIGURES:
        return True
    return figures >= FEWEST_FIGURES and may_be_local(text) and text.most_figures >= FEWEST_FIGURES


def _vanity(text: Text) -> Iterator[Hit]:
    return (Hit(*text.origin(*match.span())) for match in _VANITY.finditer(text.canon))


def _numbers(text: Text) -> Iterator[Hit]:
    """Find phones but those that go on a list of other numbers, of which only the first is labelled."""
    refused: Run | None = None
    for part, confidence in _judged(text):
        if confidence:
            if not refused or not _is_of_kin(part, refused, text):
                yield Hit(*_place(part, text), confidence)
        elif SHORTEST <= len(part.digits) <= LONGEST and (not refused or refused.last <= part.first):
            refused = part


def _judged(text: Text) -> Iterator[tuple[Run, float]]:
    """Say of all that may be a whole number, but what a phone before it holds, how surely it is one."""
    phone: Run | None = None
    for part in _parts(text):
        if not phone or not phone.first <= part.first < phone.last:
            confidence = _confidence(part, text)
            phone = part if confidence else phone
            yield part, confidence


def _is_of_kin(part: Run, before: Run, text: Text) -> bool:
    """Tell a number that differs in its end from one that is labelled: ``детали 8-917-204-18-37, 8-917-204-18-38``."""
    return (
        part.digits != before.digits
        and part.sizes == before.sizes
        and part.digits[:_KIN] == before.digits[:_KIN]
        and is_labelled(before, text, odd=False)
    )


def _parts(text: Text) -> Iterator[Run]:
    """Give all that may be a whole number, in order: behind more figures than mean anything only what likely is."""
    left = _MOST_PIECES
    for run in text.runs:
        yield run
        if len(run.pieces) > 1 and len(run.digits) > SHORTEST:
            ends = [*accumulate(run.sizes, initial=0)]
            yield from _stretches(run, ends, left)
            if left < len(run.pieces):
                yield from _mobiles(run, ends, left, text)
            left = max(0, left - len(run.pieces))


def _stretches(run: Run, ends: list[int], upto: int) -> Iterator[Run]:
    """Yield the stretches of a run that look like a whole number between others, of those that begin before a piece.

    Figures that only a space parts from others are a number only in groups that one usually writes.
    """
    pieces, sizes = run.pieces, run.sizes
    # Where more than a space parts the pieces: before the first, between two, behind the last.
    apart = [True, *map(lt, map(_LAST, pieces), map(_FIRST, pieces[1:])), True]
    for first in range(min(upto, len(pieces))):
        shortest = bisect_left(ends, ends[first] + SHORTEST, first)
        for last in range(shortest, bisect_right(ends, ends[first] + LONGEST, shortest)):
            if last - first < len(pieces) and ((apart[first] and apart[last]) or sizes[first:last] in USUAL):
                yield _cut(run, ends, first, last)


def _mobiles(run: Run, ends: list[int], since: int, text: Text) -> Iterator[Run]:
    """Yield, from a piece on, mobiles with a line for themselves, or in the groups that one usually writes."""
    at = {end: last for last, end in enumerate(ends)}
    for match in _MOBILES.finditer(run.digits, ends[since]):
        first, last = at.get(match.start()), at.get(match.end(1))
        if first is not None and last and (run.sizes[first:last] in USUAL or _is_line(run.pieces, first, last, text)):
            yield _cut(run, ends, first, last)


def _is_line(pieces: tuple[Piece, ...], first: int, last: int, text: Text) -> bool:
    """Tell whether lines end before and behind some pieces."""
    return (first == 0 or "\n" in text.tokens[pieces[first - 1].last : pieces[first].first]) and (
        last == len(pieces) or "\n" in text.tokens[pieces[last - 1].last : pieces[last].first]
    )


def _cut(run: Run, ends: list[int], first: int, last: int) -> Run:
    return Run(run.pieces[first:last], run.digits[ends[first] : ends[last]], run.sizes[first:last])


def _confidence(part: Run, text: Text) -> float:
    """How surely the figures are a phone; 0 for no phone."""
    digits = part.digits
    if text.own_numbers and is_own(digits, text.own_numbers):
        return 0.0
    plus = _plus(part, text)
    if not plus and not LIKELY.fullmatch(digits):
        return _LOCAL if is_local(part, text) else 0.0
    if is_summed(part, text) and not _as_said(part):
        return 0.0
    if is_list(part) or is_size(part, text) or is_timetable(part, text) or is_decimals(part, text):
        return 0.0
    if plus:
        whole = 10 <= len(digits) <= 15 and (part.sizes[0] != LONG or RUSSIAN.fullmatch(digits))
        return 0.97 if whole else 0.0
    shaped = is_shaped(part.sizes) or _has_named_marks(part, text) or _is_partly_said(part, text)
    mobile = RUSSIAN.fullmatch(digits) or MOBILE.fullmatch(digits)
    if not shaped and not (mobile and (_is_called(part, text) or _asks_to_join(text.canon))):
        return 0.0
    confidence = _by_country(digits, part, text) or (_LOCAL if is_local(part, text) else 0.0)
    return 0.0 if confidence and _is_of_else(part, text) else confidence


def _is_of_else(part: Run, text: Text) -> bool:
    """Tell the number of something else; a mobile that one is told to dial is none."""
    return (
        not _is_to_call(part, text)
        and is_labelled(part, text, odd=part.sizes not in USUAL)
        and not (RUSSIAN.fullmatch(part.digits) is not None and _is_dialled(text.line))
    )


def _by_country(digits: str, part: Run, text: Text) -> float:
    if RUSSIAN.fullmatch(digits) or (RUSSIAN.fullmatch(digits[::-1]) and _read_backwards(text.canon)):
        return 0.96
    bracket = _has_code_in_brackets(part, text)
    if ABROAD.fullmatch(digits) and (len(part.sizes) > 2 or _is_meant(part, text)):
        return 0.9
    if MOBILE.fullmatch(digits):
        grouped = part.sizes[0] == 3 and len(part.sizes) > 2 and part.sizes != _SUMS
        meant = grouped or bracket or set(part.sizes) == {1} or _bare_number(part, text) or _is_meant(part, text)
        return 0.9 if meant or _is_announced(part, text) or _is_to_keep(part, text) else 0.0
    if TRUNK.fullmatch(digits) and (bracket or _is_meant(part, text)):
        return 0.85
    if UZBEK.fullmatch(digits) and part.sizes == OF_UZBEK and (bracket or _is_signed(part, text)):
        return 0.85
    if CITY.fullmatch(digits) and (bracket or _is_of_city(part, text) or _is_meant(part, text)):
        return 0.9
    if AMERICAN.fullmatch(digits) and (_is_announced(part, text) or (bracket and part.sizes in OF_AMERICAN)):
        return 0.85
    if WITH_CODE.fullmatch(digits):
        return 0.9 if ends_code(digits, part.sizes) or _is_meant(part, text) else 0.0
    return 0.9 if CHINESE.fullmatch(digits) and (not text.canon.isascii() or _is_meant(part, text)) else 0.0


def _is_meant(part: Run, text: Text) -> bool:
    """Tell by the words beside figures, or by figures said in words, that they are a phone."""
    worded = sum(map(_WORDED, part.pieces)) * 2 > len(part.pieces)
    return worded or _is_called(part, text) or _is_signed(part, text) or _is_to_call(part, text)


def _is_called(part: Run, text: Text) -> bool:
    beside = slice(max(0, part.first - _BEFORE), part.last + _AFTER)
    said = OF_CALLS_OR_PEOPLE.may_be_said(text.signs) and OF_CALLS_OR_PEOPLE.said(text.line[beside])
    return said or _is_by_name(part, text)


def _is_to_call(part: Run, text: Text) -> bool:
    return TO_CALL.search(words_before(part, text)) is not None


def _has_code_in_brackets(part: Run, text: Text) -> bool:
    """Tell ``(063) 774-20-81`` and ``0 (63) 774-20-81`` from a number that stands in brackets as a whole."""
    opens = part.first + 1 if part.sizes[0] == 1 else part.first - 1
    return len(part.sizes) > 1 and text.tokens[max(0, opens)] == "("


def _is_of_city(part: Run, text: Text) -> bool:
    """Tell ``3852 20-14-77``, with the town's code, behind what one calls for or where no goods are spoken of."""
    if part.sizes not in OF_CITY:
        return False
    behind_code, *between = (text.tokens[left.last : right.first] for left, right in pairwise(part.pieces))
    if (behind_code and "код" not in behind_code) or between != [["-"], ["-"]]:
        return False
    return TO_BOOK.search(words_before(part, text)) is not None or not _speaks_of_goods(text.line)


def _has_named_marks(part: Run, text: Text) -> bool:
    """Tell whether the marks between the groups are said in words, so that the groups may be any (``дефис``)."""
    between = (text.tokens[left.last : right.first] for left, right in pairwise(part.pieces))
    return sum(any(map(_MARK.match, marks)) for marks in between) >= _FEWEST_NAMED_MARKS


def _is_partly_said(part: Run, text: Text) -> bool:
    """Tell a mobile with words among its figures: glued to others, or a group in figures said one by one."""
    if RUSSIAN.fullmatch(part.digits) is None:
        return False
    return any(_WORD_GLUED.search(text.tokens[piece.first]) for piece in part.pieces) or is_shaped(
        (*_said_sizes(part),)
    )


def _said_sizes(part: Run) -> Iterator[int]:
    """Give the sizes of groups, those in words that stand beside each other as one: ``8903771-ноль два-46``."""
    for worded, some in groupby(part.pieces, _WORDED):
        sizes = (len(piece.digits) for piece in some)
        yield from (sum(sizes),) if worded else sizes


def _is_signed(part: Run, text: Text) -> bool:
    """Tell whether the figures and a name, with a word or two beside it, are the whole message."""
    if len(text.tokens) - part.last + part.first > _BESIDE_SIGNED:
        return False
    before, behind = text.tokens[: part.first], text.tokens[part.last :]
    words = [token for token in (*before, *behind) if token.isalnum()]
    if not 0 < len(words) <= _SIGNED_BY or _speaks_of_goods(text.line) or "," in before:
        return False
    return not lexicon().names.isdisjoint(words)


def _is_by_name(part: Run, text: Text) -> bool:
    """Tell groups right behind a name: ``Вова 8911-2041-837``, ``Ирина: 4812 20-41-83``."""
    before = [token for token in text.tokens[max(0, part.first - 2) : part.first] if token not in _MARKS]
    return len(part.sizes) > 2 and bool(before) and before[-1] in lexicon().names


def _bare_number(part: Run, text: Text) -> bool:
    """Tell whether figures are called a number in a text that speaks of nothing else with a number."""
    return _NUMBERED.said(text.line[max(0, part.first - 3) : part.first]) and not _speaks_of_goods(text.line)


# What a whole text says is asked of each of its numbers.


@lru_cache(maxsize=8)
def _is_dialled(line: str) -> bool:
    return _DIALLED.said(line) and not _DENIED.said(line)


@lru_cache(maxsize=8)
def _speaks_of_goods(line: str) -> bool:
    return _NUMBERED_GOODS.said(line)


def _is_announced(part: Run, text: Text) -> bool:
    """Tell whether the words next to figures say to call or write to them."""
    return _ANNOUNCED.said(text.line[max(0, part.first - 7) : part.first]) or _CALLED_BEHIND.said(
        text.line[part.last : part.last + 4]
    )


def _is_to_keep(part: Run, text: Text) -> bool:
    """Tell figures that the buyer is to note down."""
    return _KEEP.search(words_before(part, text)) is not None


@lru_cache(maxsize=8)
def _asks_to_join(canon: str) -> bool:
    """Tell a text that tells to leave out what stands between, so that the groups may be any."""
    return _JOINED.search(canon) is not None


@lru_cache(maxsize=8)
def _read_backwards(canon: str) -> bool:
    return _BACKWARDS.search(canon) is not None


def _as_said(part: Run) -> bool:
    """Tell a mobile in the very groups that people say it in, whatever is put between."""
    return part.sizes == SAID and part.digits[1] == "9"


def _plus(part: Run, text: Text) -> bool:
    before = text.tokens[max(0, part.first - 2) : part.first]
    return bool(before) and (before[-1] in _PLUS or before == ["+", "("])


def _place(part: Run, text: Text) -> tuple[int, int]:
    first = part.first
    while first > 0 and (text.tokens[first - 1] == "(" or text.tokens[first - 1] in _PLUS):
        first -= 1
    return text.file_name(*text.place(first, part.last))


RULE = Rule(
    id="phone",
    category=Category.CONTACT_OFFER,
    stage=FORM,
    summary=Words("Телефон, как бы он ни был записан", "A phone number, however it is written"),
    policy="Не присылайте покупателям свои контакты",
    reason=Words("В сообщении есть номер телефона.", "The message holds a phone number."),
    hint=Words(
        "Отвечайте в этом чате: «Напишите нам здесь, ответим».",
        "Answer in this chat instead.",
    ),
    needs=bits(f"123456789{NUMBER_WORD}{MIXED}") | ROMAN,
    find=_find,
)
