from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from worker.composing import EXAMPLES, Composer
from worker.store import Violation

WRITTEN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
EVIDENCE = "+7 912 000-11-22"


@pytest.fixture
def violation() -> Violation:
    return Violation(
        id=1,
        business_id=7,
        chat_id=70,
        message_id=700,
        rule="phone",
        category="contact-offer",
        severity="violation",
        start=3,
        end=3 + len(EVIDENCE),
        confidence=0.951,
        evidence=EVIDENCE,
        reason="Телефон.",
        created_at=WRITTEN,
        found_at=WRITTEN + timedelta(seconds=12.34),
        reported_at=None,
        order_id=50_000_000_001,
        text=f"Вот {EVIDENCE}",
        file_names=(),
    )


def event(violations: Sequence[Violation], *, lang: str = "ru", unmask: bool = False) -> dict[str, Any]:
    composer = Composer(lambda number: f"Тёплый Угол ({number})", lang=lang, unmask=unmask)
    return dict(composer.event("a" * 32, violations))


def test_one_violation_says_what_where_and_why(violation: Violation) -> None:
    told = event([violation])
    assert told["event_id"] == "a" * 32
    assert told["logentry"]["formatted"] == ("Магазин даёт покупателю контакт: «+7 912 ***-**-22» — Тёплый Угол (7)")
    assert told["tags"]["message_id"] == "700"
    assert told["contexts"]["violation"]["found_after_s"] == 12.3
    assert told["contexts"]["violation"]["order_id"] == 50_000_000_001


def test_a_digest_names_every_violation_in_it(violation: Violation) -> None:
    many = [replace(violation, id=n, message_id=700 + n) for n in range(EXAMPLES + 3)]
    told = event(many)
    assert told["logentry"]["formatted"].startswith("Магазин даёт покупателю контакт: 8 раз в одном чате: «")
    assert "message_id" not in told["tags"]
    assert told["contexts"]["violations"] == [
        {"business_id": 7, "chat_id": 70, "message_id": 700 + n, "rule": "phone", "start": 3} for n in range(len(many))
    ]
    assert told["contexts"]["digest"]["count"] == len(many)
    assert len(told["contexts"]["digest"]["examples"]) == EXAMPLES


@pytest.mark.parametrize("count", [1, 3])
def test_no_contact_leaves_that_could_be_used(violation: Violation, count: int) -> None:
    told = event([violation] * count)
    assert "000-11" not in str(told)
    assert "Вот" not in str(told)


def test_evidence_leaves_as_written_where_that_is_allowed(violation: Violation) -> None:
    assert EVIDENCE in str(event([violation], unmask=True))


def test_alerts_of_a_chat_and_rule_are_grouped_whether_alone_or_digests(violation: Violation) -> None:
    alone, digest = (event([violation] * count) for count in (1, 2))
    assert alone["fingerprint"] == digest["fingerprint"] == ["phone", "7", "70"]


def test_titles_come_in_english_too_and_an_unknown_category_is_its_own_title(violation: Violation) -> None:
    english = event([violation], lang="en")
    assert english["logentry"]["formatted"].startswith("The shop gives the buyer a contact:")
    odd = replace(violation, category="new-kind")
    assert event([odd, odd])["logentry"]["formatted"].startswith("new-kind: 2 раз в одном чате")
