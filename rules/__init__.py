"""What is forbidden in a shop's chat messages: pure functions over text.

>>> from rules import check
>>> [finding.evidence for finding in check("Звоните 8 912 345-67-89")]
['8 912 345-67-89']
"""

import hashlib
import pkgutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType

from rules import answers, conversation, dictation
from rules.finding import Category, Finding, Severity
from rules.message import Message, Part, Said, Told
from rules.rule import FORM, MOST_HITS, SPEECH, WEIGHING, Found, Hit, Rule, RuleError, is_sure
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
_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TimeoutError,
    TypeError,
    ValueError,
)


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
    text: str,
    *,
    file_names: Sequence[str] = (),
    own_numbers: Collection[str] = (),
    lang: str = "ru",
) -> list[Finding]:
    """Judge one message of the shop; findings point into ``Message.document`` and stand in its order.

    ``own_numbers`` are the chat's order and return ids, which are no phones. Raises RuleError.
    """
    document = Message(text, file_names=tuple(file_names)).document if file_names else text
    return _judge(Text(document, own_numbers), 0, lang)


def check_chat(
    messages: Sequence[Message],
    *,
    since: int = 0,
    own_numbers: Collection[str] = (),
    lang: str = "ru",
) -> list[Finding]:
    """Judge the shop's messages of a chat from ``since`` on, and what several say together over all of them.

    ``Finding.message`` is the index in ``messages``. Raises RuleError.
    """
    chat = [Said(index, message.sender, Text(message.text)) for index, message in enumerate(messages)]
    try:
        return _judged(messages, chat, since, own_numbers, lang)
    except _FAULTS as fault:
        raise _error(conversation.RULE, fault) from None


def _judged(
    messages: Sequence[Message], chat: Sequence[Said], since: int, own_numbers: Collection[str], lang: str
) -> list[Finding]:
    answering = answers.of_labels(chat)
    own_numbers = {*own_numbers, *_not_of_the_shop(chat, answering)}
    findings: list[Finding] = []
    for message, said in zip(messages[since:], chat[since:], strict=True):
        if message.sender == "PARTNER":
            said.text.own_numbers = own_numbers
            text = Text(message.document, own_numbers) if message.file_names else said.text
            findings += _judge(text, said.at, lang)
    if len(messages) > 1:
        told = chain(
            dictation.numbers(chat, answering, own_numbers),
            _told_together(messages, since, own_numbers),
            dictation.addresses(chat),
            answers.agreed(chat),
        )
        meant = (one for one in told if not _answers(chat, one, answering))
        findings += _judge_together(messages, since, meant, tuple(findings), lang)
    return findings


def score(findings: Iterable[Finding]) -> float:
    """Weigh findings together into the risk of a message, 0 to 1: each leaves only its doubt."""
    doubt = 1.0
    for finding in findings:
        doubt *= 1.0 - finding.confidence
    return round(1.0 - doubt, 4)


def _judge(text: Text, index: int, lang: str) -> list[Finding]:
    found = _hits(text)
    if not found:
        return []
    findings = [_finding(rule, hit, text.original, index, lang) for rule, hit in found]
    return sorted(findings, key=lambda finding: (finding.start, finding.end))


def _hits(text: Text, last_stage: int = WEIGHING) -> list[Found]:
    found: list[Found] = []
    for rule in RULES.values():
        if rule.needs & text.signs and rule.stage <= last_stage:
            found = _asked(rule, text, found)
    return found


def _asked(rule: Rule, text: Text, found: list[Found]) -> list[Found]:
    """Let a rule add what it finds, and one that reviews say what it makes of all."""
    try:
        if hits := list(islice(rule.find(text), MOST_HITS)):
            text.note(rule.id, [(hit.start, hit.end) for hit in hits if is_sure(rule, hit)])
            found += [(rule, hit) for hit in hits]
        return rule.review(text, found) if rule.review and found else found
    except _FAULTS as fault:
        raise _error(rule, fault) from None


def _error(rule: Rule, fault: Exception) -> RuleError:
    """What the fault says may quote the text, so only its kind goes on."""
    return RuleError(rule.id, type(fault).__name__)


def _judge_together(
    messages: Sequence[Message], since: int, told: Iterable[Told], alone: Sequence[Finding], lang: str
) -> Iterator[Finding]:
    """Give a finding for each message that tells a part of something; what one of them says ``alone`` is known."""
    guilty: set[int] = set()
    for parts, category in told:
        if parts[-1].message < since or any(_says_enough(messages, part, since, alone) for part in parts):
            continue
        for part in parts:
            if part.message not in guilty:
                guilty.add(part.message)
                place = Hit(part.start, part.end, category=category)
                yield _finding(conversation.RULE, place, messages[part.message].text, part.message, lang)


def _told_together(messages: Sequence[Message], since: int, own_numbers: Collection[str]) -> Iterator[Told]:
    """Find what reaches over the border of messages that are read as one text."""
    for together in conversation.joined(messages, since):
        text = Text(together.text, own_numbers)
        torn = [(conversation.RULE, hit) for hit in conversation.torn_names(together, text)]
        for rule, hit in (*_hits(text, last_stage=SPEECH), *torn):
            parts = together.parts(hit.start, hit.end)
            if _said_together(rule, hit, together.text, [messages[part.message] for part in parts]):
                yield Told(parts, hit.category or rule.category)


def _says_enough(messages: Sequence[Message], part: Part, since: int, alone: Sequence[Finding]) -> bool:
    """Tell whether a message is guilty by itself where it is to be a piece of something."""
    if part.message >= since:
        places = [
            (finding.start, finding.end)
            for finding in alone
            if finding.message == part.message
            and finding.severity is Severity.VIOLATION
            and RULES[finding.rule].stage < WEIGHING
        ]
    else:
        hits = _hits(Text(messages[part.message].text), last_stage=SPEECH)
        places = [(hit.start, hit.end) for rule, hit in hits if is_sure(rule, hit)]
    return any(start < part.end and part.start < end for start, end in places)


def _answers(chat: Sequence[Said], told: Told, answering: frozenset[int]) -> bool:
    """Tell figures that the buyer asked for, and not as a phone."""
    if not all(any(map(str.isdecimal, chat[part.message].text.canon)) for part in told.parts):
        return False
    return answering.issuperset(part.message for part in told.parts) or answers.one_by_one(chat, told.parts)


def _not_of_the_shop(chat: Sequence[Said], answering: Collection[int]) -> Iterator[str]:
    """Yield the numbers the buyer wrote or asked for by another name: the shop gives away none of its own by them."""
    for said in chat:
        if said.sender == "CUSTOMER" or said.at in answering:
            yield from (run.digits for run in said.text.runs)


def _said_together(rule: Rule, hit: Hit, text: str, messages: Sequence[Message]) -> bool:
    """Tell whether a hit needs several messages; of speech only what is said in scraps, for sentences do not run on."""
    if len(messages) < 2 or not is_sure(rule, hit):
        return False
    is_number = not any(map(str.isalpha, text[hit.start : hit.end]))
    return rule.stage == FORM or is_number or all(len(message.text) <= conversation.SHORT for message in messages)


def _finding(rule: Rule, hit: Hit, document: str, index: int, lang: str) -> Finding:
    return Finding(
        rule=rule.id,
        category=hit.category or rule.category,
        severity=hit.severity or rule.severity,
        confidence=rule.confidence if hit.confidence is None else hit.confidence,
        start=hit.start,
        end=hit.end,
        evidence=document[hit.start : hit.end],
        reason=rule.reason.said(lang),
        message=index,
    )
