"""Inviting the buyer to call, to write or to come outside the chat."""

from collections.abc import Iterable

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, said
from rules.text import Text

_MEANT = Phrases.of("call_or_write")
_OTHERWISE = Phrases(
    # курьер позвонит, обратитесь в поддержку, напишите производителю
    Phrase(r"<courier> _8 <call|call-en|calling|dial|will-call|write|writing|reach>"),
    Phrase(r"<call|call-en|calling|dial|write|writing|reach|will-call> (?! <in>? <our> ) _4 <courier|market>"),
    Phrase(r"<call|calling> _2 <with> <unknown>? <feature>"),  # позвоните маме с игрушки
    # часы показывают звонки, звонок курьера, звонки не принимаем
    Phrase(r"<feature|door> [^.!?\n]{0,10} <calls|voice|handset>"),
    Phrase(r"<calls|voice|handset> [^.!?\n]{0,10} <feature|door>"),
    Phrase(r"<courier> _8 <calls|ring|sms>"),
    Phrase(r"<calls|ring|sms|handset> _4 <courier|market>"),
    Phrase(r"<in> <phone-of|phone> _2 <courier|market>"),
    Phrase(r"<call|dial|calling> <in>? <bank|operator>"),
    Phrase(r"<calls|ring|handset> _1 <not|exist-not|banned>"),
    Phrase(r"<not|banned> _1 <calls|ring|handset>"),
    Phrase(r"<our> <soap> (?! [:—-]{0,2} <found-email|mixed> )"),  # наше мыло без отдушек
)


def _find(text: Text) -> Iterable[Hit]:
    return said(text, _MEANT, _OTHERWISE, up_to=CLAUSE)


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
