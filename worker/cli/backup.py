"""`chatwarden backup`: a copy of the store while everything runs."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from worker import settings
from worker.errors import OperatorError


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backup)


def backup(path: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Copy the store into a file, whole and consistent, while everything runs; for SQLite."""
    url = make_url(settings.load().effective_database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise OperatorError("the store is no SQLite file; use its own tool, such as pg_dump --format=custom")
    if not Path(url.database).is_file():
        raise OperatorError(f"there is no store at {url.database} yet; mend data_dir, or start `chatwarden up` first")
    try:
        path.touch(mode=0o600, exist_ok=False)
        with closing(sqlite3.connect(url.database)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
            # One file instead of three: the write-ahead log is turned on again when it is opened as a store.
            target.execute("PRAGMA journal_mode = DELETE")
    except FileExistsError:
        raise OperatorError(f"{path} is there already; name a new file") from None
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(f"the copy could not be written to {path} ({error}); see its folder and disk") from None
    typer.echo(f"the store is copied to {path}; to restore it, stop Chatwarden and put it in place of {url.database}")
