"""A worker that breaks as Celery's does, once: `python -m tests.reliability.broken_worker worker`."""

import os
from unittest.mock import patch

from celery.worker.consumer import Consumer

from worker.cli import main

BROKE = "BROKE_BEFORE"  # an environment variable, which outlives the worker's new beginning


def start(_consumer: Consumer) -> None:
    """Break."""
    raise AttributeError("'NoneType' object has no attribute 'hostname'")


if __name__ == "__main__":
    if BROKE not in os.environ:
        os.environ[BROKE] = "1"
        patch.object(Consumer, "start", start).start()
    main()
