"""The outbox: each violation goes to Sentry as one event, and counts as reported only when Sentry has taken it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import sentry_sdk
from sentry_sdk import Client
from sentry_sdk.crons import capture_checkin
from sentry_sdk.transport import HttpTransport

from worker.composing import Composer
from worker.store import Store
from worker.version import RELEASE

if TYPE_CHECKING:
    from sentry_sdk.envelope import Envelope
    from sentry_sdk.types import Event, MonitorConfig

logger = logging.getLogger(__name__)

SENTRY_TIMEOUT_S = 10
# Longer than Sentry may take to answer, and hardly longer: what a killed process was sending waits that long.
LEASE = timedelta(seconds=12)
REFUSALS = 3  # alerts in a row that did not arrive, from which on Sentry is left alone for a while
LONGEST_BREAK_S = 30.0  # of those; they double from 2 seconds on


class DeliveryError(Exception):
    """An alert did not arrive; `retry_at` is when Sentry may be asked again, None where it did not say."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What Sentry's monitor of a schedule is told.

    Attributes:
        monitor: the monitor's slug; it is made when it is first told of.
        id: of this run of the work, the same from "in_progress" to "ok" or "error".
        status: "in_progress", "ok" or "error".
        duration_s: how long it took.
        config: when the work is due, and how long it may take.
    """

    monitor: str
    id: str
    status: str
    duration_s: float | None
    config: "MonitorConfig"


class Channel(Protocol):
    """Where alerts go."""

    def send(self, event: "Event") -> None:
        """Deliver an event; raises DeliveryError unless it has arrived."""
        ...

    def check_in(self, check_in: CheckIn) -> None:
        """Tell a monitor of scheduled work how it goes; raises DeliveryError unless that has arrived."""
        ...


class Outbox:
    """Reports violations, each exactly once: alone, or where many wait in a digest a chat and rule.

    Args:
        store: the violations and their alerts.
        channel: where alerts go.
        composer: words them.
        per_minute: alerts sent in a minute at most.
        digest_above: violations without an alert from which on they are put into digests.
    """

    def __init__(
        self, store: Store, channel: Channel, composer: Composer, *, per_minute: int = 600, digest_above: int = 500
    ) -> None:
        self._store = store
        self._channel = channel
        self._composer = composer
        self._per_minute = per_minute
        self._digest_above = digest_above
        self._refused = 0
        self._break_ends = datetime.min.replace(tzinfo=UTC)

    def report(self, *violation_ids: int) -> None:
        """Report violations that were just found, unless so many wait that they go as digests."""
        now = datetime.now(UTC)
        if self._break_ends > now or self._store.alerts.unprepared() > self._digest_above:
            return
        for violation_id in violation_ids[: max(0, self._budget(now))]:
            alert_id = self._store.alerts.prepare(violation_id, now=now)
            if alert_id is not None:
                self._send(alert_id)
            if self._break_ends > now:
                return

    def report_all(self) -> None:
        """Report what is unreported, oldest first, within the rate and until Sentry refuses."""
        now = datetime.now(UTC)
        budget = max(0, self._budget(now))
        # What cannot be sent yet is not settled yet: with what is found meanwhile it may become a digest.
        if len(self._store.alerts.due(now=now, limit=budget)) < budget:
            self._store.alerts.prepare_all(digest_above=self._digest_above, now=now)
        for alert_id in self._store.alerts.due(now=now, limit=budget):
            if self._break_ends > now:
                return
            self._send(alert_id)

    def _budget(self, now: datetime) -> int:
        return self._per_minute - self._store.alerts.sent_since(now - timedelta(minutes=1))

    def _send(self, alert_id: str) -> None:
        """Send an alert unless that is done or being done; if it does not arrive it stays the oldest one unsent."""
        violations = self._store.alerts.claim(alert_id, now=datetime.now(UTC), lease=LEASE)
        if not violations:
            return
        try:
            self._channel.send(self._composer.event(alert_id, violations))
        except DeliveryError as error:
            self._store.alerts.release(alert_id)
            self._refused += 1
            self._take_a_break(error)
        else:
            self._store.alerts.mark_sent(alert_id, now=datetime.now(UTC))
            self._refused = 0

    def _take_a_break(self, error: DeliveryError) -> None:
        """Leave Sentry alone as long as it asks for, or when it refused several times in a row."""
        now = datetime.now(UTC)
        if error.retry_at:
            self._break_ends = error.retry_at
        elif self._refused >= REFUSALS:
            self._break_ends = now + timedelta(seconds=min(LONGEST_BREAK_S, 2 ** (self._refused - REFUSALS + 1)))
        logger.warning("an alert did not arrive (%s); next try at %s", error, max(now, self._break_ends))


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
        with self._confirmed():
            self._client.capture_event(event)

    def check_in(self, check_in: CheckIn) -> None:
        """Tell a monitor; raises DeliveryError unless Sentry answered 2xx."""
        with self._confirmed(), sentry_sdk.new_scope() as scope:
            scope.set_client(self._client)
            capture_checkin(
                check_in.monitor, check_in.id, check_in.status, check_in.duration_s, monitor_config=check_in.config
            )

    @contextmanager
    def _confirmed(self) -> Iterator[None]:
        transport = self._client.transport
        if not isinstance(transport, ConfirmingTransport):
            raise DeliveryError("sentry-sdk has no transport")
        transport.refusal = "sentry-sdk sent nothing"
        yield
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
        named = {"rule": "rule", "chat": "chat_id", "message": "message_id"}  # a digest tells of several messages
        ids = ", ".join(f"{name} {tags[tag]}" for name, tag in named.items() if tag in tags)
        logger.warning("%s%s", event["logentry"]["formatted"], f" ({ids})" if ids else "")

    def check_in(self, check_in: CheckIn) -> None:
        """Say nothing: without Sentry nobody waits for it."""
