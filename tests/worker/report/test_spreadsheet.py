import csv
import io

import pytest

from tests.worker.report.outcomes import PHONE, cabinet, outcome, reminder, violation
from worker.report.document import document
from worker.report.spreadsheet import spreadsheet
from worker.store import NotJudged


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_it_holds_what_the_json_holds() -> None:
    left = [NotJudged(70, 5, "failed: broke")]
    found = outcome(cabinet([violation(1), violation(2)], not_judged=left, reminders=[reminder(9)]))
    report = document(found)["cabinets"][0]
    written = rows(spreadsheet(found))
    assert [row["kind"] for row in written] == ["cabinet", "violation", "violation", "not_judged", "reminder"]
    assert {name: int(written[0][name]) for name in ("chats", "messages", "partner_messages", "judged")} == {
        name: report[name] for name in ("chats", "messages", "partner_messages", "judged")
    }
    for row, told in zip(written[1:3], report["violations"], strict=True):
        assert {name: row[name] for name in told} == {name: str(value or "") or "0" for name, value in told.items()} | {
            "reported_at": told["reported_at"] or "",
            "start": str(told["start"]),
        }
    assert (written[3]["why"], written[4]["missed"]) == ("failed: broke", "True")


def test_excel_reads_cyrillic_and_columns() -> None:
    written = spreadsheet(outcome(cabinet([violation()])))
    assert written.startswith("\ufeffkind;business_id;cabinet;")
    assert "Полка Плюс" in written
    assert written.endswith("\r\n")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", " =", "\n+", "＝"])
def test_no_cell_is_a_formula(begin: str) -> None:
    evidence = f"{begin}HYPERLINK(1;2)"
    [_, row] = rows(spreadsheet(outcome(cabinet([violation(1, evidence, evidence)])), unmask=True))
    assert row["evidence"] == f"'{evidence}"


def test_contacts_are_masked_unless_asked_for() -> None:
    found = outcome(cabinet([violation()]))
    assert PHONE not in spreadsheet(found)
    assert PHONE in spreadsheet(found, unmask=True)
