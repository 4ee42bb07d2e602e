"""Handles: @shop, a nickname said to be the same everywhere."""

import re
from collections.abc import Iterator

from rules.clues import clue
from rules.finding import Category
from rules.phrase import Phrase
from rules.rule import Hit, Rule, Words
from rules.speech import REPORTED
from rules.text import Text

# A name to be engraved or printed is goods, unless the sentence also says where to write.
_INSCRIBED, _INVITED = Phrase("<inscribe>"), Phrase("<messenger|social|come|write>")
_HANDLE = re.compile(r"(?<![\w@.])@(?:[a-zа-я][\w.]{3,}|\s[a-z][\w.]{3,})")
_SIGNS = clue((), "@|ник|nick|nik|юзернейм|username")
_NICK = re.compile(
    r"(?<!\w)(?:ник(?:нейм)?|nick(?:name)?|юзернейм|username|nik)\s?(?:в \w+ |v \w+ )?[:—-]?\s?"
    r"(?P<name>[a-z][\w.]{3,})(?!\w|\s?\?)"
)


def _find(text: Text) -> Iterator[Hit]:
    if "@" in text.canon and not any(phrase.said(text.line) for phrase in REPORTED) and not _is_goods(text):
        for match in _HANDLE.finditer(text.canon):
            yield Hit(*text.origin(*match.span()))
    for match in _NICK.finditer(text.canon):
        yield Hit(*text.origin(*match.span("name")))


def _is_goods(text: Text) -> bool:
    return _INSCRIBED.said(text.line) and not _INVITED.said(text.line)


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
