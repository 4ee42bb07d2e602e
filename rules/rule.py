"""What a rule is: what it looks for, why, how to say it within the policy, and the samples that hold it to its word.

To add one:

1. Write ``rules/<name>.samples``: at least twenty messages it must find (``+``, the evidence in double square brackets)
   and twenty that must pass (``-``), as different as people are.
2. If it is about what is said, write ``rules/<name>.phrases`` (see ``rules.phrase``), and put missing words into the
   section of ``rules/lexicon`` that means them; else write a function from ``Text`` to hits.
3. Write ``rules/<name>.py`` with a ``RULE``; it is found by that name, nothing is to be registered. ``needs`` is
   ``Phrases.anchors`` or a ``rules.clues.clue``; without it the rule is asked about every text.
4. Run ``pytest tests/rules``: every rule's samples are run against all rules.
5. Say in the changelog what is found now that was not before.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple, TypeAlias

from rules.finding import Category, Severity
from rules.text import Text


class RuleError(Exception):
    """A rule ran out of its time budget or broke. Names the rule and the kind of fault, never the text."""

    def __init__(self, rule: str, fault: str) -> None:
        super().__init__(f"rule {rule}: {fault}")
        self.rule = rule
        self.fault = fault


class Hit(NamedTuple):
    """A place in the original text; ``confidence`` and ``severity`` only where they differ from the rule's own."""

    start: int
    end: int
    confidence: float | None = None
    severity: Severity | None = None
    category: Category | None = None


Found: TypeAlias = "tuple[Rule, Hit]"
"""A hit and the rule whose it is."""

MOST_HITS = 400
"""Places of a message that a rule tells of: whoever breaks the policy so often is guilty enough, and is not read on."""

FORM, SPEECH, WEIGHING = range(3)
"""The stages of rules: what is told by its form, what is said, what is weighed."""


class Words(NamedTuple):
    """One sentence in Russian and in English."""

    ru: str
    en: str

    def said(self, lang: str) -> str:
        """Give the sentence in ``lang``; anything but ``en`` is answered in Russian."""
        return self.en if lang == "en" else self.ru


class Sample(NamedTuple):
    """An invented message and the places in it that the rule must find; none where it must pass."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: ``find`` yields hits in a text.

    ``stage`` orders the rules: ``FORM`` reads numbers, addresses and disguised words, ``SPEECH`` reads what is said and
    may look at what ``FORM`` found (``Text.found``), ``WEIGHING`` weighs everything found before; ``review`` is what a
    rule of that stage makes of all that was found. ``confidence`` is how often a hit is a true breach, 0 to 1.
    ``needs`` is a set of signs and clues (``Text.signs``): a text that holds none of them is not read by the rule.
    """

    id: str
    category: Category
    summary: Words
    policy: str
    reason: Words
    hint: Words
    find: Callable[[Text], Iterable[Hit]]
    severity: Severity = Severity.VIOLATION
    confidence: float = 0.95
    stage: int = SPEECH
    review: Callable[[Text, Sequence[Found]], list[Found]] | None = None
    needs: int = -1

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The rule's own samples, read from the file beside it (``<id>.samples``); flagged ones first."""
        source = files("rules").joinpath(f"{self.id.replace('-', '_')}.samples")
        return tuple(read_samples(source.read_text(encoding="utf-8").splitlines()))

    @property
    def flagged(self) -> tuple[Sample, ...]:
        """Samples that the rule must find."""
        return tuple(sample for sample in self.samples if sample.spans)

    @property
    def passed(self) -> tuple[Sample, ...]:
        """Samples that no rule may find."""
        return tuple(sample for sample in self.samples if not sample.spans)


def is_sure(rule: Rule, hit: Hit) -> bool:
    """Tell whether a hit is a violation, not only a sign of one."""
    return (hit.severity or rule.severity) is Severity.VIOLATION


def read_samples(lines: Iterable[str]) -> Iterator[Sample]:
    r"""Read ``+ text with [[evidence]]`` and ``- text``; ``\n`` and ``\uXXXX`` are escapes, ``#`` starts a comment."""
    for line in lines:
        if line[:2] in ("+ ", "- "):
            yield _marked(line[2:].encode("ascii", "backslashreplace").decode("unicode_escape"))


def _marked(text: str) -> Sample:
    plain, spans = "", []
    head, *marked = text.split("[[")
    plain = head
    for piece in marked:
        evidence, rest = piece.split("]]", 1)
        spans.append((len(plain), len(plain) + len(evidence)))
        plain += evidence + rest
    return Sample(plain, tuple(spans))
