"""E-mail addresses."""

from collections.abc import Iterator

import regex

from rules.finding import Category
from rules.rule import Hit, Rule, Words
from rules.text import Text

_ADDRESS = regex.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _find(text: Text) -> Iterator[Hit]:
    for match in _ADDRESS.finditer(text.original, timeout=0.5):
        yield Hit(*match.span())


RULE = Rule(
    id="email",
    category=Category.CONTACT_OFFER,
    stage=0,
    summary=Words("Адрес электронной почты", "An e-mail address"),
    policy="Не присылайте покупателям свои контакты",
    reason=Words("В сообщении есть адрес электронной почты.", "The message holds an e-mail address."),
    hint=Words("Попросите прислать фото и вопросы в этот чат.", "Ask for photos and questions in this chat."),
    find=_find,
)
