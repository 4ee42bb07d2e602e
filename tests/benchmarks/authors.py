"""How the rules do on an author they have never met: ``python -m tests.benchmarks.authors``.

The model is learned and its threshold picked without the author; the rules, which people wrote, are as they are, and so
are the lessons, whose writers knew what kinds of messages were missed. Needs the extra ``train``. Prints recall,
false-positive rate, precision and ROC-AUC of the rules alone, of the model alone and of both. Doubtful labels are left
out; of chats there are the shop's messages one by one.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from rules import RULES
from rules.wording import data
from rules.wording.data import Reading
from rules.wording.features import clauses
from rules.wording.model import Model
from rules.wording.train import Trainer


class Judged(NamedTuple):
    """What one way of judging says of a message."""

    guilty: bool
    flagged: bool
    score: float


class Figures(NamedTuple):
    """Shares from 0 to 1 over labelled messages."""

    recall: float
    false_alarms: float
    precision: float
    auc: float


def figures(judged: Sequence[Judged]) -> Figures:
    """Count over messages of which some are guilty and some are not."""
    guilty = [one for one in judged if one.guilty]
    innocent = [one for one in judged if not one.guilty]
    hits, alarms = (sum(one.flagged for one in some) for some in (guilty, innocent))
    return Figures(hits / len(guilty), alarms / len(innocent), hits / max(1, hits + alarms), auc(guilty, innocent))


def auc(guilty: Sequence[Judged], innocent: Sequence[Judged]) -> float:
    """How often a guilty message scores higher than an innocent one; a tie counts half."""
    ranked = sorted([(one.score, one.guilty) for one in (*guilty, *innocent)])
    won, below = 0.0, 0
    for score in sorted({score for score, _ in ranked}):
        here = [label for value, label in ranked if value == score]
        won += sum(here) * (below + (len(here) - sum(here)) / 2)
        below += len(here) - sum(here)
    return won / (len(guilty) * len(innocent))


def by_rules(reading: Reading) -> Judged:
    """Judge by all rules but the learned one."""
    doubt = 1.0
    for rule, places in reading.text.found.items():
        doubt *= (1 - RULES[rule].confidence) ** len(places)
    return Judged(reading.example.guilty, reading.flagged, 1 - doubt)


def by_model(reading: Reading, model: Model) -> Judged:
    """Judge by the learned rule alone, as if the others had been silent."""
    risk = model.judge(clauses(reading.text)).probability
    return Judged(reading.example.guilty, risk >= model.settings.threshold, risk)


def by_both(reading: Reading, model: Model) -> Judged:
    """Judge by all rules: where the others are silent the learned one speaks."""
    rules = by_rules(reading)
    return rules if rules.flagged else by_model(reading, model)


def main() -> None:
    """Print a table: three lines an author, and three over all."""
    trainer = Trainer([data.read(example) for example in data.examples()])
    table = Table("author", "judged by", "recall", "false alarms", "precision", "AUC")
    total: dict[str, list[Judged]] = {"rules": [], "wording": [], "both": []}
    for author in trainer.authors:
        model = trainer.model(without=frozenset([author]))
        mine = [reading for reading in trainer.readings if reading.example.author == author]
        for way, judged in {
            "rules": [by_rules(reading) for reading in mine],
            "wording": [by_model(reading, model) for reading in mine],
            "both": [by_both(reading, model) for reading in mine],
        }.items():
            total[way] += judged
            table.add_row(f"{author} ({len(mine)})", way, *(f"{share:.3f}" for share in figures(judged)))
        table.add_section()
    for way, judged in total.items():
        table.add_row(f"all ({len(judged)})", way, *(f"{share:.3f}" for share in figures(judged)))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
