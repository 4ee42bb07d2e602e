"""Learn the weights from the labelled data of the checkout: ``python -m rules.wording.train``.

Needs the extra ``train`` (scikit-learn). The same data and rules give the same bytes.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.utils.parallel import ThreadpoolController

from rules.finding import Category
from rules.wording import EVIDENCE, WEIGHTS, data
from rules.wording.data import Reading
from rules.wording.evidence import Marker
from rules.wording.features import Clause, clauses, distinct, features
from rules.wording.model import BUCKETS, Model, Settings
from rules.wording.table import STEPS, bucket, rounded
from rules.wording.train_evidence import marker

THRESHOLD = 0.6
"""The probability from which a message is flagged; ``tests.benchmarks.authors`` says what follows from it."""

_C = 100.0
_RARITY = 2.0
"""The power of a feature's inverse document frequency by which it is scaled: the rarer, the freer its weight."""
_FEWEST = 2
_GROUPS = 6
"""In how many groups authors are held out: one by one would take hours."""

Nobody: frozenset[str] = frozenset()


class Trainer:
    """Learns from readings, with some authors held out; what was learned without somebody is learned once."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings
        self._clauses = [clauses(reading.text) for reading in readings]
        self._wholes = _matrix([*map(distinct, self._clauses)])
        self._parts = _matrix([[clause] for clause in chain.from_iterable(self._clauses)])
        self._of: NDArray[np.intp] = np.repeat(np.arange(len(readings)), [len(parts) for parts in self._clauses])
        told = (_told(*both) for both in zip(readings, self._clauses, strict=True))
        self._told = np.array(list(chain.from_iterable(told)))
        self.guilty = np.array([reading.example.guilty for reading in readings])
        self.said = np.array([reading.flagged for reading in readings])
        self.by_form = np.array([reading.by_form for reading in readings])
        self.author = np.array([reading.example.author or "" for reading in readings])
        authors = sorted(set(self.author) - {""})
        self.groups = [frozenset(authors[first::_GROUPS]) for first in range(min(_GROUPS, len(authors)))]
        self._first = np.concatenate([[0], np.cumsum([len(parts) for parts in self._clauses])])
        self._learned: dict[frozenset[str], LogisticRegression] = {}
        holding = np.asarray((self._wholes > 0).sum(axis=0)).ravel()
        self._columns = np.flatnonzero(holding >= _FEWEST)
        self._rarity = np.log((1 + len(readings)) / holding[self._columns]) ** _RARITY
        self._rarity /= self._rarity.mean()

    def model(self, without: frozenset[str] = Nobody) -> Model:
        """Learn a model without some authors; it is calibrated on each other author as if that one were unknown."""
        scores, unseen = self._unseen(without)
        weighed = ~self.by_form[unseen]
        slope, said, offset = _calibrated(*(of[weighed] for of in (scores, self.said[unseen], self.guilty[unseen])))
        learned = self._fit(without)
        unit = float(np.abs(learned.coef_).max() / STEPS)
        weights: NDArray[np.int8] = np.zeros(BUCKETS, dtype=np.int8)
        weights[self._columns] = np.round(learned.coef_[0] / unit)
        found = [reading.example for reading in self.readings if reading.example.author not in without]
        settings = Settings(
            unit=rounded(unit),
            bias=rounded(learned.intercept_[0]),
            slope=rounded(slope),
            offset=rounded(offset),
            said=rounded(said),
            threshold=THRESHOLD,
            categories=self._categories(without),
            data=data.hash_of(found),
            rules=data.hash_of_rules(),
        )
        return Model(settings, weights.tobytes())

    def _fit(self, without: frozenset[str]) -> LogisticRegression:
        """Learn from all messages, and from all clauses that are known to be guilty or innocent."""
        if without not in self._learned:
            kept = ~np.isin(self.author, list(without))
            known = kept[self._of] & (self._told >= 0)
            rows = vstack([self._wholes[kept], self._parts[known]]).tocsr()[:, self._columns]
            labels = np.concatenate([self.guilty[kept], self._told[known]])
            # One thread: several would add up in another order each time, and be slower on rows this thin.
            with ThreadpoolController().limit(limits=1):
                learned = LogisticRegression(C=_C, solver="liblinear", tol=1e-3).fit(rows @ diags(self._rarity), labels)
            learned.coef_ *= self._rarity
            self._learned[without] = learned
        return self._learned[without]

    def suspects(self, without: frozenset[str] = Nobody) -> list[tuple[Reading, Clause]]:
        """Give marked guilty messages, each with the clause that weighs most to who has not met its author."""
        nobodys = Nobody, np.flatnonzero(self.author == "")
        marked = [
            (self._fit(without | group), at)
            for group, mine in (*self._unmet(without), nobodys)
            for at in mine
            if self.readings[at].example.spans
        ]
        return [(self.readings[at], self._worst(learned, at)) for learned, at in marked]

    def _worst(self, learned: LogisticRegression, at: int) -> Clause:
        parts = self._parts[self._first[at] : self._first[at + 1]]
        return self._clauses[at][int(learned.decision_function(parts[:, self._columns]).argmax())]

    def _unmet(self, without: frozenset[str]) -> Iterator[tuple[frozenset[str], NDArray[np.intp]]]:
        """Give the groups of authors and their messages, but for authors held out anyway."""
        for group in self.groups:
            mine = np.flatnonzero(np.isin(self.author, sorted(group - without)))
            if mine.size:
                yield group, mine

    def _unseen(self, without: frozenset[str]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Score the messages of each group of authors by what was learned without that group."""
        met = [(self._scores(self._fit(without | group), mine), mine) for group, mine in self._unmet(without)]
        scores, unseen = zip(*met, strict=True)
        return np.concatenate(scores), np.concatenate(unseen)

    def _scores(self, learned: LogisticRegression, which: NDArray[np.intp]) -> NDArray[np.float64]:
        inside = np.isin(self._of, which)
        worst = np.full(len(self.readings), -np.inf)
        np.maximum.at(worst, self._of[inside], learned.decision_function(self._parts[inside][:, self._columns]))
        whole: NDArray[np.float64] = learned.decision_function(self._wholes[which][:, self._columns])
        return whole + worst[which]

    def _categories(self, without: frozenset[str]) -> dict[str, list[float]]:
        """Count in guilty messages of one category how much each kind of word speaks for it (naive Bayes)."""
        kinds: dict[str, Counter[str]] = {category: Counter({"": 1}) for category in Category}
        for reading, parts in zip(self.readings, self._clauses, strict=True):
            example = reading.example
            if len(example.categories) == 1 and example.author not in without:
                told = {kind for clause in parts for word in clause.words for kind in word.kinds.split()}
                kinds[example.categories[0]].update(["", *sorted(told)])
        known = sorted(set(chain.from_iterable(kinds.values())) - {""})
        votes = {kind: [_log(counts[kind] + 1, counts[""] + 2) for counts in kinds.values()] for kind in known}
        total = sum(counts[""] for counts in kinds.values())
        return votes | {"": [_log(counts[""], total) for counts in kinds.values()]}


def _matrix(texts: Sequence[Sequence[Clause]]) -> csr_matrix:
    """Give a row a text: its features' scales by bucket, made comparable between short and long texts."""
    values: list[float] = []
    places: list[int] = []
    borders = [0]
    for text in texts:
        found = [pair for clause in text for pair in features(clause)]
        mass = sum(scale * scale for _, scale in found) or 1.0
        places += [bucket(feature, BUCKETS) for feature, _ in found]
        values += [scale / mass**0.5 for _, scale in found]
        borders.append(len(places))
    matrix = csr_matrix((values, places, borders), shape=(len(texts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def _told(reading: Reading, parts: Sequence[Clause]) -> list[int]:
    """Say of each clause whether it is guilty (1) or innocent (0); -1 where a guilty message leaves that open."""
    example = reading.example
    if not example.guilty:
        return [0] * len(parts)
    if not example.spans:
        return [1 if len(parts) == 1 else -1] * len(parts)
    places = (reading.text.place(clause.first, clause.last) for clause in parts)
    return [1 if any(start < last and first < end for first, last in example.spans) else -1 for start, end in places]


def _calibrated(
    scores: NDArray[np.float64], said: NDArray[np.bool_], guilty: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Fit what turns scores into logits of probabilities (Platt scaling): slope, what a phrase adds, offset."""
    learned = LogisticRegression(C=1e6, solver="liblinear").fit(np.column_stack([scores, said]), guilty)
    slope, added = learned.coef_[0]
    return float(slope), float(added), float(learned.intercept_[0])


def _log(count: int, total: int) -> float:
    return round(math.log(count / total), 3)


def main() -> None:
    """Learn from all there is and write the weights beside this file."""
    trainer = Trainer([data.read(example) for example in data.examples()])
    learned: dict[str, Model | Marker] = {WEIGHTS: trainer.model(), EVIDENCE: marker(trainer.suspects())}
    for name, model in learned.items():
        path = Path(__file__).with_name(name)
        path.write_bytes(model.dumps())
        sys.stdout.write(f"{len(trainer.readings)} messages, {path.stat().st_size} bytes in {path.name}\n")


if __name__ == "__main__":
    main()
