"""The report's files: each format one file of a folder."""

import json
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from worker.audit.outcome import Outcome
from worker.report.document import document
from worker.report.page import Reader, page
from worker.report.spreadsheet import spreadsheet


class Format(StrEnum):
    """How a report may be written."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"


FORMATS = frozenset(Format)
JSON_ALONE = {Format.JSON}


def as_json(outcome: Outcome, *, unmask: bool) -> str:
    """Return the report as one line of JSON."""
    return json.dumps(document(outcome, unmask=unmask), ensure_ascii=False)


def write(outcome: Outcome, formats: Collection[Format], folder: Path, reader: Reader) -> list[Path]:
    """Write the report into a folder and return the files; they hold the shop's words and are its user's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"audit-{outcome.since:%Y-%m-%d}-{outcome.until:%Y-%m-%d}"
    return [_written(folder / f"{name}.{kind}", _text(outcome, kind, reader)) for kind in Format if kind in formats]


def _text(outcome: Outcome, kind: Format, reader: Reader) -> str:
    if kind is Format.HTML:
        return page(outcome, reader)
    if kind is Format.CSV:
        return spreadsheet(outcome, unmask=reader.unmask)
    return as_json(outcome, unmask=reader.unmask)


def _written(path: Path, text: str) -> Path:
    """Write a file whole or not at all, readable by its owner alone."""
    part = path.with_name(f".{path.name}.part")
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(path)
    return path
