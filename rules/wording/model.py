"""The model: weights of hashed features, and what they say of a text."""

import json
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple, TypeVar
from zlib import crc32

from rules.finding import Category
from rules.wording.features import (
    Clause,
    Features,
    Kinds,
    Word,
    near,
    neighbours,
    of_near,
    of_neighbours,
    of_pair,
    of_word,
    pairs,
)

Key = TypeVar("Key", bound=Hashable)

BUCKETS = 1 << 18
"""Weights in the table; features that share one are told apart by nothing."""

_CACHED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is kept beside the weights.

    ``unit`` is the size of one step of a weight, ``bias`` the logit of no words at all; ``slope`` and ``offset`` turn a
    score into the logit of a probability, ``threshold`` is the probability from which a message is flagged.
    ``categories`` holds for each kind of word how it speaks for each category, in the order of ``Category``.
    ``data`` and ``rules`` are the hashes of what the weights were learned from.
    """

    unit: float
    bias: float
    slope: float
    offset: float
    threshold: float
    categories: dict[str, list[float]]
    data: str
    rules: str


class Verdict(NamedTuple):
    """How sure the model is that a text breaks the policy, 0 to 1, and the clause that says most."""

    probability: float
    clause: Clause


class Weighed(dict[Key, complex]):
    """Weight and mass of what was met before, as one number to add up; the rest is weighed when it is met."""

    def __init__(self, weigh: Callable[[Key], complex]) -> None:
        super().__init__()
        self._weigh = weigh

    def __missing__(self, key: Key) -> complex:
        if len(self) > _CACHED:
            self.clear()
        self[key] = weighed = self._weigh(key)
        return weighed


class Model:
    """Weights and settings; ``judge`` weighs the clauses of a text."""

    def __init__(self, settings: Settings, weights: bytes) -> None:
        self.settings = settings
        self._weights = memoryview(weights).cast("b")
        self._words: Weighed[Word] = Weighed(lambda word: self._weigh(of_word(word)))
        self._pairs: Weighed[tuple[str, str]] = Weighed(lambda stems: self._weigh(of_pair(stems)))
        self._neighbours: Weighed[tuple[str, str, str]] = Weighed(lambda names: self._weigh(of_neighbours(names)))
        self._near: Weighed[tuple[Kinds, Kinds]] = Weighed(lambda kinds: self._weigh(of_near(kinds)))

    @classmethod
    def loads(cls, shipped: bytes) -> "Model":
        """Read the data file: a line of JSON, then a signed byte a weight."""
        head, weights = shipped.split(b"\n", 1)
        return cls(Settings(**json.loads(head)), weights)

    def dumps(self) -> bytes:
        """Write the data file; the same model gives the same bytes."""
        return json.dumps(asdict(self.settings), sort_keys=True).encode() + b"\n" + bytes(self._weights.cast("B"))

    def judge(self, clauses: Sequence[Clause]) -> Verdict:
        """Weigh a text, given as at least one clause: what it says as a whole and what its worst clause says."""
        weighed = [self._clause(clause) for clause in clauses]
        logits = [self._logit(one) for one in weighed]
        worst = max(logits)
        whole = self._logit(sum(weighed)) if len(weighed) > 1 else worst
        logit = self.settings.slope * (whole + worst) + self.settings.offset
        return Verdict(1 / (1 + math.exp(-logit)), clauses[logits.index(worst)])

    def category(self, clause: Clause) -> Category:
        """Say which category a guilty clause speaks for most."""
        known = self.settings.categories
        told = [known[kind] for word in clause.words for kind in word.kinds if kind in known]
        votes = [sum(column) for column in zip(known[""], *told, strict=True)]
        return list(Category)[votes.index(max(votes))]

    def _logit(self, weighed: complex) -> float:
        return self.settings.bias + self.settings.unit * weighed.real / math.sqrt(weighed.imag)

    def _clause(self, clause: Clause) -> complex:
        """Add up the weights of a clause's features, and their masses."""
        words = clause.words
        return (
            sum(map(self._words.__getitem__, words))
            + sum(map(self._pairs.__getitem__, pairs(words)))
            + sum(map(self._neighbours.__getitem__, neighbours(words)))
            + sum(map(self._near.__getitem__, near(words)))
        )

    def _weigh(self, features: Features) -> complex:
        total = sum([scale * self._weights[bucket(feature)] for feature, scale in features])
        return complex(total, sum([scale * scale for _, scale in features]))


def bucket(feature: str) -> int:
    """Give the place of a feature's weight."""
    return crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS
