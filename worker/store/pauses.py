"""Pauses: methods of a cabinet, or the whole cabinet, that may not be called until a time."""

from datetime import datetime

from sqlalchemy import Engine, String, bindparam, delete, select, update

from worker.store.engine import for_reading
from worker.store.records import Pause
from worker.store.schema import pauses
from worker.store.upsert import insert

WHOLE_CABINET = "*"

# Asked for every message, so built once.
_STANDING = (
    select(pauses.c.method, pauses.c.since, pauses.c.until, pauses.c.reason)
    .where(
        pauses.c.business_id == bindparam("at_business"),
        pauses.c.method.in_((bindparam("at_method", type_=String), WHOLE_CABINET)),
    )
    .order_by(pauses.c.until.desc())
)


class Pauses:
    """The pauses' part of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reads = for_reading(engine)

    def find(self, business_id: int, method: str) -> Pause | None:
        """Return the pause that stands over `method`, or None; one whose time is over stands until `end`."""
        with self._reads.connect() as connection:
            row = connection.execute(_STANDING, {"at_business": business_id, "at_method": method}).first()
        return Pause(*row) if row else None

    def begin(self, business_id: int, method: str, *, now: datetime, until: datetime, reason: str) -> bool:
        """Begin a pause or prolong it; True when there was none since the last success."""
        statement = insert(self._engine.dialect.name, pauses).values(
            business_id=business_id, method=method, since=now, until=until, reason=reason
        )
        longer = update(pauses).where(pauses.c.business_id == business_id, pauses.c.method == method)
        with self._engine.begin() as connection:
            begun = connection.execute(statement.on_conflict_do_nothing().returning(pauses.c.method)).first()
            if begun is None:
                connection.execute(longer.values(until=until, reason=reason))
        return begun is not None

    def end(self, business_id: int, method: str) -> None:
        """Forget a pause that is over: the method has answered again."""
        with self._engine.begin() as connection:
            connection.execute(delete(pauses).where(pauses.c.business_id == business_id, pauses.c.method == method))
