"""Numbers of bank cards: where a buyer is to pay past Market."""

import re
from collections.abc import Iterator

from rules.clues import clue
from rules.finding import Category
from rules.numerals import Run
from rules.other_numbers import is_named_behind
from rules.phrase import Phrase
from rules.rule import FORM, Hit, Rule, Words
from rules.text import Text
from rules.words import lexicon

_CARD_FIGURES = 16
_MIR = clue((), r"22(?<!\d22)(?:0[0-4]|$)")
"""How the numbers of Mir cards begin, and no phone, key or barcode does."""
_OTHER_CARD = re.compile("подароч|сертификат|промокод|лояльн|бонусн|скидочн|ваучер|gift")
_CARD = re.compile("[2456]|8600|9860")  # the last two are of Uzbekistan
_MIR_CARD = re.compile(r"220[0-4]\d{12}")
_ABOUT_PEOPLE = Phrase("<card|maybe-card|transfer|pay|cash|person>")
_LABEL = Phrase("<thing|numbered> _2 $")
_ABOUT_CARDS = Phrase("<card|transfer|pay>")


def _find(text: Text) -> Iterator[Hit]:
    runs = [run for run in text.runs if len(run.digits) == _CARD_FIGURES]
    if not runs or _OTHER_CARD.search(text.canon):
        return
    of_people = _ABOUT_PEOPLE.said(text.line) or not lexicon().names.isdisjoint(text.tokens)
    of_cards = _ABOUT_CARDS.said(text.line)
    for run in runs:
        meant = of_people if _MIR_CARD.fullmatch(run.digits) else of_cards and _is_card(run)
        labelled = _LABEL.said(text.line[max(0, run.first - 4) : run.first]) or is_named_behind(run, text)
        if meant and not labelled:
            yield Hit(*text.place(run.first, run.last))


def _is_card(run: Run) -> bool:
    """Tell a card by its figures and groups; of a Mir card, told by its beginning, the groups may be any."""
    return max(run.sizes) in (4, _CARD_FIGURES) and _CARD.match(run.digits) is not None


RULE = Rule(
    id="card",
    category=Category.OFF_PLATFORM,
    stage=FORM,
    summary=Words("Номер банковской карты", "The number of a bank card"),
    policy="Не принимайте оплату мимо Маркета",
    reason=Words(
        "В сообщении есть номер банковской карты.",
        "The message holds the number of a bank card.",
    ),
    hint=Words(
        "Оплата возможна только в корзине Маркета.",
        "Payment is possible in Market's basket only.",
    ),
    confidence=0.95,
    needs=_ABOUT_CARDS.needed[0] | _MIR,
    find=_find,
)
