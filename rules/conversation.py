"""What only several messages together say: a number, a name or a request sent in pieces."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rules.finding import Category
from rules.hosts import sections
from rules.message import Message, Part
from rules.rule import FORM, Hit, Rule, Words
from rules.text import Text
from rules.words import LETTER, PIECE, SIGNS, UNKNOWN, lexicon

SHORT = 32
"""Characters up to which a message may be a piece of the one before or behind it."""

MOST_TOGETHER = 8
"""Messages that are read as one."""

_LAST = re.compile(r"[^\W\d_]+$")
_FIRST = re.compile(r"[^\W\d_]+")
_SCRAP, _LONGEST_NAME = 3, 16
_TORN_MARKS = frozenset("-_@.")


class Joined(NamedTuple):
    """Messages of the shop read as one text; ``places`` say where each begins and ends and which it is."""

    text: str
    places: tuple[tuple[int, int, int], ...]

    def parts(self, start: int, end: int) -> list[Part]:
        """Divide a stretch of the text among the messages it reaches into."""
        cut = ((index, begin, max(start, begin), min(end, stop)) for begin, stop, index in self.places)
        return [
            Part(index, first - begin, last - begin)
            for index, begin, first, last in cut
            if any(map(str.isalnum, self.text[first:last]))
        ]


def joined(messages: Sequence[Message], since: int) -> Iterator[Joined]:
    """Yield what is to be read together: groups as they stand, and their figures without the small talk between."""
    for group in _groups(messages):
        if len(group) > 1 and group[-1] >= since:
            yield _join(messages, group)
            figures = [index for index in group if any(map(str.isdecimal, messages[index].text))]
            if 1 < len(figures) < len(group) and figures[-1] >= since:
                yield _join(messages, figures)


def _groups(messages: Sequence[Message]) -> Iterator[list[int]]:
    """Group the shop's messages where one of two neighbours is short; others' messages between do not part them."""
    group: list[int] = []
    for index, message in enumerate(messages):
        if message.sender != "PARTNER" or not message.text.strip():
            continue
        near = group and min(len(messages[group[-1]].text), len(message.text)) <= SHORT
        if not near or len(group) == MOST_TOGETHER:
            yield group
            group = group[-1:] if near else []
        group.append(index)
    yield group


def _join(messages: Sequence[Message], group: Sequence[int]) -> Joined:
    text, places, before = "", [], ""
    for index in group:
        said = messages[index].text
        letters = len(before) == len(said) == 1 and (before + said).isalpha()
        text += "" if letters else _gap(text, said)
        places.append((len(text), len(text) + len(said), index))
        text, before = text + said, said
    return Joined(text, tuple(places))


def _gap(before: str, behind: str) -> str:
    """Put nothing where a word may have been torn in two (``теле``, ``грам``), else a space."""
    end, begin = _LAST.search(before), _FIRST.match(behind)
    if not end or not begin:
        return "" if before[-1:] in _TORN_MARKS or behind[:1] in _TORN_MARKS else " "
    if not _unknown(begin.group()):
        return " "
    scraps = max(len(end.group()), len(begin.group())) <= _SCRAP and _unknown(end.group())
    return "" if scraps or _is_name(end.group() + begin.group()) else " "


def _is_name(torn: str) -> bool:
    return len(torn) <= _LONGEST_NAME and SIGNS[torn.lower()] in lexicon().split_signs


def _unknown(word: str) -> bool:
    return SIGNS[word.lower()] in (UNKNOWN, LETTER, PIECE) and word.lower() not in sections()["dot"]


def torn_names(together: Joined, text: Text) -> Iterator[Hit]:
    """Yield names of messengers, marketplaces and the like that are torn between messages."""
    borders = [begin for begin, _, _ in together.places[1:]]
    for (start, end), sign in zip(text.spans, text.line, strict=True):
        if sign in lexicon().split_signs and any(start < border < end for border in borders):
            yield Hit(*text.origin(start, end))


def _find(_: Text) -> Iterable[Hit]:
    """One text alone says nothing here."""
    return ()


RULE = Rule(
    id="conversation",
    category=Category.CONTACT_OFFER,
    stage=FORM,
    summary=Words(
        "Контакт или ссылка по частям в нескольких сообщениях",
        "A contact or link in pieces over several messages",
    ),
    policy="Не запрашивайте у покупателей контакты, не присылайте ссылки на другие сайты",
    reason=Words(
        "Сообщения магазина вместе складываются в контакт, ссылку или просьбу о них.",
        "The shop's messages together make a contact, a link or a request for one.",
    ),
    hint=Words(
        "Отвечайте в этом чате целиком, без контактов по частям.",
        "Answer in this chat, without contacts in pieces.",
    ),
    confidence=0.85,
    needs=0,
    find=_find,
)
