"""Time the rules on texts made to cost as much as a text can: ``python -m tests.benchmarks.hostile``.

Prints milliseconds of processor time for 4,096 characters, the fastest of several runs, and how many times as much that
is as for 1,024: for the costliest of what one unit repeated makes, by itself and behind what makes every rule look, for
words never seen before, and for jumbles of known words, of pieces of messages and of characters. The latter two are
others in each run; before them all patterns are searched for once, as in any worker that has been at work for a while.
"""

import gc
import json
import time
from collections.abc import Iterator, Sequence
from itertools import chain, islice, product, repeat
from pathlib import Path
from random import Random
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from rules import check
from tests.rules.hostile_texts import CHARACTERS, HOSTILE, LETTERS, ROUSING, jumbled, of_new_words

LONGEST, QUARTER = 4096, 1024
"""Characters of a message at most, and of one of a quarter of its length."""

CORPUS = Path(__file__).parents[1] / "corpus"

BAR_MS, BAR_TIMES = 20, 5
ROUNDS, WARMING = 7, 10
SHOWN = 12


class Cost(NamedTuple):
    """Milliseconds that the longest text of a kind takes, and those of a quarter of it."""

    longest: float
    quarter: float
    name: str

    @property
    def times(self) -> float:
        """How many times as much the longest takes as a quarter."""
        return self.longest / self.quarter


def cost(name: str, texts: Iterator[str]) -> Cost:
    """Time the fastest of several runs of either length, each with the next of ``texts``."""
    longest, quarter = (min(_spent(next(texts)[:size]) for _ in range(ROUNDS)) * 1e3 for size in (LONGEST, QUARTER))
    return Cost(longest, quarter, name)


def _spent(text: str) -> float:
    gc.collect()
    begin = time.process_time()
    check(text)
    return time.process_time() - begin


def of_units() -> Iterator[Cost]:
    """Give the cost of each unit repeated, alone and roused."""
    for begin, (name, unit) in product(("", *ROUSING), HOSTILE.items()):
        yield cost(f"{name}, every rule roused" if begin else name, repeat(begin + unit * LONGEST))


def of_words() -> Iterator[Cost]:
    """Give the cost of words never seen before, by their letters."""
    chance = Random()
    for name, letters in LETTERS.items():
        yield cost(f"new words, {name}", (of_new_words(letters, chance) for _ in repeat(None)))


def of_jumbles() -> Iterator[Cost]:
    """Give the cost of known words, of pieces of messages and of characters, each in no order."""
    chance = Random()
    rows = [json.loads(line) for path in CORPUS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    messages = [row["text"] for row in rows if "text" in row]
    words = sorted({word for message in messages for word in message.split()})
    pieces = [message[at : at + 5] for message in messages for at in range(0, len(message), 5)]
    kinds: dict[str, tuple[Sequence[str], Sequence[str]]] = {
        "words of messages": (words, (" ",)),
        "words of messages and marks": (words, (" ", " ", " ", ", ", ". ", "\n", "? ", "-", ": ")),
        "pieces of messages": (pieces, ("",)),
        "characters of all scripts": (CHARACTERS, ("",)),
    }
    for name, (units, between) in kinds.items():
        texts = (jumbled(units, between, chance) for _ in repeat(None))
        for text in islice(texts, WARMING):
            check(text[:LONGEST])
        yield cost(f"in no order, {name}", texts)


def main() -> None:
    """Print the table."""
    costs = sorted(of_units(), reverse=True)
    table = Table("text", f"ms, bar {BAR_MS}", f"times {QUARTER} characters, bar {BAR_TIMES}")
    for one in chain(of_words(), of_jumbles(), costs[:SHOWN]):
        table.add_row(one.name, f"{one.longest:.1f}", f"{one.times:.1f}")
    over = sum(one.longest > BAR_MS for one in costs)
    steep = sum(one.times > BAR_TIMES for one in costs)
    console = Console(width=100)
    console.print(table)
    console.print(f"{len(costs)} texts of one unit repeated: {over} over {BAR_MS} ms, {steep} over {BAR_TIMES} times")


if __name__ == "__main__":
    main()
