"""Figures for people and monitors: how many of what."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Engine, func, select

from worker.store.engine import for_reading
from worker.store.records import CabinetStatus, State
from worker.store.schema import messages, requests, violations


class Figures:
    """The figures' part of the store: reads only."""

    def __init__(self, engine: Engine) -> None:
        self._reads = for_reading(engine)

    def status(self, business_ids: Iterable[int]) -> list[CabinetStatus]:
        """Return the figures of these cabinets and of all others that the store knows, by number."""
        found = {number: CabinetStatus(number) for number in business_ids}

        def add(business_id: int, **figures: object) -> None:
            found[business_id] = replace(found.get(business_id, CabinetStatus(business_id)), **figures)  # type: ignore[arg-type]

        states = select(messages.c.business_id, messages.c.state, func.count()).group_by(
            messages.c.business_id, messages.c.state
        )
        alerts = select(
            violations.c.business_id, func.count(), func.count() - func.count(violations.c.reported_at)
        ).group_by(violations.c.business_id)
        with self._reads.connect() as connection:
            for business_id, state, count in connection.execute(states):
                add(business_id, **{State(state).value: count})
            for business_id, count, unsent in connection.execute(alerts):
                add(business_id, violations=count, unsent_alerts=unsent)
            for business_id, method, count in connection.execute(select(requests)):
                spent = found.get(business_id, CabinetStatus(business_id)).requests
                add(business_id, requests={**spent, method: count})
        return [found[number] for number in sorted(found)]
