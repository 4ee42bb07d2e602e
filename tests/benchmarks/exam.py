"""The rules as they are shipped, on authors whom nobody has learned from: ``python -m tests.benchmarks.exam``.

The messages lie in ``tests/corpus/exam``. They are no data to learn from: not for the model, not for a rule, not for a
sample. Prints a line an author: recall, false-positive rate, precision, ROC-AUC, overlap with the labelled
evidence, recall at a false-positive rate of .02.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rules.wording.data import Example
from tests.benchmarks.accuracy import Figures, figures, judged

EXAM = Path(__file__).parent.parent / "corpus" / "exam"


def examples() -> Iterator[Example]:
    """Yield the labelled messages of the exam, author by author, but for doubtful ones."""
    for path in sorted(EXAM.glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if not row["doubt"]:
                spans = tuple((at := row["text"].index(piece), at + len(piece)) for piece in row["evidence"])
                yield Example(row["text"], row["label"] == 1, row["author"], spans)


def main() -> None:
    """Print the table."""
    table = Table("author", *(name.replace("_", " ") for name in Figures._fields))
    for author, messages in groupby(examples(), lambda example: example.author):
        told = [*map(judged, messages)]
        table.add_row(f"{author} ({len(told)})", *(f"{share:.3f}" for share in figures(told)))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
