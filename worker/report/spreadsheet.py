"""The report as CSV, a row a violation, a message that is not judged, a reminder; as Excel with Cyrillic opens it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from worker.audit.outcome import Outcome
from worker.report.document import document

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Cyrillic as something else
COLUMNS = (
    "kind",
    "business_id",
    "cabinet",
    "chat_id",
    "message_id",
    "created_at",
    "rule",
    "category",
    "severity",
    "start",
    "end",
    "evidence",
    "reason",
    "found_at",
    "reported_at",
    "ahead_s",
    "missed",
    "why",
    *("chats", "messages", "partner_messages", "judged"),
)
# A cell that begins so is a formula to a spreadsheet, whoever wrote it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def spreadsheet(outcome: Outcome, *, unmask: bool = False) -> str:
    """Return the report of an audit as CSV with semicolons; contacts are masked unless `unmask`."""
    written = io.StringIO(newline="")
    rows = csv.DictWriter(written, COLUMNS, restval="", delimiter=";", lineterminator="\r\n")
    rows.writeheader()
    for row in _rows(document(outcome, unmask=unmask)):
        rows.writerow({name: _harmless(value) for name, value in row.items()})
    return BYTE_ORDER_MARK + written.getvalue()


def _rows(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    sums = ("chats", "messages", "partner_messages", "judged")
    for cabinet in report["cabinets"]:
        of = {"business_id": cabinet["business_id"], "cabinet": cabinet["name"]}
        yield {"kind": "cabinet", **of, **{name: cabinet[name] for name in sums}}
        for kind in ("violations", "not_judged", "reminders"):
            yield from ({"kind": kind.removesuffix("s"), **of, **row} for row in cabinet[kind])


def _harmless(value: Any) -> Any:
    """Keep a text from being run: an apostrophe before it is what spreadsheets take for "this is text"."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value
