"""Paying past Market: a card number, a transfer, a prepayment."""

import re
from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrase
from rules.rule import Hit, Rule, Words
from rules.speech import said
from rules.text import Text

_CARD = re.compile(r"(?<![\w-])[2-6]\d{3}(?P<gap>[ .-]?)\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?![\w-])")
_ABOUT_CARDS = Phrase("<card|transfer|pay>")
_PHRASES = (
    # переведите на карту, скиньте на сбер, переводом на тинькофф
    r"<transfer|pay|send|give> ~4 <in> ~3 <card>",
    r"<transfer|pay> ~3 (?:<us>|<in> ~2 <number|phone|card|cash>)",
    r"<pay> ~3 <transfer|direct|invoice>",
    r"<transfer> ~3 <card>",
    r"<in> <our> <card>",
    r"<number> <card> ~2 <found-phone|digits>",
    r"<card> ~3 <give|we-reply|send>",
)
_COMPILED = tuple(map(Phrase, _PHRASES))
_REFUND = (Phrase(r"<refund> [^.!?;\n]*"), Phrase(r"[^.!?;\n]* <refund>"), Phrase(r"<card|pay> <in>? <market>"), Phrase(r"<courier> _4 <pay|card|cash>"), Phrase(r"<pay> _3 <courier>"))


def _find(text: Text) -> Iterator[Hit]:
    if text.has_figures and _ABOUT_CARDS.said(text.line):
        for match in _CARD.finditer(text.canon):
            if _luhn(re.sub(r"\D", "", match.group())) or _ABOUT_CARDS.said(text.line):
                yield Hit(*text.origin(*match.span()))
    yield from said(text, _COMPILED, _REFUND)


def _luhn(digits: str) -> bool:
    """Tell whether a card's check figure holds."""
    doubled = (sum(divmod(2 * int(figure), 10)) for figure in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


RULE = Rule(
    id="payment",
    category=Category.OFF_PLATFORM,
    summary=Words("Оплата мимо Маркета", "Payment past Market"),
    policy="Не принимайте оплату мимо Маркета",
    reason=Words("Магазин предлагает оплату мимо Маркета.", "The shop suggests paying past Market."),
    hint=Words("Оплата возможна только в корзине Маркета.", "Payment is possible in Market's basket only."),
    confidence=0.92,
    find=_find,
)
