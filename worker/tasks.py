"""The tasks: a few lines each, around functions that stand elsewhere and are idempotent."""

import functools
import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from celery import Task
from celery.exceptions import Reject
from sqlalchemy.exc import OperationalError

from worker import pipeline, settings
from worker.app import app
from worker.store import MessageKey

TAKE_UP_AT_ONCE = 500
REPORT_AT_ONCE = 200
HOLD = timedelta(minutes=2)  # how long a message that was taken up stays with the queue before it is taken up again
DATABASE_DELAY_S = 1.0

_P = ParamSpec("_P")
_R = TypeVar("_R")


@functools.cache
def _rooms_of(_process: int) -> pipeline.Pipeline:
    return pipeline.build(settings.load())


def _rooms() -> pipeline.Pipeline:
    """Return this process's pipeline; a forked child builds its own."""
    return _rooms_of(os.getpid())


def _back_when_database_is_lost(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Give a task back to the queue, unacknowledged, while the database cannot be used."""

    @functools.wraps(function)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except OperationalError as error:
            time.sleep(DATABASE_DELAY_S)
            raise Reject(type(error.orig).__name__, requeue=True) from None

    return wrapped


@app.task(name="check_message", bind=True, max_retries=3)
@_back_when_database_is_lost
def check_message(self: "Task[Any, Any]", business_id: int, chat_id: int, message_id: int) -> None:
    """Judge one message and hand what it violates on."""
    key = MessageKey(business_id, chat_id, message_id)
    for violation in _rooms().checker.check(key, owner=str(self.request.id)):
        report_violation.delay(violation)


@app.task(name="report_violation", max_retries=3)
@_back_when_database_is_lost
def report_violation(violation_id: int) -> None:
    """Report one violation; what does not arrive stays in the outbox."""
    _rooms().outbox.report(violation_id)


@app.task(name="take_up_waiting")
def take_up_waiting() -> None:
    """Queue the messages that wait in the store and whose time has come."""
    enqueue(_rooms().store.messages.take_due(now=datetime.now(UTC), hold=HOLD, limit=TAKE_UP_AT_ONCE))


@app.task(name="report_unreported")
def report_unreported() -> None:
    """Queue the violations that are not reported."""
    for violation in _rooms().store.violations.unreported(now=datetime.now(UTC), limit=REPORT_AT_ONCE):
        report_violation.delay(violation)


def enqueue(keys: Iterable[MessageKey]) -> int:
    """Put messages into the queue and return how many; kombu's OperationalError when Redis is away."""
    count = 0
    with app.producer_pool.acquire(block=True) as producer:
        for key in keys:
            check_message.apply_async(args=tuple(key), producer=producer)
            count += 1
    return count
