"""Names and contact words in a disguise that nobody puts on by mistake."""

import re
import unicodedata
from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrase
from rules.rule import FORM, Hit, Rule, Words
from rules.text import Text
from rules.words import bits, is_hidden, lexicon

_MEANING = {
    **dict.fromkeys(("messenger", "social"), Category.CONTACT_OFFER),
    **dict.fromkeys(("other-market", "site"), Category.OFF_PLATFORM),
    **dict.fromkeys(("phone", "phone-of", "mail"), Category.CONTACT_REQUEST),
}
_CATEGORIES = {lexicon().signs[name]: category for name, category in _MEANING.items()}
_HIDDEN_SIGNS, _MAY_HIDE = bits(_CATEGORIES), re.compile(f"[{''.join(map(re.escape, _CATEGORIES))}]")
_GOODS = Phrase("<feature|cart>")


def _find(text: Text) -> Iterator[Hit]:
    if _GOODS.said(text.line):
        return
    for match in _MAY_HIDE.finditer(text.line):
        at = match.start()
        if len(text.tokens[at]) > 1 and (_is_marked(text, at) or is_hidden(text.tokens[at])):
            yield Hit(*text.place(at, at + 1), category=_CATEGORIES[match[0]])


def _is_marked(text: Text, at: int) -> bool:
    """Tell whether signs were put between the letters, or other letters in their place."""
    if text.is_plain:
        return False
    start, end = text.place(at, at + 1)
    composed = unicodedata.normalize("NFC", text.original[start:end])
    return composed.lower().replace("ё", "е").replace("\xad", "") != text.tokens[at]


RULE = Rule(
    id="hidden-word",
    category=Category.CONTACT_OFFER,
    stage=FORM,
    summary=Words(
        "Замаскированное слово: мессенджер, площадка, телефон",
        "A disguised word: a messenger, a market, a phone",
    ),
    policy="Не запрашивайте у покупателей контакты, не присылайте ссылки на другие сайты",
    reason=Words(
        "Слово о контакте или другой площадке замаскировано подменой букв.",
        "A word for a contact or another marketplace is disguised with other letters.",
    ),
    hint=Words(
        "Пишите словами как есть и только о заказе.",
        "Write words as they are, and of the order only.",
    ),
    confidence=0.85,
    needs=_HIDDEN_SIGNS,
    find=_find,
)
