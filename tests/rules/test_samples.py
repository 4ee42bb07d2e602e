"""Every rule keeps its word: it finds its flagged samples where they say, and no rule finds its passed ones."""

import pytest

from rules import RULES, Finding, Message, Severity, check, check_chat
from rules.rule import FORM, SPEECH, WEIGHING, Rule, Sample

FLAGGED = [
    pytest.param(rule, sample, id=f"{rule.id}-{sample.text[:40]}") for rule in RULES.values() for sample in rule.flagged
]
PASSED = [
    pytest.param(rule, sample, id=f"{rule.id}-{sample.text[:40]}") for rule in RULES.values() for sample in rule.passed
]
CHAT_MARK = " || "
SHARED = {FORM: 0.5, SPEECH: 0.3, WEIGHING: 0.3}
"""How much of the marked evidence must be shared: how far speech reaches is learned from moderators, not told."""


def judged(text: str) -> list[Finding]:
    """Findings of a sample; the messages of a chat stand on one line, parted by a double bar."""
    if CHAT_MARK in text:
        return check_chat([Message(said) for said in text.split(CHAT_MARK)])
    return check(text)


@pytest.mark.parametrize(("rule", "sample"), FLAGGED)
def test_it_finds_the_marked_evidence(rule: Rule, sample: Sample) -> None:
    found = [finding for finding in judged(sample.text) if finding.rule == rule.id]
    assert any(finding.severity is rule.severity for finding in found), "the rule is silent"
    for start, end in sample.spans:
        assert any(overlap(finding, sample.text, start, end) >= SHARED[rule.stage] for finding in found), [
            f.evidence for f in found
        ]


@pytest.mark.parametrize(("rule", "sample"), PASSED)
def test_it_passes_what_is_allowed(rule: Rule, sample: Sample) -> None:
    violations = [finding for finding in judged(sample.text) if finding.severity is Severity.VIOLATION]
    assert not violations, [(finding.rule, finding.evidence) for finding in violations]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_it_has_samples_enough(rule: Rule) -> None:
    assert len(rule.flagged) >= 20
    assert len(rule.passed) >= 20


def overlap(finding: Finding, text: str, start: int, end: int) -> float:
    """Characters both cover over those either covers; in a chat the place is counted from the message's begin."""
    begin = 0
    for index, said in enumerate(text.split(CHAT_MARK)):
        if index == finding.message:
            break
        begin += len(said) + len(CHAT_MARK)
    first, last = finding.start + begin, finding.end + begin
    return max(0, min(last, end) - max(first, start)) / (max(last, end) - min(first, start))
