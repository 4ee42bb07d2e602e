"""A text and its readings: plain letters, words, the line of signs. Each is made once, when first asked for."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache, reduce
from itertools import accumulate, chain, pairwise
from operator import itemgetter, or_
from typing import NamedTuple

from rules.clues import clues
from rules.glued import SHORTEST_GLUED, parted
from rules.kept import KeptShort
from rules.letters import Folded, fold, small
from rules.numerals import (
    BEGINS_CODE,
    EVENLY_PARTED,
    FEWEST_FIGURES,
    ROMAN,
    SAYS_SPACE,
    Piece,
    Run,
    adding,
    begins_code,
    may_stand_within,
    most_figures,
    read_pieces,
    roles,
    runs,
)
from rules.torn import MARKED, marks_within_words, may_be_torn, names_in_pieces, put_together
from rules.words import FOUND, PIECE, SIGNS, bits, lexicon

# "e-mail" is one word; Chinese sets no spaces: the lexicon's words first, then character by character.
_TOKEN = re.compile(
    r"[^\W_㐀-鿿]+(?:['`@$€][^\W_㐀-鿿]+|-(?<=(?<!\w)[eе]-)[mм](?:[a-zа-я]|@(?=[a-zа-я]))+)*|\n|[^\w\s]|_|"
    rf"{'|'.join(lexicon().chinese)}|[㐀-鿿]"
)
_EXTENSION = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|heic|docx?|xlsx?|pptx?|txt|csv|zip|rar|mp[34]|mov|avi|vcf)\b", re.IGNORECASE
)
_FILE_NAME = re.compile(rf"\S{{1,120}}{_EXTENSION.pattern}", re.IGNORECASE)
_SPACE, _LONGEST_BEFORE = re.compile(r"\s"), 100  # characters of a file name before a place in it
_LONGEST_KEPT, _KEPT_ALIKE = 40, 1024
_AROUND, _FEWEST_PARTED = 16, 48
"""Stretches on either side of a clue in which lies all that it tells of; of a text that is not parted at most."""
_FEWEST_EVENLY_PARTED = 11
"""Figures of a number whose groups have one and the same word behind each."""


class _Stretch(NamedTuple):
    """What stands between two spaces: its tokens, None where it is one itself, a sign for each, the set of signs.

    ``roles`` is what each token may be within a number, ``figures`` how many it may stand for at most, ``parts``
    whether those before and behind it are two numbers.
    """

    tokens: list[str] | None
    line: str
    signs: int
    roles: str
    figures: int
    parts: bool


@lru_cache(maxsize=_KEPT_ALIKE)
def _alone(line: str, roles: str, told: int, figures: int) -> _Stretch:
    """Read a stretch that is one token: most are alike but for that, so they share what is known and little is kept."""
    return _Stretch(None, line, bits(line) | told, roles, figures, parts=not figures and not may_stand_within(roles))


def _read(stretch: str) -> _Stretch:
    found = _TOKEN.findall(stretch)
    tokens = [word for token in found for word in (parted(token) if len(token) >= SHORTEST_GLUED else (token,))]
    line, within = "".join(map(SIGNS.__getitem__, tokens)), roles(tokens)
    told, figured = clues(stretch, tokens), adding(tokens, within)
    figures = sum(map(most_figures, figured))
    if figures and any(map(begins_code, figured)):
        told |= BEGINS_CODE
    if not stretch.isalnum() and marks_within_words(stretch):
        told |= MARKED
    read = _alone(line, within, told, figures)
    return read if tokens == [stretch] else read._replace(tokens=tokens)


_STRETCHES = KeptShort(_read, longest=_LONGEST_KEPT)
"""Every stretch read so far, for shops repeat themselves; a long one is read anew each time."""
_LINE, _BITS, _ROLES, _FIGURES = map(itemgetter, range(1, 5))


class Text:
    """The original with its canonical views.

    ``canon`` is the plain text: small letters, no marks, no escapes; ``origin`` leads from it back to the original.
    ``tokens`` are its words and punctuation marks, ``spans`` their places in ``canon``, ``line`` one sign a token;
    ``signs`` is the set of those that occur (``words.bits``) and of clues. ``found`` is what the rules before found.
    """

    _tokens: list[str] | None = None
    _runs: tuple[Run, ...] | None = None
    _roles: str | None = None
    _pieces: list[Piece] | None = None
    _most_figures: int | None = None
    _all_figures: int | None = None

    def __init__(self, original: str, own_numbers: Collection[str] = ()) -> None:
        self.original = original
        self.own_numbers = own_numbers
        self.found: dict[str, list[tuple[int, int]]] = {}
        folded = fold(original)
        self._folded = folded
        self.canon = small(original) if folded is None else folded.text
        self._read()
        if may_be_torn(self.line, self.signs):
            self._mend()
        if PIECE in self.line:
            self._write(names_in_pieces(self.tokens, self.line))

    def _read(self) -> None:
        self._stretches = [*map(_STRETCHES.__getitem__, self.canon.split(" "))]
        self.line = "".join(map(_LINE, self._stretches))
        self.signs = reduce(or_, map(_BITS, self._stretches))

    @property
    def tokens(self) -> list[str]:
        """Words and punctuation marks."""
        if self._tokens is None:
            read = zip(self.canon.split(" "), self._stretches, strict=True)
            self._tokens = [
                *chain.from_iterable([(stretch,) if one.tokens is None else one.tokens for stretch, one in read])
            ]
        return self._tokens

    def _write(self, line: str) -> None:
        self.line = line
        self.signs |= bits({*line})

    def _mend(self) -> None:
        """Read anew what is torn, put together."""
        torn = self._folded or Folded.in_place(self.canon)
        whole = put_together(torn)
        if whole is not torn:
            self._folded, self.canon = whole, whole.text
            self._read()

    def note(self, rule: str, places: list[tuple[int, int]]) -> None:
        """Keep what a rule found for sure; a number or address also takes the place of its words in the line."""
        if not places:
            return
        self.found.setdefault(rule, []).extend(places)
        if sign := FOUND.get(rule):
            signs = list(self.line)
            for place in places:
                touched = self.touched(*place)
                signs[touched.start : touched.stop] = sign * len(touched)
            self._write("".join(signs))

    @property
    def is_plain(self) -> bool:
        """Whether small letters are all that parts ``canon`` from the original."""
        return self._folded is None

    @property
    def roles(self) -> str:
        """What each token may be within a number, a character each."""
        if self._roles is None:
            self._roles = "".join(map(_ROLES, self._stretches))
        return self._roles

    @property
    def pieces(self) -> list[Piece]:
        """All that may be figures, in order."""
        if self._pieces is None:
            self._pieces = read_pieces(self.tokens, self.line, self.roles)
        return self._pieces

    @property
    def runs(self) -> tuple[Run, ...]:
        """Figures that may be one number, however written; empty where the line holds too few."""
        if self._runs is None:
            self._runs = (
                tuple(runs(self.tokens, self.roles, self.pieces)) if self.most_figures >= FEWEST_FIGURES else ()
            )
        return self._runs

    @property
    def most_figures(self) -> int:
        """How many figures one number of the text may have at most; a first look, which costs less than ``runs``."""
        if self._most_figures is None:
            self._most_figures = self._figures_together()
        return self._most_figures

    @property
    def all_figures(self) -> int:
        """How many figures all of the text has at most."""
        if self._all_figures is None:
            self._all_figures = sum(map(_FIGURES, self._stretches))
        return self._all_figures

    def _figures_together(self) -> int:
        if self.signs & ROMAN:
            return len(self.canon)
        all_figures = self.all_figures
        if all_figures < FEWEST_FIGURES or self.signs & SAYS_SPACE:
            return all_figures
        if all_figures >= _FEWEST_EVENLY_PARTED and EVENLY_PARTED.search(self.line):
            return all_figures
        most = figures = 0
        for stretch in self._stretches:
            figures = 0 if stretch.parts else figures + stretch.figures
            if figures > most:
                most = figures
        return most

    def around(self, clues: int) -> list[tuple[int, int]]:
        """Give the parts of ``canon`` that lie within reach of a stretch with one of the clues; all of a short text."""
        if len(self._stretches) <= _FEWEST_PARTED:
            return [(0, len(self.canon))]
        if clues not in self._around:
            self._around[clues] = [*self._parts_around(clues)]
        return self._around[clues]

    def _parts_around(self, clues: int) -> Iterator[tuple[int, int]]:
        begins = self._begins
        held = [at for at, signs in enumerate(map(_BITS, self._stretches)) if signs & clues]
        far = [at for at, (here, then) in enumerate(pairwise(held), 1) if then - here > 2 * _AROUND]
        for first, last in pairwise([0, *far, len(held)] if held else ()):
            start, end = max(held[first] - _AROUND, 0), held[last - 1] + _AROUND + 1
            yield begins[start], begins[end] - 1 if end < len(begins) else len(self.canon)

    @cached_property
    def _around(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    @cached_property
    def _begins(self) -> list[int]:
        """Where each stretch begins in ``canon``."""
        return [*accumulate(map((1).__add__, map(len, self.canon.split(" "))), initial=0)][:-1]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The place of each token in ``canon``."""
        spans, at = [], 0
        for token in self.tokens:
            start = self.canon.index(token, at)
            at = start + len(token)
            spans.append((start, at))
        return spans

    @cached_property
    def _borders(self) -> tuple[list[int], list[int]]:
        """Where each token begins in the original, and where it ends."""
        starts, ends = [start for start, _ in self.spans], [end for _, end in self.spans]
        if self._folded is None:
            return starts, ends
        return [self._folded.starts[start] for start in starts], [self._folded.ends[end - 1] for end in ends]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Lead a stretch of ``canon`` (not empty) back to the original."""
        if self._folded is None:
            return start, end
        return self._folded.starts[start], self._folded.ends[end - 1]

    def file_name(self, start: int, end: int) -> tuple[int, int]:
        """Widen a place in the original to the file name it stands in; any other place stays as it is."""
        if not self._names_file:
            return start, end
        before = _SPACE.split(self.original[max(0, start - _LONGEST_BEFORE) : start])[-1]
        name = _FILE_NAME.match(self.original, start - len(before))
        return name.span() if name and name.end() >= end else (start, end)

    @cached_property
    def _names_file(self) -> bool:
        return _EXTENSION.search(self.original) is not None

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Lead tokens ``first`` up to, not including, ``last`` back to the original."""
        return self.origin(self.spans[first][0], self.spans[last - 1][1])

    def touched(self, start: int, end: int) -> range:
        """Give the tokens of which a stretch of the original holds a part."""
        starts, ends = self._borders
        return range(bisect_right(ends, start), bisect_left(starts, end))
