"""How right the rules are: what they say of labelled messages, and the figures that follow."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import rules
from rules import Severity
from rules.wording.data import Example

MOST_ALARMS = 0.02
"""The goal for authors never met: of a hundred innocent messages two are flagged at most."""


class Judged(NamedTuple):
    """What is said of a message; ``overlap`` is None where nobody marked evidence or nothing was flagged."""

    guilty: bool
    flagged: bool
    score: float
    overlap: float | None


class Figures(NamedTuple):
    """Shares from 0 to 1 over labelled messages.

    ``recall_at_goal`` is the recall of the threshold, any at all, that raises false alarms for ``MOST_ALARMS``.
    """

    recall: float
    false_alarms: float
    precision: float
    auc: float
    overlap: float
    recall_at_goal: float


def figures(judged: Sequence[Judged]) -> Figures:
    """Count over messages of which some are guilty and some are not."""
    guilty = [one for one in judged if one.guilty]
    innocent = [one for one in judged if not one.guilty]
    hits, alarms = (sum(one.flagged for one in some) for some in (guilty, innocent))
    overlaps = [one.overlap for one in guilty if one.overlap is not None]
    return Figures(
        hits / len(guilty),
        alarms / len(innocent),
        hits / max(1, hits + alarms),
        auc(guilty, innocent),
        sum(overlaps) / max(1, len(overlaps)),
        recall_at(MOST_ALARMS, guilty, innocent),
    )


def recall_at(alarms: float, guilty: Sequence[Judged], innocent: Sequence[Judged]) -> float:
    """Give the recall of the lowest score from which on at most a share ``alarms`` of the innocent is flagged."""
    least = sorted((one.score for one in innocent), reverse=True)[int(alarms * len(innocent))]
    return sum(one.score > least for one in guilty) / len(guilty)


def auc(guilty: Sequence[Judged], innocent: Sequence[Judged]) -> float:
    """How often a guilty message scores higher than an innocent one; a tie counts half."""
    ranked = sorted([(one.score, one.guilty) for one in (*guilty, *innocent)])
    won, below = 0.0, 0
    for score in sorted({score for score, _ in ranked}):
        here = [label for value, label in ranked if value == score]
        won += sum(here) * (below + (len(here) - sum(here)) / 2)
        below += len(here) - sum(here)
    return won / (len(guilty) * len(innocent))


def judged(example: Example) -> Judged:
    """Judge a message by all rules there are."""
    findings = rules.check(example.text)
    flagged = any(finding.severity is Severity.VIOLATION for finding in findings)
    found = covered((finding.start, finding.end) for finding in findings)
    marked = covered(example.spans)
    overlap = len(found & marked) / len(found | marked) if flagged and marked else None
    return Judged(example.guilty, flagged, rules.score(findings), overlap)


def covered(places: Iterable[tuple[int, int]]) -> set[int]:
    """Give the characters that places cover."""
    return {at for start, end in places for at in range(start, end)}
