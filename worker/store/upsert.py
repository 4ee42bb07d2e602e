"""INSERT ... ON CONFLICT, which SQLAlchemy words for each database apart."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(dialect: str, table: Table) -> sqlite.Insert:
    """Return the INSERT of a database, by SQLAlchemy's name of it; both have the same ON CONFLICT and RETURNING."""
    if dialect == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)
