"""A phone strewn over one message: its groups on lines of their own, announced, or dressed as counts and prices."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, islice, pairwise

from rules.beside_figures import ANNOUNCED, NAMES_DIGITS, OF_CALLS_OR_NUMBERS, OF_CALLS_OR_PEOPLE
from rules.numerals import BEGINS_CODE, CODE, Piece, Run, joined
from rules.other_numbers import is_glued, is_labelled_before, is_own
from rules.text import Text
from rules.words import EMOJI, NUMBER_WORD, lexicon

FEWEST_FIGURES = 10
"""Figures of a mobile without its country code; fewer in all of a message are strewn into nothing."""

# 8|916|204|18|37 in the groups one says, a space between them, with or without the country; its last four stand in one
# or in pairs, which thousands (1 200) do not. 896|2417|0553 is how one tears it.
_MOBILE = re.compile(r"(?<!\S)(?=((?:[78] ?)?9 ?\d ?\d \d ?\d ?\d (?:\d ?\d \d ?\d|\d{4})|[78]9\d \d{4} \d{4})(?!\S))")
_SPARED = frozenset(("это", "середина"))
_UNIT = 3  # letters of the longest: a price may stand in the way of each group
_LONGEST_GROUP = 4
_COMPANY = re.compile(r"9\d\d")
_COUNTRY = "8"  # before a code that is told without it
_BORDERS = frozenset(f".!?;()\n{EMOJI}")
_ONE, _PAIR_ENDS = 1, 9  # figures behind which a group may end
_PAIRS = re.compile(r"\d\d-?\d\d")
_FEWEST_TORN = 3  # pieces that are each announced, which need no other hint
_MOST_APART = 24  # tokens from a group to the next
_CLAUSE_REACH, _MOST_INTRODUCING = 24, 4  # tokens of a clause on either side of a group, words that may introduce it
_MOST_PIECES, _MOST_MATCHES, _MOST_CANDIDATES = 600, 100, 20  # of one text; more are figures that mean nothing
_HOUR, _DATE = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d"), re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])")
_MOMENT_MARKS = [":"], ["."]
_COUNTED_OFF = re.compile(r"[:)—-]|(?:част|половин|кус|групп)\w*[:—-]?")
_ANNOUNCED_BEHIND = re.compile(r"[\s—-]{1,3}(?:это )?(?:начало|середина|конец|код(?!\w)|\w+ (?:част|половин|кусок))")


def strewn(text: Text) -> Sequence[Run]:
    """Give the groups of which a message makes one mobile; none where it makes none."""
    if not text.signs & BEGINS_CODE:
        return ()
    readings = chain.from_iterable(_mobiles(text, reading) for reading in _readings(text))
    mobiles = [*islice(readings, _MOST_CANDIDATES)]
    named = mobiles and (NAMES_DIGITS.search(text.canon) is not None or OF_CALLS_OR_PEOPLE.said(text.line))
    return next((groups for groups in mobiles if _is_meant(text, groups, named=bool(named))), ())


def _readings(text: Text) -> Iterator[list[Piece]]:
    """All figures; then without numbers in words, hours and dates; then without those that count the groups too."""
    pieces = text.pieces[:_MOST_PIECES]
    if not _may_make_mobile(pieces):
        return
    yield pieces
    moments = {*chain.from_iterable(two for two in pairwise(pieces) if _is_moment(text, *two))}
    told = [piece for piece in pieces if not piece.worded and piece not in moments]
    if len(told) < len(pieces):
        yield told
    counting = {left for left, right in pairwise(told) if len(left.digits) == 1 and _counts_off(text, left, right)}
    if counting:
        yield [piece for piece in told if piece not in counting]


def _may_make_mobile(pieces: list[Piece]) -> bool:
    """Tell whether figures enough stand from some code on in groups as short as a mobile's: a first look."""
    digits = [piece.digits for piece in pieces if len(piece.digits) <= _LONGEST_GROUP]
    begins = next((at for at, some in enumerate(digits) if CODE.fullmatch(some)), len(digits))
    return sum(map(len, digits[begins:])) >= FEWEST_FIGURES


def _is_moment(text: Text, piece: Piece, behind: Piece) -> bool:
    """Tell an hour (``19:30``) or a date (``21.05``) of two figures with one mark between."""
    between = text.tokens[piece.last : behind.first]
    if between not in _MOMENT_MARKS or len(piece.digits) > len(behind.digits):
        return False
    said = piece.digits + between[0] + behind.digits
    return (_HOUR.fullmatch(said) or _DATE.fullmatch(said)) is not None


def _counts_off(text: Text, piece: Piece, behind: Piece) -> bool:
    """Tell the figure that only numbers the next group: ``2) 774``, ``2 часть 774``, ``третий кусок: 3 - 15``."""
    return _COUNTED_OFF.fullmatch("".join(text.tokens[piece.last : behind.first])) is not None


def _mobiles(text: Text, pieces: list[Piece]) -> Iterator[list[Run]]:
    """Yield neighbours that make a mobile, as groups of which none goes on before it or behind it."""
    figures = " ".join(piece.digits for piece in pieces)
    for match in islice(_MOBILE.finditer(figures), _MOST_MATCHES):
        first = figures.count(" ", 0, match.start())
        some = pieces[first : first + match[1].count(" ") + 1]
        if _are_apart(some):
            around = _groups(text, pieces[max(0, first - 1) : first + len(some) + 1])
            groups = [group for group in around if some[0].first <= group.first and group.last <= some[-1].last]
            near = all(right.first - left.last <= _MOST_APART for left, right in pairwise(groups))
            if len(groups) > 1 and near and sum(len(group.pieces) for group in groups) == len(some):
                yield groups


def _are_apart(pieces: list[Piece]) -> bool:
    return any(left.last < right.first for left, right in pairwise(pieces))


def _groups(text: Text, pieces: list[Piece]) -> Iterator[Run]:
    """Put together what stands on one line with nothing of meaning between."""
    for group in joined(text.roles, pieces):
        begins = [
            0,
            *(at for at, two in enumerate(pairwise(group), 1) if "\n" in text.tokens[two[0].last : two[1].first]),
        ]
        yield from (Run.of(group[first:last]) for first, last in pairwise([*begins, len(group)]))


def _lacks_country(groups: list[Run]) -> bool:
    return groups[0].digits[0] == "9"


def _whole(groups: list[Run]) -> str:
    return _COUNTRY * _lacks_country(groups) + "".join(group.digits for group in groups)


def _cuts(groups: list[Run]) -> set[int]:
    """Behind how many figures of the whole mobile a piece ends."""
    return {*accumulate((size for group in groups for size in group.sizes), initial=int(_lacks_country(groups)))}


def _is_meant(text: Text, groups: list[Run], *, named: bool) -> bool:
    """Tell groups that are to be put together from counts, sizes and prices that happen to look so."""
    if _is_of_else(text, groups):
        return False
    times = sum(_is_announced(text, group) for group in groups)
    announced = times * 2 >= len(groups)
    if announced and (named or (times == len(groups) and sum(len(group.pieces) for group in groups) >= _FEWEST_TORN)):
        return True
    return not _lacks_country(groups) and _is_parted(text, groups, spoken_of=announced or named)


def _is_parted(text: Text, groups: list[Run], *, spoken_of: bool) -> bool:
    """Tell a mobile with its country that is parted where people part it, and by what is no list of other things."""
    cuts = _cuts(groups)
    if not cuts.isdisjoint((_ONE, _PAIR_ENDS)) and _are_alone(text, groups):
        return True
    if _PAIR_ENDS not in cuts:
        return False
    if _are_labelled(text, groups):
        return OF_CALLS_OR_NUMBERS.said(text.line)
    noughts = any(piece.digits[0] == "0" < piece.digits for group in groups for piece in group.pieces)
    return spoken_of or noughts or _ends_bare(text, groups[-1])


def _is_of_else(text: Text, groups: list[Run]) -> bool:
    """Tell the chat's own number, that of something else, and counts."""
    return (
        is_own(_whole(groups), text.own_numbers)
        or _is_labelled(text, groups[0])
        or any(is_glued(group.first, text) for group in groups)
        or _counts(text, groups)
    )


def _is_labelled(text: Text, group: Run) -> bool:
    """Tell the number of something else; ``код 916`` is that of a phone company."""
    of_company = _COMPANY.fullmatch(group.digits) and text.tokens[group.first - 1 : group.first] == ["код"]
    return not of_company and is_labelled_before(group.first, text)


def _are_labelled(text: Text, groups: list[Run]) -> bool:
    """Tell numbers of several things, each right behind its name: ``лист 8, болт 917-204, шаги 18-37``."""
    return all(group.first and _words(text, group.first - 1, group.first) for group in groups)


def _ends_bare(text: Text, group: Run) -> bool:
    """Tell the last four as they stand in a phone: two and two, and nothing behind that they could count."""
    together = "".join(text.tokens[group.first : group.last])
    behind = text.line[group.last : group.last + 1]
    return _PAIRS.fullmatch(together) is not None and (not behind or behind in _BORDERS)


def _counts(text: Text, groups: list[Run]) -> bool:
    """Tell counts of one thing, whose name stands behind several of them."""
    things = [token for group in groups for token in text.tokens[group.last : group.last + 1] if len(token) > _UNIT]
    return len(things) > len({*things})


def _is_announced(text: Text, group: Run) -> bool:
    first, _ = _clause(text.line, group, _BORDERS | {","})
    end = text.spans[group.last - 1][1]
    said = ANNOUNCED.findall(text.canon, text.spans[first][0], end)
    return any(word != "и" for word in said) or _ANNOUNCED_BEHIND.match(text.canon, end) is not None


def _are_alone(text: Text, groups: list[Run]) -> bool:
    """Tell whether each group has a line or a sentence for itself; the first may be introduced in a few words."""
    beside = [_words_beside(text, group) for group in groups]
    (introducing, _), *then = beside
    return (
        introducing <= _MOST_INTRODUCING
        and not any(before for before, _ in then)
        and not any(behind for _, behind in beside)
    )


def _words_beside(text: Text, group: Run) -> tuple[int, int]:
    """Count the words before and behind a group in its clause but for names and such as "then"."""
    first, last = _clause(text.line, group, _BORDERS)
    return _words(text, first, group.first), _words(text, group.last, last)


def _clause(line: str, group: Run, borders: frozenset[str]) -> tuple[int, int]:
    first, last = group.first, group.last
    while first > max(0, group.first - _CLAUSE_REACH) and line[first - 1] not in borders:
        first -= 1
    while last < min(len(line), group.last + _CLAUSE_REACH) and line[last] not in borders:
        last += 1
    return first, last


def _words(text: Text, first: int, last: int) -> int:
    return sum(
        token.isalpha() and sign != NUMBER_WORD and token not in _spared() and not ANNOUNCED.fullmatch(token)
        for token, sign in zip(text.tokens[first:last], text.line[first:last], strict=True)
    )


@cache
def _spared() -> frozenset[str]:
    """Give the words that may stand beside a group and tell nothing of it."""
    return lexicon().between | lexicon().names | _SPARED
