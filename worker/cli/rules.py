"""`chatwarden rules`: what is looked for."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rules import RULE_SET, RULES
from worker.cli.check import Language


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules")(list_rules)


def list_rules(lang: Annotated[Language, typer.Option(help="Language of the summaries.")] = Language.RU) -> None:
    """List the rules of this version."""
    table = Table("rule", "category", "severity", "summary", caption=f"rule set {RULE_SET}")
    for rule in RULES.values():
        table.add_row(rule.id, rule.category, rule.severity, rule.summary.said(lang))
    Console().print(table)
