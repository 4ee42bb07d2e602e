"""Chatwarden's own faults, sent to Sentry through its Celery integration with tag `kind: fault`.

An event holds where the code broke and the ids it was working on: no local variables, no request bodies, no logs, and
no exception texts but those known to quote nothing.
"""

from typing import TYPE_CHECKING, Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration

from worker import logs
from worker.disclosure import HIDDEN, is_plain_spoken
from worker.version import RELEASE

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint


def report_faults_to(dsn: str) -> None:
    """Send this process's unhandled task errors and `tell` to the Sentry project of `dsn`."""
    sentry_sdk.init(
        dsn=dsn,
        release=RELEASE,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[CeleryIntegration(propagate_traces=False), DedupeIntegration()],
        auto_session_tracking=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_client_reports=False,
        before_send=_only_what_may_leave,
    )


def working_on(business_id: int, chat_id: int, message_id: int) -> None:
    """Name the message that this task works on, in the log and in whatever fault comes of it.

    Sentry gets no arguments of tasks.
    """
    ids = {"business_id": business_id, "chat_id": chat_id, "message_id": message_id}
    logs.working_on(**ids)
    sentry_sdk.set_tags({name: str(value) for name, value in ids.items()})


def tell(message: str, business_id: int) -> None:
    """Tell whoever looks after Chatwarden of something that no exception says; a no-op without a DSN."""
    with sentry_sdk.new_scope() as scope:
        scope.set_tag("business_id", str(business_id))
        scope.fingerprint = [message]
        sentry_sdk.capture_message(message, level="error")


def _only_what_may_leave(event: "Event", _hint: "Hint") -> "Event":
    for name in ("request", "user", "breadcrumbs"):
        event.pop(name, None)  # type: ignore[misc]
    exceptions: list[dict[str, Any]] = event.get("exception", {}).get("values", [])
    for exception in exceptions:
        if not is_plain_spoken(exception.get("module")):
            exception["value"] = HIDDEN
    event["tags"] = {**event.get("tags", {}), "kind": "fault"}
    return event
