"""How the rules do on authors they have never met: ``python -m tests.benchmarks.authors``.

Groups of authors are held out in turn: the model, its threshold and how far evidence reaches are learned without them;
the rules, which people wrote, are as they are, and so are the lessons, whose writers knew what kinds of messages were
missed. Needs the extra ``train``. Prints recall, false-positive rate, precision, ROC-AUC and how much the findings
overlap with the labelled evidence, of the rules without the learned one and of all. Doubtful labels are left out; of
chats there are the shop's messages one by one.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

import rules
from rules import Rule, Severity
from rules.wording import data, learned
from rules.wording.data import LEARNED, Example
from rules.wording.evidence import Marker
from rules.wording.model import Model
from rules.wording.train import Trainer
from rules.wording.train_evidence import marker


class Judged(NamedTuple):
    """What is said of a message; ``overlap`` is None where nobody marked evidence or nothing was flagged."""

    guilty: bool
    flagged: bool
    score: float
    overlap: float | None


class Figures(NamedTuple):
    """Shares from 0 to 1 over labelled messages."""

    recall: float
    false_alarms: float
    precision: float
    auc: float
    overlap: float


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
    )


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


def main() -> None:
    """Print a table: two lines an author, and two over all."""
    trainer = Trainer([data.read(example) for example in data.examples()])
    table = Table("author", "judged by", *(name.replace("_", " ") for name in Figures._fields))
    shipped = rules.RULES
    phrases = {name: rule for name, rule in shipped.items() if name != LEARNED}
    judgements: dict[str, dict[str, list[Judged]]] = {}
    for group in trainer.groups:
        model, marks = trainer.model(without=group), marker(trainer.suspects(without=group))
        ways = {"rules": phrases, "all": {**phrases, LEARNED: _learned(model, marks)}}
        for author in sorted(group):
            mine = [reading.example for reading in trainer.readings if reading.example.author == author]
            for way, rules.RULES in ways.items():
                judgements.setdefault(author, {})[way] = [judged(example) for example in mine]
    rules.RULES = shipped
    for author, by_way in sorted(judgements.items()):
        for way, said in by_way.items():
            table.add_row(f"{author} ({len(said)})", way, *(f"{share:.3f}" for share in figures(said)))
        table.add_section()
    for way in ("rules", "all"):
        total = [one for by_way in judgements.values() for one in by_way[way]]
        table.add_row(f"all ({len(total)})", way, *(f"{share:.3f}" for share in figures(total)))
    Console(width=100).print(table)


def _learned(model: Model, marks: Marker) -> Rule:
    return learned(lambda: model, lambda: marks)


if __name__ == "__main__":
    main()
