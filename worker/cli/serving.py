"""`chatwarden serve`: the doors."""

import gc
import logging
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from worker import settings

logger = logging.getLogger(__name__)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen; that of the settings unless given.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0 takes a free one; that of the settings unless given.")
    ] = None,
    ready_file: Annotated[Path | None, typer.Option(help="Gets the port once it listens.")] = None,
) -> None:
    """Open the doors: Market's notifications, the check before sending, health and metrics."""
    current = settings.load()
    from worker import faults
    from worker.logs import set_up_logging
    from worker.store import Store
    from worker.web import serving
    from worker.web.app import create_app

    set_up_logging(current.log_level, current.log_format)
    if current.sentry_dsn:
        faults.report_faults_to(current.sentry_dsn.get_secret_value())
    with (
        closing(Store.open(current.effective_database_url)) as store,
        serving.listen(host or current.web_host, current.web_port if port is None else port) as listener,
    ):
        address, chosen = listener.getsockname()[:2]

        def announce() -> None:
            if ready_file is not None:
                draft = ready_file.with_name(f"{ready_file.name}.draft")
                draft.write_text(f"{chosen}\n", encoding="ascii")
                draft.replace(ready_file)
            shown = f"[{address}]" if ":" in address else address
            logger.info("the doors are open at http://%s:%s", shown, chosen)

        app = create_app(current, store)
        gc.freeze()  # what stays for ever need not be looked through while answers wait
        serving.serve(app, listener, announce)
