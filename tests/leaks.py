"""Watches all that is logged while the tests run for what must be in no log: keys, passwords, texts of messages."""

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from worker.logs import JsonFormatter
from worker.sandbox.dialogues import load_dialogues
from worker.sandbox.world import generated_world

LOGS = ("*.log", "log", "printed")
# Shorter ones may be evidence as a whole, and masked evidence may be told.
SHORTEST = 45
MOST_BYTES = 1 << 20  # of one log

_PLANTED = re.compile(r"ACMA:[\w:]|hunter\d|secret-of-the-shop|sinkkey|\D000-11-22")


def _texts() -> Iterator[str]:
    (cabinet,) = generated_world(cabinets=1, chats=1, messages_a_chat=8).cabinets.values()
    yield from (message.text or "" for message in cabinet.chats[1].messages.values())
    for dialogue in load_dialogues():
        yield from (part for line in dialogue.messages for part in re.split(r"\{\w+\}", line.text or ""))


_TEXTS = frozenset(text for text in _texts() if len(text) >= SHORTEST)


class LeakWatch(logging.Handler):
    """Keeps what was logged and should not have been, by the place that logged it."""

    def __init__(self) -> None:
        super().__init__()
        self.leaks: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Look at an entry as it leaves this process."""
        self.leaks += leaks_in(f"{record.pathname}:{record.lineno}", self.format(record))


def leaks_in(place: str, logged: str) -> list[str]:
    """Return what is in a log and must not be, each with the place."""
    found = {match[0] for match in _PLANTED.finditer(logged)} | {text for text in _TEXTS if text in logged}
    return [f"{place}: {leak}" for leak in sorted(found)]


def assert_no_leak(logged: str) -> None:
    """Look at what a process wrote to its stderr."""
    leaks = leaks_in("stderr", logged)
    assert not leaks


def leaks_in_files(folder: Path) -> Iterable[str]:
    """Look at the logs that processes left in a folder."""
    for pattern in LOGS:
        for path in folder.rglob(pattern):
            if path.is_file():
                with path.open("rb") as log:
                    yield from leaks_in(path.name, log.read(MOST_BYTES).decode(errors="replace"))
