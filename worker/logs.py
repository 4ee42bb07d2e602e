"""Logs: ids and states, never texts or keys."""

import logging
import sys


def set_up_logging(level: str) -> None:
    """Print this process's log to stderr, one line an entry."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Both tell every request and every task; what matters of them is in the store.
    for name in ("httpx", "httpcore", "celery.app.trace", "celery.worker.strategy", "sentry_sdk.errors"):
        logging.getLogger(name).setLevel(logging.WARNING)
