"""INSERT ... ON CONFLICT, which SQLAlchemy words for each database apart."""

from typing import cast

from sqlalchemy import Engine, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(engine: Engine, table: Table) -> sqlite.Insert:
    """Return the INSERT of the engine's database; both have the same ON CONFLICT and RETURNING."""
    if engine.dialect.name == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)
