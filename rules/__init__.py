"""What is forbidden in a shop's chat messages: pure functions over text.

>>> from rules import check
>>> [finding.evidence for finding in check("Звоните 8 912 345-67-89")]
['8 912 345-67-89']
"""

import hashlib
import pkgutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from rules.finding import Category, Finding, Severity
from rules.message import Message
from rules.rule import Hit, Rule, RuleError
from rules.text import Text

__all__ = [
    "RULES",
    "RULE_SET",
    "Category",
    "Finding",
    "Message",
    "Rule",
    "RuleError",
    "Severity",
    "check",
    "check_chat",
    "score",
]

# All that a pure function over strings can raise; regex's time budget ends in a TimeoutError.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TimeoutError, TypeError, ValueError)


def _discover() -> Mapping[str, Rule]:
    """Collect every module of this package that holds a RULE; raises ImportError where there is none."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    rules = [rule for module in modules if isinstance(rule := getattr(module, "RULE", None), Rule)]
    if not rules:
        raise ImportError("the package holds no rule: reinstall it, for without rules every message would look clean")
    return MappingProxyType({rule.id: rule for rule in sorted(rules, key=lambda rule: (rule.stage, rule.id))})


def _rule_set() -> str:
    """Hash everything that can change a verdict: code, lexicons, weights."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".samples"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


RULES = _discover()
RULE_SET = _rule_set()


def check(
    text: str, *, file_names: Sequence[str] = (), own_numbers: Collection[str] = (), lang: str = "ru"
) -> list[Finding]:
    """Judge one message of the shop; findings point into ``Message.document`` and stand in its order.

    ``own_numbers`` are the chat's order and return ids, which are no phones. Raises RuleError.
    """
    return list(_judge(Message(text, file_names=tuple(file_names)), 0, own_numbers, lang))


def check_chat(
    messages: Sequence[Message], *, since: int = 0, own_numbers: Collection[str] = (), lang: str = "ru"
) -> list[Finding]:
    """Judge the shop's messages of a chat from ``since`` on, and what several say together over all of them.

    ``Finding.message`` is the index in ``messages``. Raises RuleError.
    """
    findings: list[Finding] = []
    for index, message in enumerate(messages[since:], since):
        if message.sender == "PARTNER":
            findings += _judge(message, index, own_numbers, lang)
    return findings


def score(findings: Iterable[Finding]) -> float:
    """Weigh findings together into the risk of a message, 0 to 1: each leaves only its doubt."""
    doubt = 1.0
    for finding in findings:
        doubt *= 1.0 - finding.confidence
    return round(1.0 - doubt, 4)


def _judge(message: Message, index: int, own_numbers: Collection[str], lang: str) -> Iterator[Finding]:
    text = Text(message.document, own_numbers)
    findings: list[Finding] = []
    for rule in RULES.values():
        try:
            hits = list(rule.find(text))
        except _FAULTS as fault:
            # What the fault says may quote the text, so only its kind goes on.
            raise RuleError(rule.id, type(fault).__name__) from None
        text.note(rule.id, [(hit.start, hit.end) for hit in hits])
        findings += [_finding(rule, hit, text, index, lang) for hit in hits]
    yield from sorted(findings, key=lambda finding: (finding.start, finding.end))


def _finding(rule: Rule, hit: Hit, text: Text, index: int, lang: str) -> Finding:
    return Finding(
        rule=rule.id,
        category=hit.category or rule.category,
        severity=hit.severity or rule.severity,
        confidence=rule.confidence if hit.confidence is None else hit.confidence,
        start=hit.start,
        end=hit.end,
        evidence=text.original[hit.start : hit.end],
        reason=rule.reason.said(lang),
        message=index,
    )
