"""What goes into the store and comes out of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class MessageKey(NamedTuple):
    """A message of Market's; the three numbers together are its only key."""

    business_id: int
    chat_id: int
    message_id: int


class State(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    JUDGED = "judged"
    MISSING = "missing"
    FAILED = "failed"


class Standing(NamedTuple):
    """Where a message stands: by which rule set it was judged, or why it was not."""

    state: State
    rule_set: str | None
    last_error: str | None


class Claim(StrEnum):
    """The answer to "may I judge this message?"."""

    TAKEN = "taken"  # yes, and nobody else may until the lease ends
    SETTLED = "settled"  # it has its verdict, or is missing or failed: nothing to do
    BUSY = "busy"  # somebody else is at it
    EXHAUSTED = "exhausted"  # it was begun too often and never brought to an end


@dataclass(frozen=True, slots=True)
class ChatContext:
    """The order or return a chat is about; None where Market gave none."""

    context_type: str | None = None
    order_id: int | None = None
    return_id: int | None = None

    @property
    def own_numbers(self) -> tuple[str, ...]:
        """The numbers that belong to the chat itself and so are nobody's phone."""
        return tuple(str(number) for number in (self.order_id, self.return_id) if number is not None)


@dataclass(frozen=True, slots=True)
class JudgedMessage:
    """A message that was read; text and file names are kept of the shop's own messages only."""

    message_id: int
    created_at: datetime
    sender: str
    text: str | None = None
    file_names: tuple[str, ...] = ()
    is_reminder: bool = False


@dataclass(frozen=True, slots=True)
class KeptChat:
    """A chat with the shop's messages that are kept, oldest first."""

    business_id: int
    chat_id: int
    context: ChatContext
    messages: Sequence[JudgedMessage]


@dataclass(frozen=True, slots=True)
class FoundViolation:
    """A violation as the rules found it; offsets count characters of the message's text."""

    message_id: int
    created_at: datetime
    rule: str
    category: str
    severity: str
    confidence: float
    start: int
    end: int
    evidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one look at a chat brought: recorded together or not at all."""

    business_id: int
    chat_id: int
    rule_set: str
    messages: Sequence[JudgedMessage]
    violations: Sequence[FoundViolation] = ()
    context: ChatContext | None = None
    requests: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation as it stands in the store."""

    id: int
    business_id: int
    chat_id: int
    message_id: int
    rule: str
    category: str
    severity: str
    confidence: float
    start: int
    end: int
    evidence: str
    reason: str
    created_at: datetime
    found_at: datetime
    reported_at: datetime | None
    order_id: int | None
    text: str | None
    file_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A cabinet's method (or "*": all of them) that may not be called until a time."""

    method: str
    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CabinetStatus:
    """The figures of one cabinet."""

    business_id: int
    judged: int = 0
    waiting: int = 0
    missing: int = 0
    failed: int = 0
    violations: int = 0
    unsent_alerts: int = 0
    requests: dict[str, int] = field(default_factory=dict)
