"""`chatwarden demo`, `up`, `worker` and `beat`: everything that runs."""

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from worker import settings
from worker.errors import OperatorError
from worker.processes import in_a_child, stop_signals


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (demo, up, worker, beat):
        app.command()(command)


def demo() -> None:
    """Run the whole pipeline on this machine against a sandbox Market: no key, no account, nothing to install."""
    from worker.demo.run import run

    raise typer.Exit(run())


def up() -> None:
    """Check the keys, then run queue, workers and schedule until Ctrl-C."""
    from worker.up import run

    raise typer.Exit(run(settings.load()))


def worker(
    processes: Annotated[int | None, typer.Option(min=1, help="Processes; that of the settings unless given.")] = None,
    queues: Annotated[
        str | None, typer.Option("--queues", "-Q", help="Queues to work on, by commas; all unless given.")
    ] = None,
) -> None:
    """Run one worker; as many as you like may run, on as many machines as you like."""
    current = _ready_to_work()
    from celery.utils.nodenames import host_format
    from celery.worker import state

    from worker.app import QUEUES, app, broker_url
    from worker.logs import set_up_logging

    # Celery would wait for ever on a queue that nobody writes to.
    chosen = queues.split(",") if queues else QUEUES
    if unknown := ", ".join(set(chosen).difference(QUEUES)):
        raise OperatorError(f"there is no queue {unknown}; -Q takes {', '.join(QUEUES)}, several by commas")
    set_up_logging(current.log_level, current.log_format)
    _load_what_children_share()
    own = app.Worker(
        queues=chosen,
        concurrency=processes or current.worker_processes,
        hostname=host_format("chatwarden-%i@%h"),
        loglevel=current.log_level,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    try:
        own.start()
        raise typer.Exit(own.exitcode or 0)
    finally:
        if state.should_stop is None and state.should_terminate is None:
            _begin_again(broker_url(current))


def beat() -> None:
    """Run the schedule; one is enough."""
    current = in_a_child(_ready_to_work)
    from worker.app import app
    from worker.logs import set_up_logging

    set_up_logging(current.log_level, current.log_format)
    app.conf.include = ()  # it sends by names alone
    current.data_dir.mkdir(parents=True, exist_ok=True)
    app.Beat(quiet=True, loglevel=current.log_level).run()


def _ready_to_work() -> settings.Settings:
    """Check what a process needs before it starts; OperatorError says what is missing."""
    current = settings.load()
    for cabinet in current.require_cabinets():
        cabinet.read_key()
    from worker.app import broker_url
    from worker.broker import require_redis
    from worker.store import Store

    require_redis(broker_url(current))
    Store.open(current.effective_database_url).close()
    return current


def _load_what_children_share() -> None:
    """Load before the fork what every child needs, and keep the garbage collector from copying it for each."""
    import rules
    import worker.tasks  # noqa: F401 - for its sake

    rules.check("Здравствуйте! Заказ отправлен.")
    gc.collect()
    gc.freeze()


def _begin_again(url: str) -> None:
    """Become a new worker when Redis answers: Celery's may break when an acknowledgement meets a lost connection."""
    from worker.broker import require_redis

    with stop_signals() as stop:
        while not stop.wait(1.0):
            with suppress(OperatorError):
                require_redis(url)
                os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this very command
