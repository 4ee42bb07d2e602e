"""What the demo prints at its end: violations by rule, figures, and what to do next."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

import rules
from worker.sandbox.world import World
from worker.settings import Settings
from worker.store import Store, Violation

EXAMPLES = 2  # a rule
AROUND = 45  # characters of the message on each side of the evidence


def print_doors(port: int) -> None:
    """Print where Market's notifications are taken and texts are checked."""
    console = Console(highlight=False)
    console.print(f"Doors, while it runs: http://127.0.0.1:{port}/docs (password: demo)", soft_wrap=True, markup=False)


def print_summary(world: World, current: Settings, store: Store, took_s: float) -> None:
    """Print what was found, what it cost, where the data lies and what to do next."""
    console = Console(highlight=False)
    found = list(store.violations.find())
    console.print()
    console.print(_by_rule(found, marks=not console.is_terminal))
    console.print()
    console.print(_figures(world, current, store, found, took_s))
    console.print()
    for line in _next_steps(current.data_dir):
        console.print(line, soft_wrap=True, markup=False)


def _by_rule(found: Sequence[Violation], *, marks: bool) -> Table:
    table = Table("rule", "found", "for example", title="Violations by rule", expand=True, show_lines=True)
    by_rule: dict[str, list[Violation]] = defaultdict(list)
    for violation in found:
        by_rule[violation.rule].append(violation)
    for rule, violations in sorted(by_rule.items(), key=lambda item: -len(item[1])):
        different = list({violation.evidence: violation for violation in violations}.values())
        examples = Text("\n").join(_excerpt(violation, marks=marks) for violation in different[:EXAMPLES])
        table.add_row(rule, str(len(violations)), examples)
    return table


def _excerpt(violation: Violation, *, marks: bool) -> Text:
    """The evidence marked inside the message: in red on a terminal, between brackets elsewhere."""
    message = rules.Message(violation.text or "", file_names=violation.file_names).document
    start, end = max(0, violation.start - AROUND), min(len(message), violation.end + AROUND)
    before, after = message[start : violation.start], message[violation.end : end]
    opened, closed = ("⟦", "⟧") if marks else ("", "")
    excerpt = Text("…" if start else "")
    excerpt.append(before.replace("\n", " "))
    excerpt.append(f"{opened}{violation.evidence}{closed}".replace("\n", " "), style="bold red")
    excerpt.append(after.replace("\n", " ") + ("…" if end < len(message) else ""))
    return excerpt


def _figures(world: World, current: Settings, store: Store, found: Sequence[Violation], took_s: float) -> Table:
    table = Table(title="Figures", show_header=False)
    cabinets = store.figures.status(cabinet.business_id for cabinet in current.cabinets)
    judged = sum(cabinet.judged for cabinet in cabinets)
    spent = sum(sum(cabinet.requests.values()) for cabinet in cabinets)
    unsent = sum(cabinet.unsent_alerts for cabinet in cabinets)
    chats = [chat for cabinet in world.cabinets.values() for chat in cabinet.chats.values()]
    guilty = {chat.chat_id for chat in chats if chat.violates}
    caught = guilty & {violation.chat_id for violation in found}
    table.add_row("cabinets, chats", f"{len(cabinets)}, {len(chats)}")
    table.add_row("messages judged", str(judged))
    table.add_row("messages a second", f"{judged / took_s:.0f}" if took_s else "-")
    table.add_row("requests spent at Market", f"{spent} ({judged / spent:.1f} messages a request)" if spent else "0")
    table.add_row("violations found", f"{len(found)}, in {len(caught)} of the {len(guilty)} chats that hold one")
    where = "to Sentry" if current.sentry_dsn else "to the log: SENTRY_DSN is not set"
    table.add_row("alerts sent", f"{len(found) - unsent} {where}" + (f", {unsent} not yet" if unsent else ""))
    return table


def _next_steps(folder: Path) -> Sequence[str]:
    config = folder / "chatwarden.toml"
    return (
        f"The data lies in {folder}. Look at it:",
        f"  chatwarden --config {config} violations",
        f"  chatwarden --config {config} status",
        "With your own shop: make an Api-Key with the scope communication in the seller's cabinet, then",
        "  chatwarden init",
        "  chatwarden up",
    )
