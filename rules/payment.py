"""Paying past Market: a transfer, a prepayment."""

from collections.abc import Iterable

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, SINCE_ITS_BEGINNING, said
from rules.text import Text

_MEANT = Phrases.of("payment")
_REFUND = Phrases(
    Phrase(r"<not> [^.!?;\n,]{0,3} <transfer|card|pay>"),
    Phrase(r"<refund> [^.!?;\n]*"),
    Phrase(rf"{SINCE_ITS_BEGINNING} <refund>"),
    # перевод на карту делает Маркет; но не "киньте на карту, на Маркете отменю"
    Phrase(r"(?! <to-card> , ) <card|pay|transfer|invoice> (?: (?! <to-card> , ) [^.!?;\n] ){0,4} <market|app>"),
    Phrase(r"<card|pay> [^.!?;,\n]{0,10} <form>"),  # картой или по СБП прямо в корзине
    # оплатить можно картой, по СБП или частями, всё на странице оформления Маркета
    Phrase(
        r"<pay> (?: (?! <to-card|wallet|direct|without|us|our|transfer|invoice|not|but> ) [^.!?;\n] ){0,12}"
        r" <in> <unknown|buy>{0,2} <market|app|form> (?! _2 <cheaper|worse|commission|not> )"
    ),
    Phrase(r"<courier> _4 (?! <to-card> ) <pay|card|cash> (?! [^.!?;,\n]{0,3} <in> <to-card>)"),
    Phrase(r"<pay> _3 <courier> (?! [^.!?;,\n]{0,3} <in> <to-card>)"),
    Phrase(r"<transfer|pay|card|cash> [^.!?;\n,]{0,4} <not|banned>"),
    Phrase(r"<contactless> [^.!?;\n]{0,4} <pay|card>"),
)
_PAYOUT = Phrases(
    # закройте возврат, деньги вернём на карту сами; киньте номер карты
    Phrase(r"<we-refund|we-reply|transfer> ~4 <in> <your>? <to-card> (?! <feature> | ,? <with> <which> )"),
    Phrase(r"<in> <your>? <to-card> <we-refund|we-reply>"),
    Phrase(r"<give|write|send> ~3 <number> <card>"),
    Phrase(r"<number> <card> <please>? <give|write|send>"),
)
_PAID_BY_MARKET = Phrases(
    Phrase(r"<market> [^.!?;,\n]{0,6} <card>"),
    Phrase(r"<card> _4 <market>"),
    Phrase(r"<not> [^.!?;\n,]{0,5} <card>"),
    Phrase(r"<card> [^.!?;\n,]{0,4} <not|banned>"),
)


def _find(text: Text) -> Iterable[Hit]:
    return said(text, _MEANT, _REFUND, up_to=CLAUSE) or said(text, _PAYOUT, _PAID_BY_MARKET, up_to=CLAUSE)


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
    needs=_MEANT.anchors | _PAYOUT.anchors,
    find=_find,
)
