"""Learn how far evidence reaches from the messages in which somebody marked it; ``rules.wording.train`` calls it."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rules.wording import data, place_of
from rules.wording.data import Reading
from rules.wording.evidence import BUCKETS, LEARNED, Marker, Place, Settings, features
from rules.wording.features import Clause
from rules.wording.table import STEPS, bucket, rounded

_C = 0.6
_MODERATORS, _COUNT = frozenset("acde"), 2.0
"""Whose marks count for more, and how much: authors differ in how far they mark, and these set the standard."""


def marker(suspects: Sequence[tuple[Reading, Clause]]) -> Marker:
    """Learn from guilty messages that are marked; each comes with the clause that the model suspects."""
    rows: list[int] = []
    borders = [0]
    guilty: list[bool] = []
    counts: list[float] = []
    for reading, suspect in suspects:
        for found in features(reading.text, _places(reading, suspect)):
            rows += [bucket(feature, BUCKETS) for feature in found]
            borders.append(len(rows))
        told = [*_told(reading)]
        guilty += told
        counts += [_COUNT if reading.example.author in _MODERATORS else 1.0] * len(told)
    matrix = csr_matrix((np.ones(len(rows)), rows, borders), shape=(len(guilty), BUCKETS))
    learned = LogisticRegression(C=_C, solver="liblinear", tol=1e-2).fit(matrix, guilty, sample_weight=counts)
    unit = float(np.abs(learned.coef_).max() / STEPS)
    weights = np.round(learned.coef_[0] / unit).astype(np.int8)
    return Marker(
        Settings(
            unit=rounded(unit),
            bias=rounded(float(learned.intercept_[0])),
            data=data.hash_of([reading.example for reading, _ in suspects]),
            rules=data.hash_of_rules(),
        ),
        weights.tobytes(),
    )


def _places(reading: Reading, suspect: Clause) -> list[Place]:
    """Say where the guilty words are thought to be: where a rule found them, else in the clause that is suspected."""
    if reading.flagged:
        return [Place(rule.id, hit.start, hit.end) for rule, hit in reading.found]
    return [Place(LEARNED, *place_of(reading.text, suspect))]


def _told(reading: Reading) -> Iterable[bool]:
    """Say of each word whether somebody marked it."""
    for at in range(len(reading.text.tokens)):
        start, end = reading.text.place(at, at + 1)
        yield any(start < last and first < end for first, last in reading.example.spans)
