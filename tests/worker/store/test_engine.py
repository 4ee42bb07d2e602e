import multiprocessing
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from tests.postgres_server import PostgresServer
from tests.worker.store.records import NOW, found, reading, said
from worker.errors import OperatorError
from worker.store import Store, migrations
from worker.store.engine import BUSY_TIMEOUT_S, open_engine
from worker.store.schema import metadata


@pytest.fixture
def alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    return config


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_the_migrated_schema_is_the_one_in_the_code(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    unique = inspect(engine).get_unique_constraints("violations")
    assert [constraint["name"] for constraint in unique] == ["one_row_a_violation"]
    engine.dispose()


def test_every_migration_goes_up_down_and_up_again(database_url: str, alembic: Config) -> None:
    engine = open_engine(database_url)
    for _ in range(2):
        for way, target, tables in (
            (command.downgrade, "base", set()),
            (command.upgrade, "head", set(metadata.tables)),
        ):
            with engine.begin() as connection:
                alembic.attributes["connection"] = connection
                way(alembic, target)
            assert set(inspect(engine).get_table_names()) - {"alembic_version"} == tables
    engine.dispose()


def test_the_steps_are_those_that_alembic_knows(alembic: Config) -> None:
    scripts = ScriptDirectory.from_config(alembic)
    assert [step.revision for step in scripts.walk_revisions()] == [*reversed(migrations.STEPS)]
    assert scripts.get_heads() == [migrations.NEWEST]


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.sqlite"
    Store.open(url).close()
    opened = f"import sys; from worker.store import Store; Store.open({url!r}).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", opened], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_opening_again_finds_what_was_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/a.sqlite"
    for expected in (1, 0):
        store = Store.open(url)
        assert len(store.messages.record(reading(said(), violations=(found(),)), now=NOW)) == expected
        store.close()


def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path, postgres: PostgresServer) -> None:
    urls = [f"sqlite:///{tmp_path}/{number}.sqlite" for number in range(4)]
    urls += [postgres.new_database() for _ in range(4)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        opened = pool.map(_open, [url for url in urls for _ in range(4)], chunksize=1)
        pool.close()
        pool.join()
    assert opened == [migrations.NEWEST] * 32


def _open(url: str) -> str | None:
    engine = open_engine(url)
    current = revision(engine)
    engine.dispose()
    return current


def test_sqlite_lets_readers_and_a_writer_work_at_once(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/a.sqlite")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def _no_database(folder: Path) -> str:
    (folder / "a.sqlite").write_bytes(b"this is a letter and no database, however long one reads" * 9)
    return f"sqlite:///{folder}/a.sqlite"


def _no_folder(folder: Path) -> str:
    (folder / "file").touch()
    return f"sqlite:///{folder}/file/a.sqlite"


def _read_only(folder: Path) -> str:
    sqlite3.connect(folder / "a.sqlite").close()
    return f"sqlite:///file:{folder}/a.sqlite?mode=ro&uri=true"


def _newer(folder: Path) -> str:
    connection = sqlite3.connect(folder / "a.sqlite")
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.commit()
    connection.close()
    return f"sqlite:///{folder}/a.sqlite"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_no_database, "a.sqlite cannot be opened (file is not a database); mend data_dir or database_url"),
        (_no_folder, "file/a.sqlite cannot be opened (File exists); mend data_dir or database_url"),
        (_read_only, "cannot be opened (attempt to write a readonly database); mend data_dir or database_url"),
        (_newer, "a.sqlite was made by another version of Chatwarden; install the newest"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_one_line(make: Any, said: str, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(OperatorError) as caught:
        open_engine(make(tmp_path))
    assert said in str(caught.value)
    assert time.monotonic() - began < BUSY_TIMEOUT_S / 2
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hunter2", "database_url cannot be used (Could not parse SQLAlchemy URL"),
        ("nosql://u:hunter2@h/db", "database_url cannot be used (Can't load plugin: sqlalchemy.dialects:nosql)"),
        (
            "mysql+mysqldb://u:hunter2@h/db",
            "database_url cannot be used (No module named 'MySQLdb'); install its driver",
        ),
        ("postgresql://u:p@ss:hunter2@h/db", "database_url cannot be used (its port is no number); mend it"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_its_password(url: str, said: str) -> None:
    with pytest.raises(OperatorError) as caught:
        open_engine(url)
    assert str(caught.value).startswith(said)
    assert "hunter2" not in str(caught.value)
