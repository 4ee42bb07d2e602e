"""`chatwarden check`: judge texts at once, without Market, queue or store."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from rules import Finding, Message, RuleError
from worker import checking, settings
from worker.allowances import NOTHING
from worker.checking import Verdict
from worker.errors import OperatorError

CLEAN, FLAGGED, BAD_INPUT = 0, 1, 2

Judge = Callable[..., Verdict]
Cabinet = Annotated[
    int | None, typer.Option("--business", min=1, max=2**63 - 1, help="With what is allowed in this cabinet.")
]


class Format(StrEnum):
    """How `check` reads and answers."""

    TEXT = "text"
    JSONL = "jsonl"


class Language(StrEnum):
    """Languages in which reasons are worded."""

    RU = "ru"
    EN = "en"


class BadLineError(Exception):
    """A line that is no question `check` can answer; the text says why, never what it held."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Texts to judge; with --format jsonl one FILE, or - for standard input.")
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="jsonl: one JSON line in, one JSON line out.")
    ] = Format.TEXT,
    lang: Annotated[Language, typer.Option(help="Language of the reasons.")] = Language.RU,
    business: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, help="With what is allowed in this cabinet.")
    ] = None,
) -> None:
    """Judge texts and say why. Exit code 0: nothing flagged, 1: something flagged, 2: bad use or input."""
    # Texts can be judged without any settings; where there are some, they count.
    allowances = NOTHING
    if business is not None or settings.is_configured():
        current = settings.load()
        allowances = current.allowances(current.require_cabinet(business))
    judge = partial(checking.judge, lang=lang, allowances=allowances)
    try:
        code = _check_all(texts or [], output, judge)
    except BrokenPipeError:
        # The reader has enough. Not 1, which would say that something was flagged, but what a shell expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 128 + signal.SIGPIPE
    raise typer.Exit(code)


def _check_all(texts: list[str], output: Format, judge: Judge) -> int:
    if output is Format.JSONL:
        if len(texts) > 1:
            raise OperatorError("check --format jsonl reads one file; give one, or - for standard input")
        return _check_lines(texts[0] if texts else "-", judge)
    if texts:
        return _check_texts(texts, judge)
    raise OperatorError('nothing to check; give a text: chatwarden check "..."')


def _check_texts(texts: Iterable[str], judge: Judge) -> int:
    console = Console(highlight=False, soft_wrap=True)
    code = CLEAN
    for text in texts:
        try:
            verdict = judge([Message(text)])
        except RuleError as error:
            raise OperatorError(f"the text could not be judged: {error}; please report it") from None
        console.print(_marked(text, verdict.findings))
        if not verdict.findings:
            console.print("  nothing found", style="green")
        for finding in verdict.findings:
            console.print(
                f"  {finding.start}-{finding.end}  {finding.rule} ({finding.category}, {finding.severity}, "
                f"{finding.confidence:.2f}): {finding.reason}",
                markup=False,
            )
        console.print(f"  {'FLAGGED' if verdict.flagged else 'passed'}, score {verdict.score:.2f}")
        code = FLAGGED if verdict.flagged else code
    return code


def _marked(text: str, findings: Iterable[Finding]) -> Text:
    marked = Text(text)
    for finding in findings:
        marked.stylize("bold red" if finding.severity == "violation" else "yellow", finding.start, finding.end)
    return marked


def _check_lines(source: str, judge: Judge) -> int:
    code = CLEAN
    with _opened(source) as lines:
        for number, line in enumerate(lines, 1):
            try:
                asked = _question(line)
                verdict = judge(_messages(asked), own_numbers=_own_numbers(asked))
            except (BadLineError, RuleError) as error:
                _write({"id": None, "error": f"line {number}: {error}"})
                code = BAD_INPUT
            else:
                _write(_answer(asked["id"], verdict))
                code = max(code, FLAGGED if verdict.flagged else CLEAN)
    return code


def _opened(source: str) -> IO[bytes]:
    if source == "-":
        if sys.stdin is None:
            raise OperatorError("standard input is closed; give a file")
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise OperatorError(f"the file {source} cannot be read ({error.strerror}); give another, or -") from None


def _question(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLineError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLineError('not JSON; write {"id": ..., "text": "..."} or {"id": ..., "chat": [...]}') from None
    if not isinstance(asked, dict) or "id" not in asked or ("text" in asked) == ("chat" in asked):
        raise BadLineError('not an object with "id" and either "text" or "chat"')
    _require_json(asked["id"])
    return asked


def _messages(asked: dict[str, Any]) -> list[Message]:
    if "text" in asked:
        return [_message({"sender": "PARTNER", **asked}, '"text"')]
    if not isinstance(asked["chat"], list):
        raise BadLineError('"chat" is not a list of {"sender", "text"}')
    return [_message(message, f'"chat"[{at}]') for at, message in enumerate(asked["chat"])]


def _own_numbers(asked: dict[str, Any]) -> list[str]:
    """The numbers that are the chat's own and so nobody's phone."""
    return [str(asked[name]) for name in ("order_id", "return_id") if asked.get(name) is not None]


def _require_json(identifier: Any) -> None:
    """Refuse what Python reads but no JSON holds, such as NaN: it could not be written back."""
    try:
        json.dumps(identifier, allow_nan=False)
    except (ValueError, RecursionError):
        raise BadLineError('"id" is a number that JSON cannot hold') from None


def _message(fields: Any, where: str) -> Message:
    if not isinstance(fields, dict):
        raise BadLineError(f"{where} is not an object")
    text, sender, names = fields.get("text"), fields.get("sender"), fields.get("file_names", [])
    if not isinstance(text, str) or not isinstance(sender, str):
        raise BadLineError(f"{where}: text and sender must be strings")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadLineError(f"{where}: file_names must be a list of strings")
    return Message(text, sender, tuple(names))


def _answer(identifier: Any, verdict: Verdict) -> dict[str, Any]:
    return {
        "id": identifier,
        "flagged": verdict.flagged,
        "score": verdict.score,
        "findings": list(_findings(verdict.findings)),
    }


def _findings(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        yield {
            "rule": finding.rule,
            "category": finding.category,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "message": finding.message,
            "start": finding.start,
            "end": finding.end,
            "evidence": finding.evidence,
            "reason": finding.reason,
        }


def _write(answer: dict[str, Any]) -> None:
    line = json.dumps(answer, ensure_ascii=False)
    try:
        encoded = line.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair: only an escape can carry it
        encoded = json.dumps(answer).encode("ascii")
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()
