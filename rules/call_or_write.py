"""Inviting the buyer to call, to write or to come outside the chat."""

from collections.abc import Iterable

from rules.finding import Category
from rules.phrase import Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, OTHERS, said
from rules.text import Text

_MEANT = Phrases.of("call_or_write")


def _find(text: Text) -> Iterable[Hit]:
    return said(text, _MEANT, OTHERS, up_to=CLAUSE)


RULE = Rule(
    id="call-or-write",
    category=Category.CONTACT_OFFER,
    summary=Words(
        "Приглашение позвонить или написать вне чата",
        "An invitation to call or write outside the chat",
    ),
    policy="Не уводите покупателя из чата",
    reason=Words(
        "Магазин предлагает позвонить или написать вне чата.",
        "The shop suggests calling or writing outside the chat.",
    ),
    hint=Words(
        "Пригласите продолжить здесь: «Напишите нам в этот чат».",
        "Invite them to go on here, in this chat.",
    ),
    confidence=0.9,
    needs=_MEANT.anchors,
    find=_find,
)
