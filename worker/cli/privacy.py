"""`chatwarden forget`: delete all that is known of a chat."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from worker import settings
from worker.errors import OperatorError
from worker.store import Store


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(forget)


def forget(
    chat: Annotated[int, typer.Option(min=1, max=2**63 - 1, help="The chat.")],
    business: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, help="Its cabinet; needed where there are several.")
    ] = None,
) -> None:
    """Delete a chat's texts, verdicts, violations and reminders; what was written until now is not read again."""
    current = settings.load()
    numbers = [cabinet.business_id for cabinet in current.require_cabinets()]
    if business is None and len(numbers) > 1:
        raise OperatorError("there are several cabinets; say which by --business")
    number = business or numbers[0]
    with closing(Store.open(current.effective_database_url)) as store:
        count = store.retention.forget_chat(number, chat, now=datetime.now(UTC))
    if not count:
        raise OperatorError(f"nothing is known of chat {chat} of cabinet {number}; see that both numbers are right")
    typer.echo(f"chat {chat} of cabinet {number} is forgotten: {count} messages")
