"""Which words of a guilty message break the policy: each word is weighed with what stands around it.

The rules know that a message is guilty and about where; how far the guilty words reach is learned from marked messages.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from rules.text import Text
from rules.wording.features import EDGE, Word, clauses, read
from rules.wording.table import Weighed, bucket, dumps, loads

BUCKETS = 1 << 16
"""Weights in the table."""

_REACH = 2
_NEAR_REACH = 1
_GAP = 3
_FARTHEST = 9
_MOST_ENDS, _MOST_CLAUSES, _MOST_LENGTH, _WORDS_A_STEP = 3, 3, 6, 5
_BORDERS = frozenset(".!?,;:\n()—-")
_OPENING, _CLOSING = frozenset("+(@"), frozenset(")")


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
        self._weights = memoryview(weights).cast("b")
        self._weighed: Weighed[str, int] = Weighed(lambda feature: self._weights[bucket(feature, BUCKETS)])

    @classmethod
    def loads(cls, shipped: bytes) -> "Marker":
        """Read the data file."""
        settings, weights = loads(shipped)
        return cls(Settings(**settings), weights)

    def dumps(self) -> bytes:
        """Write the data file; the same weights give the same bytes."""
        return dumps(asdict(self.settings), bytes(self._weights.cast("B")))

    def mark(self, text: Text, places: Sequence[Place]) -> list[tuple[int, int]]:
        """Give the stretches of the original that a moderator would underline; ``places`` are what the rules found."""
        guilty = [at for at, found in enumerate(features(text, places)) if self._logit(found) > 0]
        runs: list[list[int]] = []
        for at in guilty:
            if runs and at - runs[-1][-1] <= _GAP + 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        return [text.place(*_trimmed(text.tokens, run[0], run[-1])) for run in runs]

    def _logit(self, found: Sequence[str]) -> float:
        return self.settings.bias + self.settings.unit * sum(map(self._weighed.__getitem__, found))


def _trimmed(tokens: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Leave out the marks around the words; gives the first token and the one behind the last."""
    while first < last and not tokens[first].isalnum() and tokens[first] not in _OPENING:
        first += 1
    while last > first and not tokens[last].isalnum() and tokens[last] not in _CLOSING:
        last -= 1
    return first, last + 1


def features(text: Text, places: Sequence[Place]) -> Iterator[list[str]]:
    """Give the features of each token: the words around it, and how it lies to what the rules found."""
    words = [*map(read, text.tokens, text.line)]
    finders = _finders(text, places)
    around = _Around(text, finders)
    for at in range(len(words)):
        yield [*_of_words(words, at), *_of_finders(finders, at), *around.of(at)]


def _finders(text: Text, places: Sequence[Place]) -> list[frozenset[str]]:
    """Say of each token which rules found it."""
    spans = [text.origin(*span) for span in text.spans]
    return [
        frozenset(place.rule for place in places if start < place.end and end > place.start) for start, end in spans
    ]


def _of_words(words: Sequence[Word], at: int) -> Iterator[str]:
    names = {step: _name(words, at + step) for step in range(-_REACH, _REACH + 1)}
    for step, name in names.items():
        yield f"w{step} {words[at + step].stem if name is not EDGE else EDGE}"
        yield f"n{step} {name}"
    yield f"before {names[-1]} {names[0]}"
    yield f"behind {names[0]} {names[1]}"
    for step in range(-_NEAR_REACH, _NEAR_REACH + 1):
        if names[step] is not EDGE:
            yield from (f"k{step} {kind}" for kind in words[at + step].kinds)


def _name(words: Sequence[Word], at: int) -> str:
    return words[at].name if 0 <= at < len(words) else EDGE


def _of_finders(finders: Sequence[frozenset[str]], at: int) -> Iterator[str]:
    for step in range(-_NEAR_REACH, _NEAR_REACH + 1):
        if 0 <= at + step < len(finders):
            yield from (f"r{step} {rule}" for rule in sorted(finders[at + step]))


class _Around:
    """Where each token lies: in which part of a sentence, how far from what was found, how near to the ends."""

    def __init__(self, text: Text, finders: Sequence[frozenset[str]]) -> None:
        self._found = [*map(bool, finders)]
        self._parts = _numbered(token in _BORDERS for token in text.tokens)
        borders = {clause.first for clause in clauses(text)}
        self._clauses = _numbered(at in borders for at in range(len(finders)))
        self._found_parts = self._with_found(self._parts)
        self._found_clauses = self._with_found(self._clauses)
        self._since = _distances(self._found)
        self._until = _distances(self._found[::-1])[::-1]
        count = self._clauses[-1] if self._clauses else 0
        self._size = f"size {min(count, _MOST_CLAUSES)} {min(len(finders) // _WORDS_A_STEP, _MOST_LENGTH)}"

    def _with_found(self, numbers: Sequence[int]) -> frozenset[int]:
        return frozenset(number for number, found in zip(numbers, self._found, strict=True) if found)

    def of(self, at: int) -> list[str]:
        """Give the features of the token at ``at``."""
        part = self._parts[at]
        near = [one in self._found_parts for one in (part - 1, part, part + 1)]
        return [
            f"part {near} {self._found[at]}",
            f"clause {self._clauses[at] in self._found_clauses}",
            f"since {self._since[at]}",
            f"until {self._until[at]}",
            f"begin {min(at, _MOST_ENDS)}",
            f"end {min(len(self._found) - 1 - at, _MOST_ENDS)}",
            self._size,
        ]


def _numbered(begins: Iterable[bool]) -> list[int]:
    """Number stretches, given where each begins."""
    number, numbers = 0, []
    for begin in begins:
        number += begin
        numbers.append(number)
    return numbers


def _distances(found: Sequence[bool]) -> list[int]:
    """Count the tokens since one that was found, up to a most."""
    distance, distances = _FARTHEST, []
    for here in found:
        distance = 0 if here else min(distance + 1, _FARTHEST)
        distances.append(distance)
    return distances
