"""Points in time as people write them on the command line."""

import re
from datetime import UTC, datetime, timedelta

from worker.errors import OperatorError

_AGO = re.compile(r"(\d{1,6})([smhd])")
_LONGEST = timedelta(days=365 * 100)  # older than any message, and still a date
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def point_in_time(option: str, given: str | None) -> datetime | None:
    """Read a point in time: an age (30d), a date or a full time; without a zone it is this machine's."""
    if given is None:
        return None
    if age := _AGO.fullmatch(given):
        ago = timedelta(**{_UNITS[age[2]]: int(age[1])})
        return datetime.now(UTC) - min(ago, _LONGEST)
    try:
        return datetime.fromisoformat(given).astimezone()
    except (ValueError, OverflowError):
        raise OperatorError(f"--{option} {given!r} is no time; write 30d, 12h or 2026-10-01T09:00") from None
