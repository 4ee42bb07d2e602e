"""The rules as they are shipped, on authors whom nobody has learned from: ``python -m tests.benchmarks.exam``.

The messages lie in ``tests/corpus/exam``. They are no data to learn from: not for the model, not for a rule, not for a
sample. Prints a line an author: recall, false-positive rate, precision, ROC-AUC, overlap with the labelled
evidence, recall at a false-positive rate of .02; and how many of the disguised phones are found.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from rules import Severity, check
from rules.text import Text
from rules.wording.data import Example
from tests.benchmarks.accuracy import Figures, figures, judged

EXAM = Path(__file__).parent.parent / "corpus" / "exam"


SHORTEST_PHONE = 7
"""Figures of what counts as a phone here."""


def rows() -> Iterator[dict[str, Any]]:
    """Yield the labelled messages of the exam, author by author, but for doubtful ones."""
    for path in sorted(EXAM.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from (row for row in map(json.loads, lines) if not row["doubt"])


def examples() -> Iterator[Example]:
    """Yield the same as the benchmarks read them."""
    for row in rows():
        spans = tuple((at := row["text"].index(piece), at + len(piece)) for piece in row["evidence"])
        yield Example(row["text"], row["label"] == 1, row["author"], spans)


def disguised_phones() -> Iterator[bool]:
    """Tell of each message that gives a phone in some disguise whether it is flagged."""
    for row in rows():
        holds_phone = any(Text(piece).all_figures >= SHORTEST_PHONE for piece in row["evidence"])
        if holds_phone and "contact-offer" in row["categories"] and row["disguise"] not in ("none", "indirect"):
            yield any(finding.severity is Severity.VIOLATION for finding in check(row["text"]))


def main() -> None:
    """Print the table."""
    table = Table("author", *(name.replace("_", " ") for name in Figures._fields))
    for author, messages in groupby(examples(), lambda example: example.author):
        told = [*map(judged, messages)]
        table.add_row(f"{author} ({len(told)})", *(f"{share:.3f}" for share in figures(told)))
    console = Console(width=110)
    console.print(table)
    phones = [*disguised_phones()]
    console.print(f"disguised phones: {sum(phones)} of {len(phones)} messages are flagged")


if __name__ == "__main__":
    main()
