"""The outbox: each violation goes to Sentry as one event, and counts as reported only when Sentry has taken it."""

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sentry_sdk import Client
from sentry_sdk.transport import HttpTransport

from worker.masking import CONTACT_RULES, mask
from worker.store import Store, Violation
from worker.version import RELEASE

if TYPE_CHECKING:
    from sentry_sdk.envelope import Envelope
    from sentry_sdk.types import Event

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than a delivery may take
SENTRY_TIMEOUT_S = 10
AGAIN = timedelta(seconds=30)  # after an alert did not arrive and Sentry named no time

# An event's id is made from its violation's key: Sentry takes an id once, so a repeat after a crash is no second alert.
_NAMESPACE = uuid.UUID("8f3d1a52-6f0e-4c39-9c58-0b9f3c1d7e64")

_TITLES = {
    "ru": {
        "contact-request": "Магазин просит у покупателя контакт",
        "contact-offer": "Магазин даёт покупателю контакт",
        "outside-link": "Магазин прислал ссылку на другой сайт",
        "off-platform": "Магазин уводит покупателя с Маркета",
    },
    "en": {
        "contact-request": "The shop asks the buyer for a contact",
        "contact-offer": "The shop gives the buyer a contact",
        "outside-link": "The shop sent a link to another site",
        "off-platform": "The shop moves the buyer away from Market",
    },
}


class DeliveryError(Exception):
    """An alert did not arrive; `retry_at` is when Sentry may be asked again, None where it did not say."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class Channel(Protocol):
    """Where alerts go."""

    def send(self, event: "Event") -> None:
        """Deliver an event; raises DeliveryError unless it has arrived."""
        ...


class Outbox:
    """Reports violations, each exactly once.

    Args:
        store: the violations.
        channel: where alerts go.
        cabinet_title: a cabinet's name for people, by its number.
        lang: language of the titles, "ru" or "en".
        unmask: whether evidence leaves as it was written.
    """

    def __init__(
        self, store: Store, channel: Channel, *, cabinet_title: Callable[[int], str], lang: str = "ru", unmask: bool
    ) -> None:
        self._store = store
        self._channel = channel
        self._cabinet_title = cabinet_title
        self._lang = lang
        self._unmask = unmask

    def report(self, violation_id: int) -> bool:
        """Report a violation unless that is done or being done; False when it did not arrive and stays unsent."""
        violation = self._store.violations.claim_alert(violation_id, now=datetime.now(UTC), lease=LEASE)
        if violation is None:
            return True
        try:
            self._channel.send(self.event(violation))
        except DeliveryError as error:
            retry_at = error.retry_at or datetime.now(UTC) + AGAIN
            self._store.violations.release_alert(violation_id, retry_at=retry_at)
            logger.warning("alert of violation %s did not arrive (%s); next try at %s", violation_id, error, retry_at)
            return False
        self._store.violations.mark_reported(violation_id, now=datetime.now(UTC))
        return True

    def event(self, violation: Violation) -> "Event":
        """Return the Sentry event of a violation."""
        evidence = violation.evidence
        if not self._unmask:
            evidence = mask(evidence, gives_contact=violation.rule in CONTACT_RULES)
        cabinet = self._cabinet_title(violation.business_id)
        what = _TITLES[self._lang].get(violation.category, violation.category)
        key = (violation.business_id, violation.chat_id, violation.message_id, violation.rule, violation.start)
        tags = {
            "kind": "violation",
            "rule": violation.rule,
            "category": violation.category,
            "severity": violation.severity,
            "business_id": str(violation.business_id),
            "chat_id": str(violation.chat_id),
            "message_id": str(violation.message_id),
        }
        about = {
            "cabinet": cabinet,
            "evidence": evidence,
            "reason": violation.reason,
            "confidence": round(violation.confidence, 2),
            "order_id": violation.order_id,
            "written_at": violation.created_at.isoformat(),
            "found_at": violation.found_at.isoformat(),
            "found_after_s": round((violation.found_at - violation.created_at).total_seconds(), 1),
        }
        return {
            "event_id": uuid.uuid5(_NAMESPACE, "/".join(map(str, key))).hex,
            "timestamp": violation.found_at,
            "level": "error",
            "logger": "chatwarden",
            "logentry": {"formatted": f"{what}: «{evidence}» — {cabinet}"},
            "fingerprint": [violation.rule, str(violation.business_id), str(violation.chat_id)],
            "tags": tags,
            "contexts": {"violation": about},
        }


class SentryChannel:
    """Delivers to the Sentry project of `dsn`, waiting for Sentry's answer."""

    def __init__(self, dsn: str) -> None:
        self._client = Client(
            dsn=dsn,
            release=RELEASE,
            transport=ConfirmingTransport,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            max_breadcrumbs=0,
            send_client_reports=False,
        )

    def send(self, event: "Event") -> None:
        """Deliver an event; raises DeliveryError unless Sentry answered 2xx."""
        transport = self._client.transport
        if not isinstance(transport, ConfirmingTransport):
            raise DeliveryError("sentry-sdk has no transport")
        transport.refusal = "sentry-sdk sent nothing"
        self._client.capture_event(event)
        if transport.refusal is not None:
            raise DeliveryError(transport.refusal, transport.retry_at)


class ConfirmingTransport(HttpTransport):
    """sentry-sdk's transport, sending in the caller's thread and telling what became of it."""

    TIMEOUT = SENTRY_TIMEOUT_S
    refusal: str | None = None

    def capture_envelope(self, envelope: "Envelope") -> None:
        """Send an envelope now; afterwards `refusal` is None when Sentry has taken it, else the reason."""
        self.refusal = None
        try:
            self._send_envelope(envelope)
        except Exception as error:  # noqa: BLE001 - the network may raise anything
            self.refusal = type(error).__name__

    def on_dropped_event(self, _reason: str) -> None:
        """Take note of an event that sentry-sdk gives up."""
        self.refusal = _reason

    @property
    def retry_at(self) -> datetime | None:
        """When the last limit that Sentry set ends."""
        ends = [until for until in self._disabled_until.values() if until > datetime.now(UTC)]
        return max(ends, default=None)

    def flush(self, timeout: float, callback: Any | None = None) -> None:
        """Do nothing: nothing is ever held back."""


class LogChannel:
    """Prints alerts to the log, for those who have no Sentry."""

    def send(self, event: "Event") -> None:
        """Print an event."""
        tags = event["tags"]
        logger.warning(
            "%s (rule %s, chat %s, message %s)",
            event["logentry"]["formatted"],
            *(tags[name] for name in ("rule", "chat_id", "message_id")),
        )
