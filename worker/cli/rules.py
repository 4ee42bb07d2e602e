"""`chatwarden rules` and `explain`: what is looked for, why, and what this shop made of it."""

import difflib
from collections.abc import Iterable
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules import RULE_SET, RULES
from rules.rule import Rule, Sample
from worker import settings
from worker.cli.check import Language
from worker.errors import OperatorError

EXAMPLES = 5

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
) -> None:
    """List the rules, whether they are on, and what is allowed."""
    current = settings.load()
    allowances = current.allowances(current.require_cabinet(business))
    table = Table(box=box.SIMPLE, caption=f"rule set {RULE_SET}{allowances.tag}")
    for heading in ("rule", "category", "severity", "on", "summary"):
        table.add_column(heading, no_wrap=heading != "summary")
    for rule in RULES.values():
        severity = allowances.severity.get(rule.id, rule.severity)
        state = "off" if rule.id in allowances.off else "on"
        table.add_row(rule.id, rule.category, severity, state, rule.summary.said(lang))
    console = Console(highlight=False)
    console.print(table)
    for name in ("hosts", "phones", "addresses", "phrases"):
        for entry in sorted(getattr(allowances, name)):
            console.print(f"allowed {name}: {entry}", markup=False, soft_wrap=True)


def explain(
    rule: Annotated[str, typer.Argument(help="The rule's id, as `chatwarden rules` lists it.")],
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
