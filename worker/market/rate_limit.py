"""What Market says of the hourly limit in the headers of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

LIMIT = "X-RateLimit-Resource-Limit"
REMAINING = "X-RateLimit-Resource-Remaining"
UNTIL = "X-RateLimit-Resource-Until"
DATE = "Date"

# A difference between two clocks that network and whole seconds explain is none.
SAME_CLOCK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The hourly limit of one method in one cabinet, as Market counted it when it answered.

    Attributes:
        limit: requests allowed in the period.
        remaining: requests left in it.
        until: when the period ends by this machine's clock, aware. A clock that is ahead of Market's would otherwise
            take the end for past, and ask again and again.
    """

    limit: int
    remaining: int
    until: datetime

    @classmethod
    def from_headers(cls, headers: Mapping[str, str], *, now: datetime | None = None) -> Self | None:
        """Read the three headers; None when one is absent or makes no sense.

        Args:
            headers: of the answer; `Date` tells Market's clock.
            now: when the answer came by this machine's clock, aware; by default just now.
        """
        try:
            until = _parsed(headers[UNTIL]) + _ahead(headers, now or datetime.now(UTC))
            return cls(int(headers[LIMIT]), int(headers[REMAINING]), until)
        except (KeyError, ValueError, OverflowError):
            return None


def _ahead(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How far this machine's clock is ahead of Market's."""
    try:
        ahead = now - _parsed(headers[DATE])
    except (KeyError, ValueError):
        return timedelta()
    return ahead if abs(ahead) > SAME_CLOCK else timedelta()


def _parsed(date: str) -> datetime:
    parsed = parsedate_to_datetime(date)
    # RFC 5322: "-0000" is UTC of an unknown place, which the standard library gives as a naive time.
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
