"""The schema's history, one file a step. Alembic, which takes the steps, is loaded only where one is to be taken."""

from pathlib import Path

from sqlalchemy import Connection, String, column, inspect, select, table

FOLDER = Path(__file__).parent
STEPS = tuple(sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py")))
NEWEST = STEPS[-1]

_VERSIONS = table("alembic_version", column("version_num", String))


class UnknownRevisionError(Exception):
    """The schema is at a step that this version does not know."""


def revision(connection: Connection) -> str | None:
    """Return the step at which a database's schema is, None where there is none yet; UnknownRevisionError."""
    if not inspect(connection).has_table(_VERSIONS.name):
        return None
    found: str | None = connection.scalar(select(_VERSIONS.c.version_num))
    if found is not None and found not in STEPS:
        raise UnknownRevisionError
    return found


def upgrade(connection: Connection) -> None:
    """Take the steps that are left to the newest, none where it is there."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
