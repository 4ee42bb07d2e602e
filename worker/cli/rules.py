"""`chatwarden rules` and `explain`: what is looked for, why, and what this shop made of it."""

import difflib
import json
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules import RULE_SET, RULES
from rules.rule import Rule, Sample
from worker import settings
from worker.allowances import Allowances
from worker.cli.check import Language
from worker.cli.options import AsJson, rule_ids
from worker.errors import OperatorError

EXAMPLES = 5

_HEADINGS = ("rule", "category", "severity", "on", "summary")
_ALLOWED = ("hosts", "phones", "addresses", "phrases")

Lang = Annotated[Language, typer.Option(help="Language of the texts.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("rules")(list_rules)
    app.command()(explain)


def list_rules(
    business: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, help="With what is allowed in this cabinet.")
    ] = None,
    lang: Lang = Language.RU,
    as_json: AsJson = False,
) -> None:
    """List the rules, whether they are on, and what is allowed."""
    current = settings.load()
    allowances = current.allowances(current.require_cabinet(business))
    if as_json:
        typer.echo(json.dumps(_as_fields(allowances, lang), ensure_ascii=False))
        return
    table = Table(box=box.SIMPLE, caption=f"rule set {RULE_SET}{allowances.tag}")
    for heading in _HEADINGS:
        table.add_column(heading, no_wrap=heading != "summary")
    for row in _rows(allowances, lang):
        table.add_row(*(("off", "on")[cell] if isinstance(cell, bool) else cell for cell in row))
    console = Console(highlight=False)
    console.print(table)
    for name in _ALLOWED:
        for entry in sorted(getattr(allowances, name)):
            console.print(f"allowed {name}: {entry}", markup=False, soft_wrap=True)


def _rows(allowances: Allowances, lang: str) -> Iterator[tuple[str, str, str, bool, str]]:
    """Yield id, category, severity, whether it is on, and summary of each rule."""
    for rule in RULES.values():
        severity = allowances.severity.get(rule.id, rule.severity)
        yield rule.id, rule.category, severity, rule.id not in allowances.off, rule.summary.said(lang)


def _as_fields(allowances: Allowances, lang: str) -> dict[str, object]:
    return {
        "rule_set": f"{RULE_SET}{allowances.tag}",
        "rules": [dict(zip(_HEADINGS, row, strict=True)) for row in _rows(allowances, lang)],
        "allowed": {name: sorted(getattr(allowances, name)) for name in _ALLOWED},
    }


def explain(
    rule: Annotated[
        str, typer.Argument(help="The rule's id, as `chatwarden rules` lists it.", autocompletion=rule_ids)
    ],
    lang: Lang = Language.RU,
) -> None:
    """Say what a rule looks for and why, with examples, and how to allow what it finds."""
    if rule not in RULES:
        near = difflib.get_close_matches(rule, RULES, n=1)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(RULES)}"
        raise OperatorError(f"{rule!r} is no rule; {advice}")
    told = RULES[rule]
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{told.id}: {told.summary.said(lang)}", style="bold", markup=False)
    for label, said in _facts(told, lang):
        console.print(f"{label}: {said}", markup=False)
    console.print("\nfound:")
    _print_samples(console, told.flagged)
    console.print("\npassed:")
    _print_samples(console, told.passed)
    console.print(
        "\nTo allow what it finds, write into chatwarden.toml, for all or inside one [[cabinets]]:\n"
        '  allowed = { hosts = ["..."], phones = ["..."], addresses = ["..."], phrases = ["..."] }\n'
        "To switch it off, or to let it raise the score only:\n"
        f'  [rules]\n  off = ["{told.id}"]\n  severity = {{ {told.id} = "sign" }}',
        markup=False,
    )


def _facts(rule: Rule, lang: str) -> Iterable[tuple[str, str]]:
    yield "category", rule.category
    yield "severity", rule.severity
    yield "confidence", f"{rule.confidence:.2f}"
    yield "policy", rule.policy
    yield "reason", rule.reason.said(lang)
    yield "instead", rule.hint.said(lang)


def _print_samples(console: Console, samples: Iterable[Sample]) -> None:
    for sample in list(samples)[:EXAMPLES]:
        marked = Text(f"  {sample.text}")
        for start, end in sample.spans:
            marked.stylize("bold red", start + 2, end + 2)
        console.print(marked)
