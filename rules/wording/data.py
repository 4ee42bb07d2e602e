"""The labelled messages that the model learns from, and what the other rules make of them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from rules import RULES
from rules.rule import FORM, Found, Sample, is_sure, read_samples
from rules.text import Text

CHECKOUT = Path(__file__).parents[2]
LEARNED = "wording"

_SLOTS = {"{order}": "482915376", "{name}": "Анна", "{shop}": "Лесная лавка", "{manager}": "Мария"}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message.

    ``author`` is None for what is never held out: samples of the rules, lessons, the sandbox's dialogues. ``spans`` are
    the places that break the policy, empty where nobody has marked them.
    """

    text: str
    guilty: bool
    author: str | None
    spans: tuple[tuple[int, int], ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An example as the model meets it: behind all other rules, with what they found in it."""

    example: Example
    text: Text
    found: tuple[Found, ...]

    @property
    def flagged(self) -> bool:
        """Whether a rule has found a violation."""
        return bool(self.text.found)

    @property
    def by_form(self) -> bool:
        """Whether it was found by its form, as numbers and addresses are, which the model does not doubt."""
        return any(RULES[rule].stage == FORM for rule in self.text.found)


def examples() -> list[Example]:
    """Collect all labelled messages of the checkout, always in the same order."""
    found = [*_corpus(), *_chats(), *_sandbox(), *_samples(), *_lessons()]
    return sorted(dict.fromkeys(found), key=lambda example: (example.author or "", example.text, example.guilty))


def hash_of(found: list[Example]) -> str:
    """Hash the data, so that stale weights are known."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def hash_of_rules() -> str:
    """Hash everything in ``rules`` that the model's input depends on; neither samples nor the weights themselves."""
    digest = hashlib.sha256()
    for path in sorted((CHECKOUT / "rules").rglob("*")):
        if path.suffix in (".py", ".txt", ".phrases"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def read(example: Example) -> Reading:
    """Let all other rules read an example."""
    text = Text(example.text)
    found: list[Found] = []
    for rule in RULES.values():
        if rule.id != LEARNED:
            hits = list(rule.find(text)) if rule.needs & text.signs else []
            text.note(rule.id, [(hit.start, hit.end) for hit in hits if is_sure(rule, hit)])
            found += [(rule, hit) for hit in hits]
    return Reading(example, text, tuple(found))


def _corpus() -> Iterator[Example]:
    for row in _rows("tests/corpus"):
        if "text" in row and not row.get("doubt"):
            places = ((row["text"].find(piece), piece) for piece in row.get("evidence", ()))
            spans = tuple((at, at + len(piece)) for at, piece in places if at >= 0)
            yield Example(row["text"], row["label"] == 1, row["author"], spans, tuple(row.get("categories", ())))


def _chats() -> Iterator[Example]:
    """Messages of chats; one that is guilty only together with others teaches nothing."""
    for row in _rows("tests/corpus"):
        for index, said in enumerate(row.get("chat", ())):
            guilty = index in row["guilty"]
            if said["sender"] == "PARTNER" and said["text"].strip() and (not guilty or len(row["guilty"]) == 1):
                yield Example(said["text"], guilty, row["author"], (), tuple(row["categories"]) if guilty else ())


def _sandbox() -> Iterator[Example]:
    for row in _rows("worker/sandbox/chats"):
        for said in row["messages"]:
            if not row["violates"] and said["from"] == "PARTNER" and said.get("text"):
                text = said["text"]
                for slot, filling in _SLOTS.items():
                    text = text.replace(slot, filling)
                yield Example(text, False, None)


def _rows(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((CHECKOUT / folder).glob("*.jsonl")):
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def _samples() -> Iterator[Example]:
    for rule in RULES.values():
        for sample in rule.samples:
            if " || " not in sample.text:
                yield _taught(sample, rule.category)


def _lessons() -> Iterator[Example]:
    """Read ``lessons/*.samples``; each file teaches the category of its name; ``everyday`` holds no guilty ones.

    They are marked whole, which says nothing of where evidence ends, so their marks are left out.
    """
    for path in sorted(files(__package__).joinpath("lessons").iterdir(), key=lambda path: path.name):
        category = path.name.removesuffix(".samples")
        for sample in read_samples(path.read_text(encoding="utf-8").splitlines()):
            yield replace(_taught(sample, category), spans=())


def _taught(sample: Sample, category: str) -> Example:
    return Example(sample.text, bool(sample.spans), None, sample.spans, (category,) if sample.spans else ())
