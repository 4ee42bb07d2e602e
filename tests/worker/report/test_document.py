import json
from datetime import timedelta

from tests.worker.report.outcomes import PHONE, SINCE, cabinet, outcome, reminder, violation
from worker.report.document import document
from worker.store import MessageKey, NotJudged


def test_the_totals_are_the_sums_of_the_cabinets() -> None:
    left = [NotJudged(70, 5, "failed: broke"), NotJudged(71, None, "the chat could not be read: HTTP 404")]
    report = document(outcome(cabinet([violation()], not_judged=left), cabinet(business_id=2)))
    assert report["totals"]["partner_messages"] == 40
    assert (report["totals"]["judged"], report["totals"]["not_judged"]) == (39, 2)
    assert report["cabinets"][0]["not_judged"][1] == {
        "chat_id": 71,
        "message_id": None,
        "why": "the chat could not be read: HTTP 404",
    }


def test_a_lead_is_counted_in_seconds_and_a_miss_has_none() -> None:
    written = SINCE + timedelta(days=2)
    ahead = reminder(7, of=MessageKey(1, 70, 1), reported_at=written - timedelta(seconds=40))
    late = reminder(8, of=MessageKey(1, 70, 2), reported_at=written + timedelta(seconds=5))
    report = document(outcome(cabinet(reminders=[ahead, late, reminder(9)])))
    assert [one["ahead_s"] for one in report["cabinets"][0]["reminders"]] == [40, -5, None]
    assert [one["missed"] for one in report["cabinets"][0]["reminders"]] == [False, False, True]
    totals = report["totals"]
    assert (totals["reminders"], totals["ahead"], totals["median_lead_s"], totals["missed"]) == (3, 1, 40, 1)


def test_contacts_are_masked_unless_asked_for() -> None:
    found = outcome(cabinet([violation()]))
    assert PHONE not in json.dumps(document(found))
    assert PHONE in json.dumps(document(found, unmask=True))
