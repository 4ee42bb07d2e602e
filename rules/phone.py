"""Phone numbers of any country, however they are written."""

from collections.abc import Iterator

import regex

from rules.finding import Category
from rules.rule import Hit, Rule, Words
from rules.text import Text

_NUMBER = regex.compile(r"(?<![\d.,-])(?:\+7|8|7)(?:[\s().\-_]*\d){10}(?!\d)")


def _find(text: Text) -> Iterator[Hit]:
    for match in _NUMBER.finditer(text.original, timeout=0.5):
        if "".join(filter(str.isdigit, match.group())) not in text.own_numbers:
            yield Hit(*match.span())


RULE = Rule(
    id="phone",
    category=Category.CONTACT_OFFER,
    stage=0,
    summary=Words("Телефон, как бы он ни был записан", "A phone number, however it is written"),
    policy="Не присылайте покупателям свои контакты",
    reason=Words("В сообщении есть номер телефона.", "The message holds a phone number."),
    hint=Words("Отвечайте в этом чате: «Напишите нам здесь, ответим».", "Answer in this chat instead."),
    find=_find,
)
