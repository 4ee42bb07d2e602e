"""Learn the weights from the labelled data of the checkout: ``python -m rules.wording.train``.

Needs the extra ``train`` (scikit-learn). The same data and rules give the same bytes.
"""

import math
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.utils.parallel import ThreadpoolController

from rules.finding import Category
from rules.wording import WEIGHTS, data
from rules.wording.data import Reading
from rules.wording.features import Clause, clauses, features
from rules.wording.model import BUCKETS, Model, Settings, bucket

ADDED_ALARMS = 0.008
"""Share of innocent messages that the model may flag where the rules flag nothing; from it follows the threshold."""

_C = 100.0
_STEPS = 127
_FEWEST = 2

Nobody: frozenset[str] = frozenset()


class Trainer:
    """Learns from readings, with some authors held out; what was learned without somebody is learned once."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings
        self._clauses = [clauses(reading.text) for reading in readings]
        self._wholes = _matrix(self._clauses)
        self._parts = _matrix([[clause] for clause in chain.from_iterable(self._clauses)])
        self._of: NDArray[np.intp] = np.repeat(np.arange(len(readings)), [len(parts) for parts in self._clauses])
        told = (_told(*both) for both in zip(readings, self._clauses, strict=True))
        self._told = np.array(list(chain.from_iterable(told)))
        self.guilty = np.array([reading.example.guilty for reading in readings])
        self.flagged = np.array([reading.flagged for reading in readings])
        self.author = np.array([reading.example.author or "" for reading in readings])
        self.authors = sorted(set(self.author) - {""})
        self._learned: dict[frozenset[str], LogisticRegression] = {}
        self._columns = np.flatnonzero(np.asarray((self._wholes > 0).sum(axis=0)).ravel() >= _FEWEST)

    def model(self, without: frozenset[str] = Nobody) -> Model:
        """Learn a model without some authors; it is calibrated on each other author as if that one were unknown."""
        scores, unseen = self._unseen(without)
        slope, offset = _calibrated(scores[~self.flagged[unseen]], self.guilty[unseen][~self.flagged[unseen]])
        learned = self._fit(without)
        unit = float(np.abs(learned.coef_).max() / _STEPS)
        weights: NDArray[np.int8] = np.zeros(BUCKETS, dtype=np.int8)
        weights[self._columns] = np.round(learned.coef_[0] / unit)
        found = [reading.example for reading in self.readings if reading.example.author not in without]
        settings = Settings(
            unit=_rounded(unit),
            bias=_rounded(learned.intercept_[0]),
            slope=_rounded(slope),
            offset=_rounded(offset),
            threshold=_rounded(_sigmoid(slope * self._border(scores, unseen) + offset)),
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
                self._learned[without] = LogisticRegression(C=_C, solver="liblinear", tol=1e-3).fit(rows, labels)
        return self._learned[without]

    def _unseen(self, without: frozenset[str]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Score the messages of each author by what was learned without that author."""
        scores, unseen = [], []
        for author in self.authors:
            if author not in without:
                mine = np.flatnonzero(self.author == author)
                scores.append(self._scores(self._fit(without | {author}), mine))
                unseen.append(mine)
        return np.concatenate(scores), np.concatenate(unseen)

    def _scores(self, learned: LogisticRegression, which: NDArray[np.intp]) -> NDArray[np.float64]:
        inside = np.isin(self._of, which)
        worst = np.full(len(self.readings), -np.inf)
        np.maximum.at(worst, self._of[inside], learned.decision_function(self._parts[inside][:, self._columns]))
        whole: NDArray[np.float64] = learned.decision_function(self._wholes[which][:, self._columns])
        return whole + worst[which]

    def _border(self, scores: NDArray[np.float64], unseen: NDArray[np.intp]) -> float:
        """Find the score above which no more innocent messages are flagged than allowed."""
        alarms = np.sort(scores[~self.guilty[unseen] & ~self.flagged[unseen]])[::-1]
        allowed = int(ADDED_ALARMS * np.count_nonzero(~self.guilty[unseen]))
        return float(alarms[allowed])

    def _categories(self, without: frozenset[str]) -> dict[str, list[float]]:
        """Count in guilty messages of one category how much each kind of word speaks for it (naive Bayes)."""
        kinds: dict[str, Counter[str]] = {category: Counter({"": 1}) for category in Category}
        for reading, parts in zip(self.readings, self._clauses, strict=True):
            example = reading.example
            if len(example.categories) == 1 and example.author not in without:
                told = {kind for clause in parts for word in clause.words for kind in word.kinds}
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
        places += [bucket(feature) for feature, _ in found]
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


def _calibrated(scores: NDArray[np.float64], guilty: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit the line that turns scores into logits of probabilities (Platt scaling)."""
    learned = LogisticRegression(C=1e6, solver="liblinear").fit(scores[:, None], guilty)
    return float(learned.coef_[0, 0]), float(learned.intercept_[0])


def _log(count: int, total: int) -> float:
    return round(math.log(count / total), 3)


def _sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _rounded(number: float) -> float:
    return float(f"{number:.5g}")


def main() -> None:
    """Learn from all there is and write the weights beside this file."""
    trainer = Trainer([data.read(example) for example in data.examples()])
    path = Path(__file__).with_name(WEIGHTS)
    path.write_bytes(trainer.model().dumps())
    sys.stdout.write(f"{len(trainer.readings)} messages, {path.stat().st_size} bytes in {path.name}\n")


if __name__ == "__main__":
    main()
