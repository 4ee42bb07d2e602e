"""The database connection: SQLite in WAL by default, another by URL; and its migrations."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from worker.errors import OperatorError
from worker.store import migrations

MIGRATING = 8_310_914  # the lock's number among those of the database; any will do
BUSY_TIMEOUT_S = 30.0  # how long a writer of SQLite waits for the others


def open_engine(url: str) -> Engine:
    """Open the database at `url`, bring its schema up to date, and return it.

    Raises OperatorError when the URL, its driver or the database itself is not usable.
    """
    engine = _unopened(url)
    with _explained(engine):
        _make_folder_of(engine.url)
        migrate(engine)
    return engine


def revisions(url: str) -> tuple[str | None, str]:
    """Return the revision of a database's schema, None where there is none yet, and the newest; changes nothing.

    Raises OperatorError as `open_engine` does.
    """
    engine = _unopened(url)
    if engine.url.get_backend_name() == "sqlite" and not Path(engine.url.database or "").exists():
        return None, migrations.NEWEST
    with _explained(engine), for_reading(engine).connect() as connection:
        revision = migrations.revision(connection)
    engine.dispose()
    return revision, migrations.NEWEST


def _unopened(url: str) -> Engine:
    try:
        return _engine(make_url(url))
    except ArgumentError as error:
        raise OperatorError(f"database_url cannot be used ({error}); write one that SQLAlchemy knows") from None
    except ModuleNotFoundError as error:
        advice = "install its driver, for PostgreSQL pip install 'psycopg[binary]'"
        raise OperatorError(f"database_url cannot be used ({error}); {advice}") from None
    except ValueError:  # its text quotes what may be a part of the password
        raise OperatorError("database_url cannot be used (its port is no number); mend it") from None


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    """Turn what databases raise into one line for people; the engine is closed then."""
    shown = engine.url.render_as_string(hide_password=True)
    try:
        yield
    except (DatabaseError, OSError) as error:
        engine.dispose()
        reason = " ".join(str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).split())
        raise OperatorError(
            f"the database {shown} cannot be opened ({reason}); mend data_dir or database_url, or its permissions"
        ) from None
    except migrations.UnknownRevisionError:
        engine.dispose()
        raise OperatorError(
            f"the database {shown} was made by another version of Chatwarden; install the newest, "
            "or set database_url to another database"
        ) from None


def migrate(engine: Engine) -> None:
    """Bring the schema up to date; several processes may do so at once."""
    with for_reading(engine).connect() as connection:
        if migrations.revision(connection) == migrations.NEWEST:
            return
    # One transaction around it all: a second process waits here, then finds nothing left to do.
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite has one writer anyway
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
        migrations.upgrade(connection)


def _make_folder_of(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database:
        # What the shop wrote is nobody else's to read.
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _engine(url: URL) -> Engine:
    if url.drivername == "postgresql":  # without a driver's name SQLAlchemy means the one before
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
        event.listen(engine, "handle_error", _keep_rows_out)
        return engine
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _keep_rows_out(context: ExceptionContext) -> None:
    """Cut an error down to its first line: PostgreSQL quotes in its details the row, and so what the shop wrote."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own: `_begin_at_once` does
    _turn_wal_on(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _turn_wal_on(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; SQLite does not wait for others that do so at the same moment, so try again."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if (
                error.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
                or time.monotonic() > deadline
            ):
                raise
            time.sleep(0.02)


def for_reading(engine: Engine) -> Engine:
    """Return the same database for connections that only read: they wait for no writer."""
    return engine.execution_options(reads_only=True)


def _begin_at_once(connection: Connection) -> None:
    """Take SQLite's write lock at the start: a reader that turns writer midway would fail when another wrote."""
    if not connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
