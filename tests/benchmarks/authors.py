"""How the rules do on authors they have never met: ``python -m tests.benchmarks.authors``.

Groups of authors are held out in turn: the model and how far evidence reaches are learned without them; the rules,
which people wrote, are as they are, and so are the lessons, whose writers knew what kinds of messages were missed.
Needs the extra ``train``. Prints recall, false-positive rate, precision, ROC-AUC, how much the findings overlap with
the labelled evidence, and recall at a false-positive rate of .02, of the rules without the learned one and of all.
Doubtful labels are left out; of chats there are the shop's messages one by one. ``tests.benchmarks.exam`` does so with
authors whom nobody has learned from.
"""

from rich.console import Console
from rich.table import Table

import rules
from rules import Rule
from rules.wording import data, learned
from rules.wording.evidence import LEARNED, Marker
from rules.wording.model import Model
from rules.wording.train import Trainer
from rules.wording.train_evidence import marker
from tests.benchmarks.accuracy import Figures, Judged, figures, judged


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
    Console(width=110).print(table)


def _learned(model: Model, marks: Marker) -> Rule:
    return learned(lambda: model, lambda: marks)


if __name__ == "__main__":
    main()
