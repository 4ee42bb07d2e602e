"""Paying past Market: a card number, a transfer, a prepayment."""

import re
from collections.abc import Iterator

from rules.clues import clue
from rules.finding import Category
from rules.numerals import Run
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, said
from rules.text import Text
from rules.words import lexicon

_CARD_FIGURES = 16
_MIR = clue((), r"(?<!\d)22(?:0[0-4]|$)")
"""How the numbers of Mir cards begin, and no phone, key or barcode does."""
_OTHER_CARD = re.compile("подароч|сертификат|промокод|лояльн|бонусн|скидочн|ваучер|gift")
_MIR_CARD = re.compile(r"220[0-4]\d{12}")
_ABOUT_PEOPLE = Phrase("<card|maybe-card|transfer|pay|cash|person>")
_LABEL = Phrase("<thing> _2 $")
_ABOUT_CARDS = Phrase("<card|transfer|pay>")
_MEANT = Phrases.of("payment")
_REFUND = Phrases(
    Phrase(r"<not> [^.!?;\n,]{0,3} <transfer|card|pay>"),
    Phrase(r"<refund> [^.!?;\n]*"),
    Phrase(r"[^.!?;\n]* <refund>"),
    Phrase(r"<card|pay|transfer|invoice> _4 <market|app>"),
    Phrase(r"<card|pay> [^.!?;,\n]{0,10} <form>"),  # картой или по СБП прямо в корзине
    Phrase(r"<courier> _4 <pay|card|cash>"),
    Phrase(r"<pay> _3 <courier>"),
    Phrase(r"<transfer|pay|card|cash> [^.!?;\n,]{0,4} <not>"),
)


def _find(text: Text) -> Iterator[Hit]:
    yield from _cards(text)
    yield from said(text, _MEANT, _REFUND, up_to=CLAUSE)


def _cards(text: Text) -> Iterator[Hit]:
    for run in text.runs:
        labelled = _LABEL.said(text.line[max(0, run.first - 4) : run.first]) or _OTHER_CARD.search(text.canon)
        if len(run.digits) == _CARD_FIGURES and not labelled and _is_card(run, text):
            yield Hit(*text.place(run.first, run.last))


def _is_card(run: Run, text: Text) -> bool:
    """Tell a card by what is said beside it; of a Mir card a name is enough, and its groups may be any."""
    if _MIR_CARD.fullmatch(run.digits):
        return _ABOUT_PEOPLE.said(text.line) or not lexicon().names.isdisjoint(text.tokens)
    return run.digits[0] in "2456" and max(run.sizes) in (4, _CARD_FIGURES) and _ABOUT_CARDS.said(text.line)


RULE = Rule(
    id="payment",
    category=Category.OFF_PLATFORM,
    summary=Words("Оплата мимо Маркета", "Payment past Market"),
    policy="Не принимайте оплату мимо Маркета",
    reason=Words(
        "Магазин предлагает оплату мимо Маркета.",
        "The shop suggests paying past Market.",
    ),
    hint=Words(
        "Оплата возможна только в корзине Маркета.",
        "Payment is possible in Market's basket only.",
    ),
    confidence=0.92,
    needs=_MEANT.anchors | _ABOUT_CARDS.needed[0] | _MIR,
    find=_find,
)
