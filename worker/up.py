"""`chatwarden up`: the whole pipeline on one machine against the real Market."""

import contextlib
import os
import sys
import time

import typer

from worker.cabinets import Cabinet
from worker.cli.run import require_redis
from worker.embedded import alone_in, embedded_redis, make_folder
from worker.errors import OperatorError
from worker.logs import set_up_logging
from worker.market.errors import MarketError
from worker.pipeline import market_client
from worker.processes import Child, Children, Revival, stop_signals
from worker.settings import Settings
from worker.store import Store

WATCH_EVERY_S = 1.0


def run(settings: Settings) -> int:
    """Run until somebody asks to stop; return the exit code.

    OperatorError when nothing can be run: no cabinet with a working key, no data folder, no Redis, no database.
    """
    set_up_logging(settings.log_level)
    make_folder(settings.data_dir)
    with stop_signals() as stop, contextlib.ExitStack() as rooms:
        rooms.enter_context(alone_in(settings.data_dir))
        if sum(check_key(settings, cabinet) for cabinet in settings.require_cabinets()) == 0:
            raise OperatorError("no cabinet can be watched; mend the keys named above and start again")
        Store.open(settings.effective_database_url).close()
        children = rooms.enter_context(Children())
        if settings.redis_url:
            require_redis(settings.redis_url.get_secret_value())
        else:
            rooms.enter_context(embedded_redis(children, settings.data_dir, stop))
        for name in ("worker", "beat"):
            start_command(children, name)
        typer.echo(f"Chatwarden is up, its data in {settings.data_dir}; Ctrl-C stops it", err=True)
        revival = Revival(children)
        while not stop.wait(WATCH_EVERY_S):
            revival.look(time.monotonic())
        typer.echo("Chatwarden stops: work in hand is finished first", err=True)
    return 0


def start_command(children: Children, name: str) -> Child:
    """Start one of Chatwarden's own commands as a child."""
    return children.start(name, [sys.executable, "-m", "worker.cli", name], environment=os.environ)


def check_key(settings: Settings, cabinet: Cabinet) -> bool:
    """Say in one line whether a cabinet's key works; False when it cannot read chats."""
    try:
        with market_client(settings, cabinet) as client:
            token = client.get_auth_token_info()
    except (OperatorError, MarketError) as error:
        permanent = isinstance(error, OperatorError) or error.permanent
        advice = "mend the key" if permanent else "it is tried again while running"
        said = str(error) if isinstance(error, OperatorError) else f"cabinet {cabinet.title}: {error}; {advice}"
        typer.echo(f"chatwarden: {said}", err=True)
        return not permanent
    if not token.can_read_chats:
        typer.echo(
            f"chatwarden: cabinet {cabinet.title}: the key may not read chats (it has {', '.join(token.scopes)}); "
            "make one with the scope communication",
            err=True,
        )
        return False
    typer.echo(f"cabinet {cabinet.title}: the key works, scopes {', '.join(token.scopes)}", err=True)
    return True
