"""The model: weights of hashed features, and what they say of a text."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple
from zlib import crc32

from rules.finding import Category
from rules.kept import Kept
from rules.wording.features import (
    GRAM,
    PAIR,
    STEM,
    Clause,
    Features,
    Kinds,
    Word,
    distinct,
    encoded_letters,
    near,
    neighbours,
    of_aspects,
    of_near,
    of_neighbours,
    of_pair,
    of_stem,
    pairs,
)
from rules.wording.table import bucket, dumps, loads

Names = tuple[str, str, str]

BUCKETS = 1 << 18
"""Weights in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is kept beside the weights.

    ``unit`` is the size of one step of a weight, ``bias`` the logit of no words at all; ``slope`` and ``offset`` turn a
    score into the logit of a probability, ``said`` is added where a phrase of the rules was said, ``threshold`` is the
    probability from which a message is flagged.
    ``categories`` holds for each kind of word how it speaks for each category, in the order of ``Category``.
    ``data`` and ``rules`` are the hashes of what the weights were learned from.
    """

    unit: float
    bias: float
    slope: float
    offset: float
    said: float
    threshold: float
    categories: dict[str, list[float]]
    data: str
    rules: str


class Verdict(NamedTuple):
    """How sure the model is that a text breaks the policy, 0 to 1, and the clause that says most."""

    probability: float
    clause: Clause


class Model:
    """Weights and settings; ``judge`` weighs the clauses of a text."""

    def __init__(self, settings: Settings, weights: bytes) -> None:
        self.settings = settings
        self._weights = array("b", weights)
        self._words: Kept[Word, complex] = Kept(self._word)
        self._aspects: Kept[tuple[str, Kinds], complex] = Kept(lambda aspects: self._weigh(of_aspects(aspects)))
        self._pairs: Kept[tuple[str, str], int] = Kept(self._pair)
        self._neighbours: Kept[Names, complex] = Kept(lambda names: self._weigh(of_neighbours(names)))
        self._near: Kept[tuple[Kinds, Kinds], complex] = Kept(lambda kinds: self._weigh(of_near(kinds)))

    @classmethod
    def loads(cls, shipped: bytes) -> "Model":
        """Read the data file."""
        settings, weights = loads(shipped)
        return cls(Settings(**settings), weights)

    def dumps(self) -> bytes:
        """Write the data file; the same model gives the same bytes."""
        return dumps(asdict(self.settings), self._weights.tobytes())

    def judge(self, clauses: Sequence[Clause], *, said: bool = False) -> Verdict:
        """Weigh a text, given as at least one clause: what it says as a whole and what its worst clause says.

        ``said`` tells whether a rule found one of its phrases.
        """
        clauses = distinct(clauses)
        weighed = [self._clause(clause) for clause in clauses]
        logits = [self._logit(one) for one in weighed]
        worst = max(logits)
        whole = self._logit(sum(weighed)) if len(weighed) > 1 else worst
        logit = self.settings.slope * (whole + worst) + self.settings.offset + self.settings.said * said
        return Verdict(1 / (1 + math.exp(-logit)), clauses[logits.index(worst)])

    def category(self, clause: Clause) -> Category:
        """Say which category a guilty clause speaks for most."""
        known = self.settings.categories
        votes = [known[kind] for word in clause.words for kind in word.kinds.split() if kind in known]
        summed = [*map(sum, zip(known[""], *votes, strict=True))]
        return list(Category)[summed.index(max(summed))]

    def _logit(self, weighed: complex) -> float:
        return self.settings.bias + self.settings.unit * weighed.real / math.sqrt(weighed.imag)

    def _clause(self, clause: Clause) -> complex:
        """Add up the weights of a clause's features, and their masses."""
        words = clause.words
        beside = [*map(self._pairs.__getitem__, pairs(words))]
        return (
            sum(map(self._words.__getitem__, words))
            + complex(PAIR * sum(beside), PAIR * PAIR * len(beside))
            + sum(map(self._neighbours.__getitem__, neighbours(words)))
            + sum(map(self._near.__getitem__, near(words)))
        )

    def _word(self, word: Word) -> complex:
        """Weigh a word by itself, as ``of_word`` counts it."""
        weights, (letters, cuts) = self._weights, encoded_letters(word)
        stem = weights[bucket(of_stem(word.stem), BUCKETS)]
        pieces = [weights[crc32(letters[cut]) % BUCKETS] for cut in cuts]
        weighed = complex(STEM * stem + GRAM * sum(pieces), STEM * STEM + GRAM * GRAM * len(pieces))
        return weighed + self._aspects[word.name, word.kinds]

    def _pair(self, stems: tuple[str, str]) -> int:
        return self._weights[bucket(of_pair(stems), BUCKETS)]

    def _weigh(self, features: Features) -> complex:
        total = mass = 0.0
        for feature, scale in features:
            total += scale * self._weights[bucket(feature, BUCKETS)]
            mass += scale * scale
        return complex(total, mass)
