"""`chatwarden up`: the whole pipeline on one machine against the real Market."""

import contextlib
import logging
import os
import sys
import time

from worker.cabinets import Cabinet
from worker.doctor.diagnosis import State
from worker.embedded import alone_in, embedded_redis, make_folder
from worker.errors import OperatorError
from worker.logs import set_up_logging
from worker.processes import Child, Children, Revival, in_a_child, stop_signals
from worker.settings import Settings

logger = logging.getLogger(__name__)

WATCH_EVERY_S = 1.0

_LEVELS = {State.OK: logging.INFO, State.WARNING: logging.WARNING, State.WRONG: logging.ERROR}


def run(settings: Settings) -> int:
    """Run until somebody asks to stop; return the exit code.

    OperatorError when nothing can be run: no cabinet with a working key, no data folder, no Redis, no database.
    """
    set_up_logging(settings.log_level, settings.log_format)
    make_folder(settings.data_dir)
    with stop_signals() as stop, contextlib.ExitStack() as rooms:
        rooms.enter_context(alone_in(settings.data_dir))
        in_a_child(_make_ready, settings)  # this process then watches the others, and needs little for that
        children = rooms.enter_context(Children())
        if settings.redis_url:
            in_a_child(_require_redis, settings.redis_url.get_secret_value())
        else:
            rooms.enter_context(embedded_redis(children, settings.data_dir, stop))
        for name in ("serve", "worker", "beat") if in_a_child(_can_serve, settings) else ("worker", "beat"):
            start_command(children, name)
        logger.info("Chatwarden is up, its data in %s; Ctrl-C stops it", settings.data_dir)
        revival = Revival(children)
        while not stop.wait(WATCH_EVERY_S):
            revival.look(time.monotonic())
        logger.info("Chatwarden stops: work in hand is finished first")
    return 0


def start_command(children: Children, name: str) -> Child:
    """Start one of Chatwarden's own commands as a child."""
    return children.start(name, [sys.executable, "-m", "worker.cli", name], environment=os.environ)


def _require_redis(url: str) -> None:
    from worker.broker import require_redis

    require_redis(url)


def _make_ready(settings: Settings) -> None:
    """Check the keys and bring the database up to date; OperatorError when that cannot be done."""
    from worker.store import Store

    if sum(_can_be_watched(settings, cabinet) for cabinet in settings.require_cabinets()) == 0:
        raise OperatorError("no cabinet can be watched; mend the keys named above and start again")
    Store.open(settings.effective_database_url).close()


def _can_be_watched(settings: Settings, cabinet: Cabinet) -> bool:
    """Say in one line whether a cabinet's key works; False when it surely cannot read chats."""
    from worker.doctor.market import key_of
    from worker.pipeline import market_client

    try:
        with market_client(settings, cabinet) as client:
            found = key_of(client, cabinet)
    except OperatorError as error:
        logger.error("%s", error)
        return False
    logger.log(_LEVELS[found.state], "%s", found)
    return found.state is not State.WRONG


def _can_serve(settings: Settings) -> bool:
    """Whether the doors can be opened; without them sweeps find what there is, so nothing else is stopped."""
    if settings.web_port == 0:
        return False
    from worker.web.serving import listen

    try:
        listen(settings.web_host, settings.web_port).close()
    except OperatorError as error:
        logger.error("the doors stay shut: %s", error)
        return False
    return True
