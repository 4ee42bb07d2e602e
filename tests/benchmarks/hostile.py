"""Time the rules on texts made to cost as much as a text can: ``python -m tests.benchmarks.hostile``.

Prints milliseconds of processor time for 4,096 characters, the fastest of several runs, and how many times as much that
is as for 1,024: for the costliest of what one unit repeated makes, by itself and behind what makes every rule look, and
for words never seen before, which are others in each run.
"""

import gc
import time
from collections.abc import Iterator
from itertools import chain, product, repeat
from random import Random
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from rules import check
from tests.rules.hostile_texts import HOSTILE, LETTERS, ROUSING, of_new_words

LONGEST, QUARTER = 4096, 1024
"""Characters of a message at most, and of one of a quarter of its length."""

BAR_MS, BAR_TIMES = 20, 5
ROUNDS = 7
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


def main() -> None:
    """Print the table."""
    costs = sorted(of_units(), reverse=True)
    table = Table("text", f"ms, bar {BAR_MS}", f"times {QUARTER} characters, bar {BAR_TIMES}")
    for one in chain(of_words(), costs[:SHOWN]):
        table.add_row(one.name, f"{one.longest:.1f}", f"{one.times:.1f}")
    over = sum(one.longest > BAR_MS for one in costs)
    steep = sum(one.times > BAR_TIMES for one in costs)
    console = Console(width=100)
    console.print(table)
    console.print(f"{len(costs)} texts of one unit repeated: {over} over {BAR_MS} ms, {steep} over {BAR_TIMES} times")


if __name__ == "__main__":
    main()
