"""The tasks: a few lines each, around functions that stand elsewhere and are idempotent."""

import contextlib
import functools
import itertools
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

import redis
from celery import Task
from celery.exceptions import Reject
from celery.signals import task_prerun
from kombu import Producer
from kombu.exceptions import OperationalError as KombuOperationalError
from redis import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError

from worker import fair_queue, faults, logs, pipeline, retention, settings
from worker.app import LIVE, SOON, SWEEPS, app, waiting
from worker.store import MessageKey, State, Store
from worker.sweep import LOOK_AGAIN

TAKE_UP_AT_ONCE = 500
ENQUEUE_AT_ONCE = 500
REPORT_AT_ONCE = 10  # so that a slow Sentry does not hold a task up beyond its time
LOOK_AT_ONCE = 500  # chats a tick, unless as many tasks wait already
HOLD = timedelta(seconds=10)  # how long a message may stay in the queue before the queue is thought to have lost it
DATABASE_DELAY_S = 1.0

QUEUE_ERRORS = (KombuOperationalError, RedisError, OSError)  # Redis is away

_P = ParamSpec("_P")
_R = TypeVar("_R")


@task_prerun.connect
def _about_nothing_yet(**_: object) -> None:
    """Keep the ids of the last task out of what this one logs; they stay until now for what Celery says after it."""
    logs.working_on()


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
        except (InterfaceError, OperationalError) as error:
            time.sleep(DATABASE_DELAY_S)
            raise Reject(type(error.orig).__name__, requeue=True) from None

    return wrapped


@app.task(name="check_message", bind=True, max_retries=3)
@_back_when_database_is_lost
def check_message(self: "Task[Any, Any]", business_id: int, chat_id: int, message_id: int) -> None:
    """Judge one message and hand what it violates on."""
    key = MessageKey(business_id, chat_id, message_id)
    faults.working_on(*key)
    done = [key]
    try:
        found, along = _rooms().checker.check(key, owner=str(self.request.id))
        done += [MessageKey(business_id, chat_id, one) for one in along]
        # Without the queue the schedule finds them in the outbox.
        with contextlib.suppress(*QUEUE_ERRORS):
            for at in range(0, len(found), REPORT_AT_ONCE):
                report_violations.delay(*found[at : at + REPORT_AT_ONCE])
    finally:
        with contextlib.suppress(*QUEUE_ERRORS):
            _go_on(business_id, after=done)


@app.task(name="report_violations", max_retries=3)
@_back_when_database_is_lost
def report_violations(*violation_ids: int) -> None:
    """Report violations; what does not arrive stays in the outbox."""
    _rooms().outbox.report(*violation_ids)


@app.task(name="report_unreported", acks_late=False)
def report_unreported() -> None:
    """Report what is unreported."""
    _rooms().outbox.report_all()


@app.task(name="take_up_waiting", acks_late=False)
def take_up_waiting() -> None:
    """Queue the messages that wait in the store and whose time has come, unless many of their cabinet stand in line."""
    with app.producer_pool.acquire(block=True) as producer, _redis_of(producer) as client:
        lines = fair_queue.lengths(client)
    for business_id in lines:  # those at the workers may have been lost
        _go_on(business_id)
    full = [business_id for business_id, length in lines.items() if length >= TAKE_UP_AT_ONCE]
    now = datetime.now(UTC)
    _queue(_rooms().store.messages.take_due(now=now, hold=HOLD, limit=TAKE_UP_AT_ONCE, without=full))


@app.task(name="look_at_moved", acks_late=False)
def look_at_moved() -> None:
    """Look at the chats of which Market said that they moved and whose next look is due, unless many wait already."""
    with app.producer_pool.acquire(block=True) as producer, _redis_of(producer) as client:
        if waiting(client, SWEEPS) >= LOOK_AT_ONCE:
            return
    now = datetime.now(UTC)
    for chat in _rooms().store.hints.take_due(now=now, again_after=LOOK_AGAIN, limit=LOOK_AT_ONCE):
        look_at_chat.delay(*chat)


@app.task(name="look_at_chat", acks_late=False)
def look_at_chat(business_id: int, chat_id: int) -> None:
    """Read what came in a chat since it was read last."""
    _rooms().sweeper.look(business_id, chat_id)


@app.task(name="sweep_all", acks_late=False)
def sweep_all() -> None:
    """Begin a sweep of every cabinet."""
    for cabinet in _rooms().settings.cabinets:
        sweep_cabinet.delay(cabinet.business_id)


@app.task(name="go_on_sweeping", acks_late=False)
def go_on_sweeping() -> None:
    """Go on with sweeps that were stopped by trouble or a crash; those in work notice that they are."""
    rooms = _rooms()
    for cabinet in rooms.settings.cabinets:
        if rooms.store.sweeps.under_way(cabinet.business_id):
            sweep_cabinet.delay(cabinet.business_id, begin=False)


@app.task(name="sweep_cabinet", bind=True, acks_late=False)
def sweep_cabinet(self: "Task[Any, Any]", business_id: int, begin: bool = True) -> None:
    """Take one step of a cabinet's sweep and queue the next behind those of others."""
    logs.working_on(business_id=business_id)
    rooms = _rooms()
    since = datetime.now(UTC) - timedelta(days=rooms.settings.sweep_back_days)
    step = rooms.sweeper.step(business_id, owner=str(self.request.id), since=since, begin=begin)
    if not step.done:
        sweep_cabinet.delay(business_id, begin=False)


@app.task(name="audit_all", acks_late=False)
def audit_all(schedule: str) -> None:
    """Begin the audits of a schedule, "audit" or "digest"."""
    for run_id, business_id in _rooms().rounds.begin(schedule):
        audit_cabinet.delay(run_id, business_id)


@app.task(name="go_on_auditing", acks_late=False)
def go_on_auditing() -> None:
    """Go on with scheduled audits that were stopped by trouble or a crash, and tell of those that ended."""
    rounds = _rooms().rounds
    for run_id, business_id in rounds.at_rest():
        audit_cabinet.delay(run_id, business_id)
    rounds.tell()


@app.task(name="audit_cabinet", bind=True, acks_late=False)
def audit_cabinet(self: "Task[Any, Any]", run_id: str, business_id: int) -> None:
    """Take one step of a cabinet's audit and queue the next behind those of others."""
    logs.working_on(business_id=business_id)
    step = _rooms().auditor.step(run_id, business_id, owner=str(self.request.id))
    if not step.done and not step.trouble:
        audit_cabinet.delay(run_id, business_id)


@app.task(name="delete_old", acks_late=False)
def delete_old() -> None:
    """Delete what was kept long enough."""
    rooms = _rooms()
    retention.delete_old(rooms.store, rooms.settings, now=datetime.now(UTC))


def enqueue(
    store: Store, keys: Iterable[MessageKey], *, refuse: Callable[[MessageKey, State], object] = lambda *_: None
) -> int:
    """Put messages into the store and the queue, and return how many.

    Those that are missing or failed are not taken, and told to `refuse`. Raises QueueLostError when Redis is away: then
    the messages wait in the store and are taken up when it is back.
    """
    count, lost = 0, False
    iterator = iter(keys)
    while some := list(itertools.islice(iterator, ENQUEUE_AT_ONCE)):
        now = datetime.now(UTC)
        store.messages.expect(some, now=now, due_at=now + HOLD)
        settled = store.messages.without_verdict(some)
        for key in some:
            if key in settled:
                refuse(key, settled[key])
        taken = [key for key in some if key not in settled]
        count += len(taken)
        lost = lost or not hand_over(taken)
    if lost:
        raise QueueLostError(count)
    return count


class QueueLostError(Exception):
    """Redis is away; `count` messages wait in the store."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} messages wait in the store")
        self.count = count


def hand_over(keys: Iterable[MessageKey]) -> bool:
    """Put messages that the store knows into the queue; False when Redis is away."""
    try:
        _queue(keys)
    except QUEUE_ERRORS:
        return False
    return True


def _queue(keys: Iterable[MessageKey]) -> None:
    """Let ids join the lines of their cabinets, and put into the queue whose turn it is."""
    of_cabinets: dict[int, list[MessageKey]] = {}
    for key in keys:
        of_cabinets.setdefault(key.business_id, []).append(key)
    with app.producer_pool.acquire(block=True) as producer:
        for business_id, joining in of_cabinets.items():
            _admit(producer, business_id, joining=joining)


def _go_on(business_id: int, *, after: Collection[MessageKey] = ()) -> None:
    """Put into the queue who is next in a cabinet's line after those whose check has ended."""
    with app.producer_pool.acquire(block=True) as producer:
        _admit(producer, business_id, leaving=after)


def _admit(
    producer: Producer,
    business_id: int,
    *,
    joining: Collection[MessageKey] = (),
    leaving: Collection[MessageKey] = (),
) -> None:
    share = app.conf.checks_of_a_cabinet
    with _redis_of(producer) as client:
        admitted = fair_queue.admit(client, business_id, share=share, joining=joining, leaving=leaving)
    for key in admitted:
        # Who had to stand in line has many behind: those of other cabinets that had not go ahead.
        priority = LIVE if key in joining else SOON
        check_message.apply_async(args=tuple(key), producer=producer, retry=False, priority=priority)


@contextlib.contextmanager
def _redis_of(producer: Producer) -> Iterator[redis.Redis]:
    """Give a client of the Redis that a producer puts tasks into.

    Not the channel's own, which answers late to who comes next when it was asked for a reply that did not come.
    """
    with producer.channel.conn_or_acquire() as client:  # type: ignore[union-attr]
        yield client
