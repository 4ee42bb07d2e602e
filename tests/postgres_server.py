"""A PostgreSQL of the tests' own, from the machine's packages, with a new database for whoever asks."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.waiting import until
from worker.processes import Children

DEBIAN = Path("/usr/lib/postgresql")  # its packages leave the server off PATH
USER = "postgres"  # as which it runs where the tests are root's: it refuses to be root


class PostgresServer:
    """A running server, to be reached over a socket in its folder.

    Attributes:
        binaries: the folder of its programs.
    """

    def __init__(self, children: Children, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self._children = children
        self._folder = folder
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", USER, "--auth", "trust", "--no-sync"]
        subprocess.run([*_as_user(), *initdb], check=True, capture_output=True, cwd=folder)
        options = ["-c", "listen_addresses=", "-c", "max_connections=200"]
        command = [*_as_user(), str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
        self._child = children.start("postgres", command, log=folder / "server.log")
        until(self._answers)

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self._ask(f"CREATE DATABASE {name}")
        return self._url(name)

    def kill(self) -> None:
        """SIGKILL the server with all its processes."""
        self._child.process.kill()
        self._child.process.wait()

    def revive(self) -> None:
        """Start a killed server again."""
        self._children.restart(self._child)
        until(self._answers)

    def _answers(self) -> bool:
        try:
            self._ask("SELECT 1")
        except OperationalError:
            return False
        return True

    def _ask(self, statement: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self._folder}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server for as long as the block runs; skips the test where none is installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: neither on PATH nor under /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER, USER)
    with Children() as children:
        server = PostgresServer(children, binaries, folder)
        yield server
        server.kill()  # asked kindly, it would wait for connections that a test left open
    shutil.rmtree(folder)


def _binaries() -> Path | None:
    places = [Path(found).resolve().parent for found in (shutil.which("postgres"),) if found]
    return next(iter([*places, *sorted(DEBIAN.glob("*/bin"), reverse=True)]), None)


def _as_user() -> list[str]:
    return (
        ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--pdeathsig=INT"]
        if os.geteuid() == 0
        else []
    )
