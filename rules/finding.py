"""What a rule found, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The four ways of breaking Market's chat policy."""

    CONTACT_REQUEST = "contact-request"
    CONTACT_OFFER = "contact-offer"
    OUTSIDE_LINK = "outside-link"
    OFF_PLATFORM = "off-platform"


class Severity(StrEnum):
    """A violation flags the message; a sign only raises its score."""

    VIOLATION = "violation"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach, pointing into the original: ``document[start:end] == evidence``.

    ``confidence`` is from 0 to 1, ``reason`` one sentence for a shop manager, ``message`` the index in the chat.
    The evidence is kept out of the repr, so that a logged finding gives nobody's phone away.
    """

    rule: str
    category: Category
    severity: Severity
    confidence: float
    start: int
    end: int
    evidence: str
    reason: str
    message: int = 0

    def __repr__(self) -> str:
        return f"Finding({self.rule}, {self.category}, {self.severity}, {self.message}:{self.start}-{self.end})"
