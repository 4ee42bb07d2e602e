import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.postgres_server import PostgresServer
from tests.worker.cli.conftest import Command
from worker.store import MessageKey, Store

FILE = Path("chatwarden-data/chatwarden.sqlite")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEPT, LATER = MessageKey(1, 2, 3), MessageKey(1, 2, 4)


@pytest.fixture
def store(environment: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of this folder, open and in use."""
    store = Store.open(f"sqlite:///{FILE}")
    store.messages.expect([KEPT], now=NOW, due_at=NOW)
    yield store
    store.close()


def test_a_copy_made_while_it_is_in_use_restores_what_was_there(chatwarden: Command, store: Store) -> None:
    answer = chatwarden("backup", "copy.sqlite")
    assert (answer.code, answer.err) == (0, "")
    assert Path("copy.sqlite").stat().st_mode & 0o777 == 0o600
    store.messages.expect([LATER], now=NOW, due_at=NOW)
    store.close()

    shutil.rmtree(FILE.parent)
    FILE.parent.mkdir()
    shutil.copy("copy.sqlite", FILE)

    restored = Store.open(f"sqlite:///{FILE}")
    [figures] = restored.figures.status([])
    restored.close()
    assert figures.waiting == 1


def test_a_dump_of_postgresql_restores_what_was_there(postgres: PostgresServer, tmp_path: Path) -> None:
    before, after = postgres.new_database(), postgres.new_database()
    with closing(Store.open(before)) as store:
        store.messages.expect([KEPT], now=NOW, due_at=NOW)
    dump, restore = postgres.binaries / "pg_dump", postgres.binaries / "pg_restore"
    subprocess.run([dump, "--format=custom", f"--file={tmp_path}/store.dump", before], check=True)
    subprocess.run([restore, f"--dbname={after}", f"{tmp_path}/store.dump"], check=True)
    with closing(Store.open(after)) as store:
        [figures] = store.figures.status([])
    assert figures.waiting == 1


def test_nothing_is_written_over(chatwarden: Command, store: Store) -> None:
    Path("copy.sqlite").write_text("mine")
    assert chatwarden("backup", "copy.sqlite").error == "copy.sqlite is there already; name a new file"
    assert Path("copy.sqlite").read_text() == "mine"


def test_there_must_be_a_store(chatwarden: Command) -> None:
    assert chatwarden("backup", "copy.sqlite").error.endswith("mend data_dir, or start `chatwarden up` first")


def test_a_place_that_cannot_be_written(chatwarden: Command, store: Store) -> None:
    assert "see its folder and disk" in chatwarden("backup", "nowhere/copy.sqlite").error


def test_postgresql_has_its_own_tool(chatwarden: Command, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATWARDEN_DATABASE_URL", "postgresql://me:hunter2@db/chats")
    assert chatwarden("backup", "copy.sqlite").error.endswith("such as pg_dump --format=custom")
