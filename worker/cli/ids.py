"""`chatwarden enqueue`: put ids of messages into the queue."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Annotated

import typer

from worker import settings
from worker.errors import OperatorError
from worker.store import MessageKey, State, Store

FORM = "business chat message, three whole numbers, or a JSON object with business_id, chat_id, message_id"
LARGEST = 2**63 - 1
LONGEST = len(str(LARGEST))

_SETTLED = {
    State.MISSING: "is not known to Market; mend the id",
    State.FAILED: "broke its judging and was given up; `chatwarden retry` takes it up again",
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(enqueue)


def enqueue(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="BUSINESS CHAT MESSAGE... | -", help="A cabinet, a chat and its messages; - for lines."),
    ],
) -> None:
    """Queue messages for checking; with - read lines, each `business chat message` or a JSON object."""
    current = settings.load()
    known = {cabinet.business_id for cabinet in current.require_cabinets()}
    lines = _lines(ids)
    refused = 0

    def refuse(why: str) -> None:
        nonlocal refused
        refused += 1
        typer.echo(f"chatwarden: {why}", err=True)

    def taken() -> Iterator[MessageKey]:
        for number, line in enumerate(lines, 1):
            try:
                yield _key(line, known)
            except ValueError as error:
                refuse(f"line {number}: {error}" if ids == ["-"] else str(error))

    def settled(key: MessageKey, state: State) -> None:
        refuse(f"message {key.message_id} of chat {key.chat_id} of cabinet {key.business_id} {_SETTLED[state]}")

    from worker import tasks

    with closing(Store.open(current.effective_database_url)) as store:
        try:
            count = tasks.enqueue(store, taken(), refuse=settled)
        except tasks.QueueLostError as error:
            count = error.count
            typer.echo("chatwarden: Redis does not answer; the ids wait in the store until it is back", err=True)
    typer.echo(f"{count} taken, {refused} refused")
    if refused:
        raise typer.Exit(2)


def _lines(ids: list[str]) -> Iterable[str]:
    if ids == ["-"]:
        return (line.decode("utf-8", "replace") for line in sys.stdin.buffer if line.strip())
    if len(ids) < 3:
        raise OperatorError("enqueue needs a cabinet, a chat and at least one message: BUSINESS CHAT MESSAGE..., or -")
    business, chat, *messages = ids
    return (f"{business} {chat} {message}" for message in messages)


def _key(line: str, known: set[int]) -> MessageKey:
    """Read one line; ValueError says what is wrong with it."""
    parts: list[object] = list(line.split())
    if line.lstrip().startswith("{"):
        try:
            fields = json.loads(line)
            parts = [fields[name] for name in MessageKey._fields]
        except (ValueError, KeyError, RecursionError):
            raise ValueError(f"no ids in it; write {FORM}") from None
    if len(parts) != len(MessageKey._fields):
        raise ValueError(f"{len(parts)} values instead of 3; write {FORM}")
    key = MessageKey(*(_id(part) for part in parts))
    if key.business_id not in known:
        raise ValueError(f"cabinet {key.business_id} is not in the settings; add it there or mend the id")
    return key


def _id(part: object) -> int:
    text = str(part)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST and 1 <= int(text) <= LARGEST):
        raise ValueError(f"{text[:40]!r} is no id; write {FORM}")
    return int(text)
