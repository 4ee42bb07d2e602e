"""Sentry: whether it takes an event."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from worker.alerts import DeliveryError, SentryChannel
from worker.doctor.diagnosis import Diagnosis
from worker.settings import Settings

SENTRY = "sentry"


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Send a test event; all of them are one issue at Sentry."""
    if settings.sentry_dsn is None:
        yield Diagnosis.warning(SENTRY, "no DSN: alerts go to the log alone", "set SENTRY_DSN")
        return
    try:
        SentryChannel(settings.sentry_dsn.get_secret_value()).send(
            {
                "event_id": uuid.uuid4().hex,
                "timestamp": datetime.now(UTC),
                "level": "info",
                "logger": "chatwarden",
                "logentry": {"formatted": "chatwarden doctor: a test event, nothing to do"},
                "fingerprint": ["chatwarden doctor"],
                "tags": {"kind": "test"},
            }
        )
    except DeliveryError as error:
        remedy = "mend SENTRY_DSN, or see that this machine reaches Sentry"
        yield Diagnosis.wrong(SENTRY, f"it did not take a test event ({error})", remedy)
    else:
        yield Diagnosis.ok(SENTRY, "took a test event")
