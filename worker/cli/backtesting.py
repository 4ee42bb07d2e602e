"""`chatwarden backtest`: what the present rules and settings would make of the messages that are kept."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from rules import RULE_SET, RULES
from worker import backtest, settings
from worker.allowances import Allowances
from worker.backtest import Change, Flag, Verdicts
from worker.cli.options import AsJson, rule_ids
from worker.cli.times import point_in_time
from worker.errors import OperatorError
from worker.masking import CONTACT_RULES, mask
from worker.store import Store

EXAMPLES = 3  # a rule


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backtest")(run_backtest)


def run_backtest(
    business: Annotated[int | None, typer.Option(min=1, max=2**63 - 1, help="Only this cabinet.")] = None,
    since: Annotated[str, typer.Option(help="How far back: 30d, 12h, 2026-10-01 or a full time.")] = "90d",
    rules_off: Annotated[
        list[str] | None, typer.Option(autocompletion=rule_ids, help="Without this rule; may be repeated.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(autocompletion=rule_ids, help="By this rule alone; may be repeated.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Against this result of --json instead of what was found when it was written.")
    ] = None,
    unmask: Annotated[bool, typer.Option(help="Show contacts as they were written (always so with --json).")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge the shop's kept messages anew, write nothing, and show what would change."""
    current = settings.load()
    numbers = [cabinet.business_id for cabinet in current.require_cabinets()]
    current.require_cabinet(business)
    numbers = numbers if business is None else [business]
    looked_for = _looked_for(rules_off or [], only or [])
    off = Allowances(off=frozenset(RULES) - looked_for)
    back = point_in_time("since", since) or datetime.now(UTC)
    before = _read(compare) if compare else None
    now = Verdicts()
    with closing(Store.open(current.effective_database_url)) as store:
        for some in backtest.run(store, numbers, lambda number: current.allowances(number) | off, since=back):
            now += some
        before = backtest.known(store, numbers, since=back) if before is None else before
    # Of a part of the rules only that part is compared; a rule that is switched off shows what would be lost.
    before = [flag for flag in before if not only or flag.rule in only]
    change = backtest.compare(before, now.flags)
    if as_json:
        typer.echo(json.dumps(_result(back, now, change), ensure_ascii=False))
        return
    console = Console(markup=False, emoji=False, highlight=False)
    _print(console, before, now, change, unmask=unmask)


def _looked_for(rules_off: Sequence[str], only: Sequence[str]) -> set[str]:
    for name in (*rules_off, *only):
        if name not in RULES:
            raise OperatorError(f"{name!r} is no rule; there are {', '.join(RULES)}")
    left = set(only or RULES) - set(rules_off)
    if not left:
        raise OperatorError("no rule is left; give another --only or --rules-off")
    return left


def _read(path: Path) -> list[Flag]:
    try:
        return [Flag(**flag) for flag in json.loads(path.read_text(encoding="utf-8"))["flagged"]]
    except OSError as error:
        raise OperatorError(f"{path} cannot be read ({error.strerror}); give a result of backtest --json") from None
    except (ValueError, TypeError, LookupError):
        raise OperatorError(f"{path} is no result of a backtest; give what backtest --json printed") from None


def _result(since: datetime, now: Verdicts, change: Change) -> dict[str, Any]:
    return {
        "since": since.isoformat(),
        "rule_set": RULE_SET,
        "messages": now.messages,
        "broken_chats": now.broken_chats,
        "flagged": [flag._asdict() for flag in now.flags],
        "new": [flag._asdict() for flag in change.new],
        "gone": [flag._asdict() for flag in change.gone],
    }


def _print(console: Console, before: Sequence[Flag], now: Verdicts, change: Change, *, unmask: bool) -> None:
    console.print(f"{now.messages} messages judged by rule set {RULE_SET}")
    if now.broken_chats:
        console.print(f"in {now.broken_chats} chats a rule broke: nothing is told of them")
    counts = [Counter(flag.rule for flag in flags) for flags in (before, now.flags, change.new, change.gone)]
    table = Table("rule", "before", "now", "newly flagged", "no longer flagged", box=box.SIMPLE)
    for rule in sorted(set().union(*counts)):
        table.add_row(rule, *(str(count[rule]) for count in counts))
    table.add_section()
    table.add_row("total", *(str(count.total()) for count in counts))
    console.print(table)
    for heading, flags in (("newly flagged", change.new), ("no longer flagged", change.gone)):
        for rule in sorted({flag.rule for flag in flags}):
            console.print(f"{heading} by {rule}:")
            for flag in [flag for flag in flags if flag.rule == rule][:EXAMPLES]:
                evidence = flag.evidence if unmask else mask(flag.evidence, gives_contact=rule in CONTACT_RULES)
                console.print(f"  {flag.business_id}/{flag.chat_id}/{flag.message_id}  {evidence}", soft_wrap=True)
