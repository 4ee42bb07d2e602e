"""Progress while the demo runs: a bar on a terminal, plain lines elsewhere."""

import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

LINE_EVERY_S = 2.0


class Progress:
    """Shows how many of `total` messages are done; a context manager."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._console = Console()
        self._bar = Bar(
            TextColumn("checking messages"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[violations]} violations"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total, violations=0)
        self._last_line = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, done: int, violations: int) -> None:
        """Show a new state."""
        self._bar.update(self._task, completed=done, violations=violations)
        due = time.monotonic() - self._last_line >= LINE_EVERY_S or done == self._total
        if not self._console.is_terminal and due:
            self._last_line = time.monotonic()
            self._console.print(f"{done} of {self._total} messages checked, {violations} violations")
