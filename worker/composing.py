"""How an alert is worded: what the person who gets it at night needs, and no contact that could be used."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from worker.masking import CONTACT_RULES, mask
from worker.store import Violation

if TYPE_CHECKING:
    from sentry_sdk.types import Event

EXAMPLES = 5  # a digest

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

_MANY = {"ru": "{what}: {count} раз в одном чате", "en": "{what}: {count} times in one chat"}


class Composer:
    """Words alerts as Sentry events.

    Args:
        cabinet_title: a cabinet's name for people, by its number.
        lang: language of the titles, "ru" or "en".
        unmask: whether evidence leaves as it was written.
    """

    def __init__(self, cabinet_title: Callable[[int], str], *, lang: str = "ru", unmask: bool = False) -> None:
        self._cabinet_title = cabinet_title
        self._lang = lang
        self._unmask = unmask

    def event(self, alert_id: str, violations: Sequence[Violation]) -> "Event":
        """Return the Sentry event of an alert: of one violation, or a digest of several of one rule in one chat."""
        first = violations[0]
        what = _TITLES[self._lang].get(first.category, first.category)
        title = what if len(violations) == 1 else _MANY[self._lang].format(what=what, count=len(violations))
        ids = {"business_id": str(first.business_id), "chat_id": str(first.chat_id)}
        tags = {"kind": "violation", "rule": first.rule, "category": first.category, "severity": first.severity, **ids}
        if len(violations) == 1:
            tags["message_id"] = str(first.message_id)
        return {
            "event_id": alert_id,
            "timestamp": first.found_at,
            "level": "error",
            "logger": "chatwarden",
            "logentry": {"formatted": f"{title}: «{self._evidence(first)}» — {self._cabinet_title(first.business_id)}"},
            "fingerprint": [first.rule, str(first.business_id), str(first.chat_id)],
            "tags": tags,
            "contexts": {"violation": self._about(first)} if len(violations) == 1 else self._digest(violations),
        }

    def _about(self, violation: Violation) -> dict[str, Any]:
        return {
            "cabinet": self._cabinet_title(violation.business_id),
            "evidence": self._evidence(violation),
            "reason": violation.reason,
            "confidence": round(violation.confidence, 2),
            "order_id": violation.order_id,
            "written_at": violation.created_at.isoformat(),
            "found_at": violation.found_at.isoformat(),
            "found_after_s": round((violation.found_at - violation.created_at).total_seconds(), 1),
        }

    def _digest(self, violations: Sequence[Violation]) -> dict[str, Any]:
        first = violations[0]
        named = ("business_id", "chat_id", "message_id", "rule", "start")
        return {
            "violations": [{name: getattr(violation, name) for name in named} for violation in violations],
            "digest": {
                "cabinet": self._cabinet_title(first.business_id),
                "reason": first.reason,
                "order_id": first.order_id,
                "count": len(violations),
                "examples": [self._evidence(violation) for violation in violations[:EXAMPLES]],
            },
        }

    def _evidence(self, violation: Violation) -> str:
        if self._unmask:
            return violation.evidence
        return mask(violation.evidence, gives_contact=violation.rule in CONTACT_RULES)
