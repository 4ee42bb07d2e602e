"""`chatwarden doctor`: looks at everything that can be wrong, and says of each what it is and how to mend it.

It changes nothing but two things that it says: Market counts its requests, and Sentry gets a test event.
"""

from collections.abc import Iterator

from worker.doctor import alerts, database, machine, market, queue, web, workers
from worker.doctor.diagnosis import Diagnosis
from worker.settings import Settings


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Look at one thing after the other, those first on which others rest."""
    for room in (machine, database, queue, workers, market, alerts, web):
        yield from room.examine(settings)
