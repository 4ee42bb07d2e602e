"""Handles: @shop, a nickname said to be the same everywhere."""

import re
from collections.abc import Iterator

from rules.clues import clue
from rules.finding import Category
from rules.rule import Hit, Rule, Words
from rules.speech import REPORTED
from rules.text import Text

_HANDLE = re.compile(r"(?<![\w@.])@(?:[a-zа-я][\w.]{3,}|\s[a-z][\w.]{3,})")
_SIGNS = clue((), "@|ник|nick|nik|юзернейм|username")
_NICK = re.compile(
    r"(?<!\w)(?:ник(?:нейм)?|nick(?:name)?|юзернейм|username|nik)\s?(?:в \w+ |v \w+ )?[:—-]?\s?(?P<name>[a-z][\w.]{3,})"
)


def _find(text: Text) -> Iterator[Hit]:
    if "@" in text.canon and not any(phrase.said(text.line) for phrase in REPORTED):
        for match in _HANDLE.finditer(text.canon):
            yield Hit(*text.origin(*match.span()))
    for match in _NICK.finditer(text.canon):
        yield Hit(*text.origin(*match.span("name")))


RULE = Rule(
    id="handle",
    category=Category.CONTACT_OFFER,
    stage=0,
    summary=Words("Имя в мессенджере или соцсети", "A name in a messenger or social network"),
    policy="Не присылайте покупателям свои контакты",
    reason=Words(
        "В сообщении есть имя в мессенджере или соцсети.",
        "The message holds a messenger or social network name.",
    ),
    hint=Words(
        "Отвечайте в этом чате: «Напишите нам здесь, ответим».",
        "Answer in this chat instead.",
    ),
    confidence=0.9,
    needs=_SIGNS,
    find=_find,
)
