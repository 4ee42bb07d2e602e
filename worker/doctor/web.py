"""Market's notifications: whether the public address leads here."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx

from worker.doctor.diagnosis import Diagnosis
from worker.settings import Settings

NOTIFICATIONS = "notifications"
PING_S = 1.0  # how long Market waits for the answer to a PING


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Send a PING to the public address as Market does, where the settings name one."""
    if settings.notification_url is None:
        yield Diagnosis.ok(NOTIFICATIONS, "not tried: notification_url names no address; sweeps find what there is")
        return
    url = f"{str(settings.notification_url).rstrip('/')}/notification"
    ping = {"notificationType": "PING", "time": datetime.now(UTC).isoformat()}
    began = time.monotonic()
    try:
        answer = httpx.post(url, json=ping, timeout=10)
    except httpx.HTTPError as error:
        remedy = "see its name, certificate, proxy, and that `chatwarden serve` runs behind it"
        yield Diagnosis.wrong(NOTIFICATIONS, f"{url} does not answer ({type(error).__name__})", remedy)
        return
    took_s = time.monotonic() - began
    if answer.status_code == httpx.codes.FORBIDDEN:
        yield Diagnosis.ok(NOTIFICATIONS, f"{url} is reached, and refuses all but Market's addresses")
    elif answer.status_code != httpx.codes.OK:
        remedy = "let the proxy pass POST /notification on to `chatwarden serve`"
        yield Diagnosis.wrong(NOTIFICATIONS, f"{url} answers HTTP {answer.status_code}", remedy)
    elif took_s > PING_S:
        remedy = "Market waits 1 s: see the load and the way there"
        yield Diagnosis.wrong(NOTIFICATIONS, f"{url} took {took_s:.1f} s", remedy)
    else:
        yield Diagnosis.ok(NOTIFICATIONS, f"{url} answered a PING in {took_s * 1000:.0f} ms")
