"""Logs: ids and states, never texts or keys."""

import logging
import sys
import warnings


def set_up_logging(level: str) -> None:
    """Print this process's log to stderr, one line an entry."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # They tell every request, every task and every tick of the schedule; what matters of them is in the store.
    for name in ("alembic", "celery.app.trace", "celery.beat", "celery.worker.strategy", "httpcore", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Celery warns root of pickled tasks; Chatwarden's workers accept JSON alone.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
