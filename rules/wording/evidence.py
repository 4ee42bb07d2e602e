"""Which words of a guilty message break the policy: each word is weighed with what stands around it.

The rules know that a message is guilty and about where; how far the guilty words reach is learned from marked messages.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain, compress, pairwise, repeat
from operator import attrgetter, sub
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

from rules.kept import Kept
from rules.text import Text
from rules.wording.features import EDGE, Kinds, Word, read, starts
from rules.wording.table import bucket, dumps, encoded, loads

LEARNED = "wording"
"""The id of the learned rule."""

BUCKETS = 1 << 16
"""Weights in the table."""

_REACH = 2
_NEAR_REACH = 1
_STEPS, _NEAR_STEPS = range(-_REACH, _REACH + 1), range(-_NEAR_REACH, _NEAR_REACH + 1)
_FARTHEST = 9
_LIFT_OF_UNSAID = 0.3
_COST_OF_BORDER, _COST_AT_MARK = 2.0, 1.4
_VIEW, _LONGEST = 30, 200
"""Tokens on either side of what was found that are weighed, for evidence reaches less far; tokens of a place at most:
who says so much without a full stop says nothing that could be underlined."""
_MOST_ENDS, _MOST_CLAUSES, _MOST_LENGTH, _WORDS_A_STEP = 3, 3, 6, 5
_BEFORE_STEMS = [crc32(f"w{step} ".encode()) for step in _STEPS]
_BORDERS = frozenset(".!?,;:\n()—-")
_EDGE = Word(EDGE, EDGE, "", "")
_NOBODY: frozenset[str] = frozenset()
_OPENING, _CLOSING = frozenset("+(@"), frozenset(")")

Chosen = tuple["Chosen", tuple[int, int]] | tuple[()]
"""Stretches, the last of them first: what was chosen before it, and where it stands."""

_NOTHING_CHOSEN: Chosen = ()

Told = TypeVar("Told")
Key = Any
"""What features come from: a word, names of neighbours, rules, surroundings."""


class Place(NamedTuple):
    """A stretch of the original text and the rule that found it."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is kept beside the weights.

    ``unit`` is the size of one step of a weight, ``bias`` the logit of a word of which nothing is known; ``data`` and
    ``rules`` are the hashes of what the weights were learned from.
    """

    unit: float
    bias: float
    data: str
    rules: str


class Marker:
    """Weights and settings; ``mark`` says which words of a guilty text are the guilty ones."""

    def __init__(self, settings: Settings, weights: bytes) -> None:
        self.settings = settings
        self._weights = array("b", weights)
        self._words: Kept[Word, tuple[int, ...]] = Kept(self._around)
        self._aspects: Kept[tuple[str, Kinds], list[int]] = Kept(
            lambda key: [self._weigh(partial(_of_aspects, step), key) for step in _STEPS]
        )
        self._tables = [Kept(partial(self._weigh, of)) for of in _READERS[len(_STEPS) :]]

    def _around(self, word: Word) -> tuple[int, ...]:
        """Weigh what a word tells of each of the words around it, and of itself."""
        stem, weights, aspects = encoded(word.stem), self._weights, self._aspects[word.name, word.kinds]
        told = zip(_BEFORE_STEMS, aspects, strict=True)
        return tuple([weights[crc32(stem, begun) % BUCKETS] + aspect for begun, aspect in told])

    def _weigh(self, of: Callable[[Key], list[str]], key: Key) -> int:
        return sum([self._weights[bucket(feature, BUCKETS)] for feature in of(key)])

    @classmethod
    def loads(cls, shipped: bytes) -> "Marker":
        """Read the data file."""
        settings, weights = loads(shipped)
        return cls(Settings(**settings), weights)

    def dumps(self) -> bytes:
        """Write the data file; the same weights give the same bytes."""
        return dumps(asdict(self.settings), self._weights.tobytes())

    def mark(self, text: Text, places: Sequence[Place], fixed: Sequence[Place] = ()) -> list[tuple[int, int]]:
        """Give the stretches of the original that a moderator would underline at ``places``, which the rules found.

        What lies far from all of them is not looked at, nor a place that is too long to be underlined. ``fixed`` are
        places that the rules found too, and that stay as they are.
        """
        views = _views((text.touched(place.start, place.end) for place in places), len(text.tokens))
        if not views:
            return []
        found = [*places, *fixed]
        # Where no rule says what is guilty, all words are less sure, and the likeliest would be too few.
        lift = 0.0 if any(place.rule != LEARNED for place in found) else _LIFT_OF_UNSAID
        layout = _layout(text, found)
        marked = [stretch for view in views for stretch in self._marked(text, layout, view, lift)]
        return [text.place(*_trimmed(text.tokens, first, last)) for first, last in marked]

    def _marked(self, text: Text, layout: "_Layout", view: slice, lift: float) -> Iterator[tuple[int, int]]:
        sums = map(sum, zip(*self._weighed(_columns(text, layout, view)), strict=False))
        bias, unit = self.settings.bias + lift, self.settings.unit
        for first, last in _likeliest([bias + unit * weight for weight in sums], _borders(text.tokens[view])):
            yield view.start + first, view.start + last

    def _weighed(self, columns: Sequence[Iterable[Key]]) -> Iterator[Iterable[int]]:
        """Give the weight of each key of each column; what a word tells of those around it is looked up once."""
        words, others = columns[0], columns[len(_STEPS) :]
        for begin, weights in enumerate(zip(*map(self._words.__getitem__, words), strict=True)):
            yield weights[begin:]
        for table, keys in zip(self._tables, others, strict=True):
            yield map(table.__getitem__, keys)


def _borders(tokens: Sequence[str]) -> list[float]:
    """Say what it costs that a stretch begins or ends before each token: less where a mark parts the words."""
    marks = [token in _BORDERS for token in tokens]
    return [_COST_AT_MARK if here or before else _COST_OF_BORDER for before, here in pairwise([False, *marks])]


def _likeliest(logits: Sequence[float], borders: Sequence[float]) -> list[tuple[int, int]]:
    """Give the stretches that are worth most together, less their borders (Viterbi): first token, one behind the last.

    ``outside`` and ``within`` are the most that can be had up to a token which is not marked, or is; to begin with the
    first token or end with the last costs nothing.
    """
    outside = within = 0.0
    begun, chosen, chosen_before = 0, _NOTHING_CHOSEN, _NOTHING_CHOSEN
    for at, (logit, border) in enumerate(zip(logits, borders, strict=True)):
        if outside - border > within:
            within, begun, chosen_before = outside - border, at, chosen
        elif within - border > outside:
            outside, chosen = within - border, (chosen_before, (begun, at))
        within += logit
    if within > outside:
        chosen = (chosen_before, (begun, len(logits)))
    stretches = []
    while chosen:
        chosen, stretch = chosen
        stretches.append(stretch)
    return stretches[::-1]


def _trimmed(tokens: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Leave out the marks around the words; ``last`` is the token behind them."""
    while first < last - 1 and not tokens[first].isalnum() and tokens[first] not in _OPENING:
        first += 1
    while last - 1 > first and not tokens[last - 1].isalnum() and tokens[last - 1] not in _CLOSING:
        last -= 1
    return first, last


def features(text: Text, places: Sequence[Place]) -> Iterator[list[str]]:
    """Give the features of each token: the words around it, and how it lies to what the rules found."""
    for keys in zip(*_columns(text, _layout(text, places), slice(0, len(text.tokens))), strict=False):
        yield [feature for of, key in zip(_READERS, keys, strict=True) for feature in of(key)]


def _columns(text: Text, layout: "_Layout", view: slice) -> list[Iterable[Key]]:
    """Give for each of ``_READERS`` what it reads, a key a token in view; what is behind the last counts nothing."""
    words = [*repeat(_EDGE, _REACH), *read(text, view), *repeat(_EDGE, _REACH)]
    names = [word.name for word in words[_REACH - 1 :]]
    beside = [*repeat(_NOBODY, _NEAR_REACH), *layout.finders[view], *repeat(_NOBODY, _NEAR_REACH)]
    return [
        *(words[_REACH + step :] for step in _STEPS),
        zip(names, names[1:], names[2:], strict=False),
        *(beside[_NEAR_REACH + step :] for step in _NEAR_STEPS),
        zip(*_surroundings(layout, view), strict=False),
    ]


class _Layout(NamedTuple):
    """What the whole text tells of each token: which rules found it, and where else they found something.

    ``near`` says whether they did in the part of a sentence before the token's, in its own and in the one behind,
    ``in_clause`` whether they did in its sentence; ``size`` is how much the text says.
    """

    finders: Sequence[frozenset[str]]
    near: Sequence[tuple[bool, bool, bool]]
    in_clause: Sequence[bool]
    size: str


def _layout(text: Text, places: Sequence[Place]) -> _Layout:
    finders, size, begins = _finders(text, places), len(text.tokens), starts(text)
    parts = [0, *compress(range(size), map(_BORDERS.__contains__, text.tokens)), size]
    clauses = [*begins, size]
    found, in_clause = _with_found(parts, finders), _with_found(clauses, finders)
    near = zip([False, *found[:-1]], found, [*found[1:], False], strict=True)
    said = f"size {min(len(begins), _MOST_CLAUSES)} {min(size // _WORDS_A_STEP, _MOST_LENGTH)}"
    return _Layout(finders, _each(parts, near), _each(clauses, in_clause), said)


def _with_found(borders: Sequence[int], finders: Sequence[frozenset[str]]) -> list[bool]:
    """Say of each stretch between two borders whether a token of it was found."""
    return [any(finders[first:last]) for first, last in pairwise(borders)]


def _each(borders: Sequence[int], told: Iterable[Told]) -> list[Told]:
    """Say of each token what is told of the stretch that it lies in."""
    return [*chain.from_iterable(map(repeat, told, map(sub, borders[1:], borders)))]


def _views(found: Iterable[range], size: int) -> list[slice]:
    """Give the tokens that lie near what was found, those that meet together."""
    views: list[slice] = []
    for place in sorted((place for place in found if 0 < len(place) <= _LONGEST), key=attrgetter("start")):
        first, last = max(place.start - _VIEW, 0), min(place.stop + _VIEW, size)
        if views and first <= views[-1].stop:
            before = views.pop()
            first, last = before.start, max(before.stop, last)
        views.append(slice(first, last))
    return views


def _finders(text: Text, places: Sequence[Place]) -> list[frozenset[str]]:
    """Say of each token which rules found it."""
    finders = [_NOBODY] * len(text.tokens)
    for place in places:
        finder = frozenset([place.rule])
        for at in text.touched(place.start, place.end):
            finders[at] = finders[at] | finder if finders[at] else finder
    return finders


def _of_word(step: int, word: Word) -> list[str]:
    return [f"w{step} {word.stem}", *_of_aspects(step, (word.name, word.kinds))]


def _of_aspects(step: int, aspects: tuple[str, Kinds]) -> list[str]:
    name, kinds = aspects
    return [f"n{step} {name}", *(f"k{step} {kind}" for kind in kinds.split() if abs(step) <= _NEAR_REACH)]


def _of_names(names: tuple[str, str, str]) -> list[str]:
    before, name, behind = names
    return [f"before {before} {name}", f"behind {name} {behind}"]


def _of_finders(step: int, rules: frozenset[str]) -> list[str]:
    return [f"r{step} {rule}" for rule in sorted(rules)]


def _of_surroundings(surroundings: tuple[Any, ...]) -> list[str]:
    near, found, in_clause, since, until, begin, end, size = surroundings
    return [
        f"part {[*near]} {found}",
        f"clause {in_clause}",
        f"since {since}",
        f"until {until}",
        f"begin {begin}",
        f"end {end}",
        size,
    ]


_READERS: tuple[Callable[[Key], list[str]], ...] = (
    *(partial(_of_word, step) for step in _STEPS),
    _of_names,
    *(partial(_of_finders, step) for step in _NEAR_STEPS),
    _of_surroundings,
)
"""What gives a token's features, from one key each."""


def _surroundings(layout: _Layout, view: slice) -> tuple[Iterable[object], ...]:
    """Say of each token in which part of a sentence it lies, how far from what was found, how near to the ends."""
    found = [*map(bool, layout.finders[view])]
    places = range(len(layout.finders))
    return (
        layout.near[view],
        found,
        layout.in_clause[view],
        _distances(found),
        reversed(_distances(found[::-1])),
        map(min, places[view], repeat(_MOST_ENDS)),
        map(min, places[::-1][view], repeat(_MOST_ENDS)),
        repeat(layout.size),
    )


def _distances(found: Sequence[bool]) -> list[int]:
    """Count the tokens since one that was found, up to a most."""
    since = _FARTHEST
    return [since := 0 if here else since + (since < _FARTHEST) for here in found]
