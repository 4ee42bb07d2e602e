import sqlite3
from contextlib import closing
from pathlib import Path

from tests.worker.doctor.conftest import See
from worker.doctor import database
from worker.doctor.diagnosis import State
from worker.store import Store, revisions

FILE = Path("chatwarden-data/chatwarden.sqlite")
URL = f"sqlite:///{FILE}"


def written(*statements: str) -> None:
    with closing(sqlite3.connect(FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_database_that_is_not_there_is_not_made(see: See) -> None:
    state, _, said = see(database.examine)[0]
    assert (state, said) == (State.WARNING, "there is none yet; start `chatwarden up`: it is made then")
    assert not FILE.parent.exists()


def test_all_is_well(see: See) -> None:
    Store.open(URL).close()
    newest = revisions(URL)[1]
    assert see(database.examine) == [
        (State.OK, "database", f"opens, its schema is the newest ({newest})"),
        (State.OK, "messages", "0 judged, none failed"),
    ]


def test_failed_messages(see: See) -> None:
    Store.open(URL).close()
    written("INSERT INTO messages (business_id, chat_id, message_id, state, first_seen_at, attempts) "
            "VALUES (1, 1, 1, 'failed', '2026-01-01 00:00:00', 4)")  # fmt: skip
    state, _, said = see(database.examine)[1]
    assert state is State.WARNING
    assert said.endswith("1 could not be judged; see the faults in Sentry or the log, then run `chatwarden retry`")


def test_a_schema_of_another_version(see: See) -> None:
    Store.open(URL).close()
    written("UPDATE alembic_version SET version_num = '9999'")
    [(state, _, said)] = see(database.examine)
    assert state is State.WRONG
    assert said.endswith("was made by another version of Chatwarden; install the newest, or set database_url to "
                         "another database")  # fmt: skip


def test_a_schema_that_is_older(see: See) -> None:
    Store.open(URL).close()
    written("DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0001')")
    newest = revisions(URL)[1]
    [(state, _, said), *_] = see(database.examine)
    assert newest == "0001" or (state is State.WRONG and said.endswith("then run `chatwarden migrate`"))


def test_a_database_that_cannot_be_opened(see: See) -> None:
    FILE.parent.mkdir()
    FILE.write_text("no database at all, but longer than a header of one hundred bytes " * 9)
    [(state, _, said)] = see(database.examine)
    assert state is State.WRONG
    assert "cannot be opened (file is not a database); mend data_dir" in said
