"""What Market says of the hourly limit in the headers of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

LIMIT = "X-RateLimit-Resource-Limit"
REMAINING = "X-RateLimit-Resource-Remaining"
UNTIL = "X-RateLimit-Resource-Until"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The hourly limit of one method in one cabinet, as Market counted it when it answered.

    Attributes:
        limit: requests allowed in the period.
        remaining: requests left in it.
        until: when the period ends by Market's clock, aware, whole seconds.
    """

    limit: int
    remaining: int
    until: datetime

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Self | None:
        """Read the three headers; None when one is absent or makes no sense."""
        try:
            until = parsedate_to_datetime(headers[UNTIL])
            limit, remaining = int(headers[LIMIT]), int(headers[REMAINING])
        except (KeyError, ValueError):
            return None
        # RFC 5322: "-0000" is UTC of an unknown place, which the standard library gives as a naive time.
        return cls(limit, remaining, until if until.tzinfo else until.replace(tzinfo=UTC))
