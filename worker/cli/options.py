"""Options that several commands have."""

from collections.abc import Iterator
from typing import Annotated

import typer

from rules import RULES

AsJson = Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")]


def rule_ids(begun: str) -> Iterator[tuple[str, str]]:
    """Yield the rules that a shell may complete a word to, each with its summary."""
    return ((rule.id, rule.summary.en) for rule in RULES.values() if rule.id.startswith(begun))
