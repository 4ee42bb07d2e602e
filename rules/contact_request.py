"""Asking the buyer for a phone, an e-mail, a messenger or any other contact."""

from collections.abc import Iterable

from rules.finding import Category
from rules.phrase import Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import said
from rules.text import Text

_MEANT = Phrases.of("contact_request")


def _find(text: Text) -> Iterable[Hit]:
    return said(text, _MEANT)


RULE = Rule(
    id="contact-request",
    category=Category.CONTACT_REQUEST,
    summary=Words("Просьба оставить контакт", "Asking the buyer for a contact"),
    policy="Не запрашивайте у покупателей контакты",
    reason=Words("Магазин просит у покупателя контакт.", "The shop asks the buyer for a contact."),
    hint=Words(
        "Спросите то же самое здесь: «Напишите, пожалуйста, в этот чат».",
        'Ask the same here: "Please write in this chat".',
    ),
    confidence=0.93,
    needs=_MEANT.anchors,
    find=_find,
)
