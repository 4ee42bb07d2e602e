"""The doctor's visit: all rooms in turn."""

from collections.abc import Iterator

from worker.doctor import alerts, database, machine, market, queue, web, workers
from worker.doctor.diagnosis import Diagnosis
from worker.settings import Settings


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Look at one thing after the other, those first on which others rest."""
    for room in (machine, database, queue, workers, market, alerts, web):
        yield from room.examine(settings)
