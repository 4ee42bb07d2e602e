"""Logs: lines for people on a terminal, JSON lines elsewhere; ids and states, never texts or keys.

A JSON line holds `time` (ISO 8601, UTC), `level`, `logger`, `message`, the ids of what was being worked on
(`business_id`, `chat_id`, `message_id`) where there was something, and of an exception `error` and `trace`.
"""

import json
import logging
import sys
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Any, Literal

from worker.disclosure import told

# They tell every request, every task and every tick of the schedule; what matters of them is in the store.
TALKATIVE = ("alembic", "celery.app.trace", "celery.beat", "celery.worker.strategy", "httpcore", "httpx")

_NOTHING: Mapping[str, int] = MappingProxyType({})
_worked_on: ContextVar[Mapping[str, int]] = ContextVar("worked_on", default=_NOTHING)


def working_on(**ids: int) -> None:
    """Put these ids into every line from now on instead of those before; without any, none."""
    _worked_on.set(ids)


def set_up_logging(level: str, form: Literal["auto", "people", "json"] = "auto") -> None:
    """Print this process's log to stderr, warnings and errors that nobody caught included."""
    handler = logging.StreamHandler(sys.stderr)
    for_people = form == "people" or (form == "auto" and sys.stderr.isatty())
    handler.setFormatter(PeopleFormatter() if for_people else JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    # Celery warns root of pickled tasks; Chatwarden's workers accept JSON alone.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    sys.excepthook = _log_uncaught


class PeopleFormatter(logging.Formatter):
    """A line an entry, an exception on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry as text."""
        time = datetime.fromtimestamp(record.created).astimezone()
        ids = "/".join(str(number) for number in _worked_on.get().values())
        line = f"{time:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {_message(record)}"
        return "\n  ".join([f"{line} [{ids}]" if ids else line, *_error(record), *_trace(record)])


class JsonFormatter(logging.Formatter):
    """A JSON object an entry, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry as JSON."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **_worked_on.get(),
        }
        if error := list(_error(record)):
            entry |= {"error": error[0], "trace": list(_trace(record))}
        return json.dumps(entry, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The entry's message; what Celery says of a failed task quotes the exception, so it is said again without."""
    task = getattr(record, "data", None)
    if record.name == "celery.app.trace" and isinstance(task, dict):
        return f"task {task.get('name')} ({task.get('id')}) {task.get('description', 'said something')}"
    return record.getMessage()


def _error(record: logging.LogRecord) -> Iterator[str]:
    error = _exception(record)
    seen: list[str] = []
    while error is not None:
        seen.append(told(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if seen:
        yield ", after ".join(seen)


def _trace(record: logging.LogRecord) -> Iterator[str]:
    """Where it happened, outermost first; no source lines and no values."""
    error = _exception(record)
    for frame in traceback.extract_tb(error.__traceback__) if error else ():
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def _exception(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("chatwarden").critical("ended by an error", exc_info=(kind, error, trace))
