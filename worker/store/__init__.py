"""The store: SQLAlchemy over SQLite by default or another database by URL.

Each part answers for some tables; what belongs together is written in one transaction.
"""

from sqlalchemy import Engine

from worker.store.alerts import Alerts
from worker.store.audits import Audit, Audits, AuditState, NotJudged, Sums, UnderWayError
from worker.store.engine import open_engine, revisions
from worker.store.figures import Figures
from worker.store.gauges import Gauges
from worker.store.hints import Hints
from worker.store.messages import Messages
from worker.store.pauses import WHOLE_CABINET, Pauses
from worker.store.records import (
    CabinetStatus,
    ChatContext,
    Claim,
    FoundViolation,
    JudgedMessage,
    KeptChat,
    MessageKey,
    Pause,
    Reading,
    Standing,
    State,
    Violation,
)
from worker.store.reminders import Reminder, Reminders
from worker.store.retention import Deletion, Retention
from worker.store.sends import Outcome, Sending, Sends
from worker.store.sweeps import Sweep, Sweeps
from worker.store.violations import Filter, Violations

__all__ = [
    "WHOLE_CABINET",
    "Audit",
    "AuditState",
    "CabinetStatus",
    "ChatContext",
    "Claim",
    "Deletion",
    "Filter",
    "FoundViolation",
    "JudgedMessage",
    "KeptChat",
    "MessageKey",
    "NotJudged",
    "Outcome",
    "Pause",
    "Reading",
    "Reminder",
    "Sending",
    "Standing",
    "State",
    "Store",
    "Sums",
    "Sweep",
    "UnderWayError",
    "Violation",
    "revisions",
]


class Store:
    """All of the store over one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.messages = Messages(engine)
        self.hints = Hints(engine)
        self.violations = Violations(engine)
        self.alerts = Alerts(engine)
        self.sweeps = Sweeps(engine)
        self.sends = Sends(engine)
        self.pauses = Pauses(engine)
        self.reminders = Reminders(engine)
        self.audits = Audits(engine)
        self.retention = Retention(engine)
        self.figures = Figures(engine)
        self.gauges = Gauges(engine)

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open the database at `url` and bring its schema up to date; OperatorError when that cannot be done."""
        return cls(open_engine(url))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
