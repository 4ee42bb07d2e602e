"""Schedules and time zones as the settings write them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def crontab(given: str) -> str:
    """Check a schedule of five fields: minute, hour, day of month, month, weekday; ValueError when it is none."""
    from celery import schedules  # takes longer to import than most commands to run

    try:
        schedules.crontab.from_string(" ".join(given.split()))
    except (ValueError, TypeError, schedules.ParseException):
        raise ValueError("must be five fields: minute hour day month weekday") from None
    return " ".join(given.split())


def zone(given: str) -> str:
    """Check the name of a time zone; ValueError when there is none of that name."""
    try:
        ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be the name of a time zone, as Europe/Moscow") from None
    return given
