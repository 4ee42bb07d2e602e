"""Messengers: naming one as a way to talk, handles, nicknames."""

from collections.abc import Iterable

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, said
from rules.text import Text

_M = "messenger|social|maybe-messenger"
_INVITING = "write|writing|come|lets|call|calling|dial|reach|we-reply|look|send|give"
_GOODS = Phrases(
    # часы показывают уведомления из телеграма
    Phrase(rf"<feature> (?: (?! <our|us|come|write|he> ) [^.!?;\n] ){{0,8}} <{_M}>"),
    Phrase(rf"<{_M}> (?: (?! <we-reply> ) [^.!?;,\n] ){{0,6}} <feature>"),
    Phrase(rf"<in> <your> <{_M}>"),
    Phrase(rf"<{_M}> ,? <but>"),
    Phrase(rf"<exist-not> _2 <{_M}>"),
    Phrase(rf"<{_M}> _3 <exist-not>"),
    Phrase(rf"<not> [^.!?;\n,]{{0,5}} <{_M}>"),
    Phrase(rf"<{_M}> (?: (?! <here|if> ) [^.!?;\n,] ){{0,4}} <not>"),
    Phrase(rf"<{_M}> <here> <not> <upon>"),  # тут ни при чём
    # ник в телеграме выгравируем
    Phrase(rf"(?<! <your> ) <profile> _2 <{_M}> [^.!?;,\n]{{0,4}} <inscribe>"),
    Phrase(rf"<inscribe> [^.!?;,\n]{{0,4}} <profile> _2 <{_M}>"),
    Phrase(rf"<{_M}> (?: (?! <here|if> ) [^.!?;\n,] ){{0,6}} <us> <not>"),  # канал этого блогера мы не знаем
    Phrase(rf"<{_M}> , <unknown|letter|in>? <which> _1 <thou>"),  # о котором вы пишете
    Phrase(rf"<{_M}> [^.!?;,\n]{{0,5}} <foreign|means>"),  # страница чужая; тг означает тонны груза
    # каналы в телеге под борта; одноклассники сына
    Phrase(rf"(?<! <{_INVITING}> [^.!?;\n]{{0,6}}) <messenger> [^.!?;\n]{{0,4}} <cart>"),
    Phrase(r"<social> <our|your>? <family>"),
    # с него можно звонить в вайбере, ватсап ставится, камера в скайпе работает
    Phrase(rf"<with|via> <he> [^.!?;,\n]{{0,3}} <calling|writing|converse> [^.!?;,\n]{{0,3}} <{_M}>"),
    Phrase(rf"<sound> (?: (?! <our|us|write|come> ) [^.!?;:,\n] ){{0,3}} <{_M}>"),
    Phrase(
        rf"(?<! <our|us> ) (?<! <our|us> <in> ) <{_M}> <works>"
        r" (?! _1 <digits|number-word|with> | [^.!?\n]{0,6} <us|our|write|come|call|number> )"
    ),
)
_MEANT = Phrases.of("messenger")


def _find(text: Text) -> Iterable[Hit]:
    return said(text, _MEANT, _GOODS, up_to=CLAUSE)


RULE = Rule(
    id="messenger",
    category=Category.CONTACT_OFFER,
    summary=Words(
        "Приглашение в мессенджер или соцсеть",
        "An invitation to a messenger or social network",
    ),
    policy="Не присылайте покупателям свои контакты и не уводите их из чата",
    reason=Words(
        "Магазин зовёт покупателя в мессенджер или соцсеть.",
        "The shop invites the buyer to a messenger or social network.",
    ),
    hint=Words(
        "Продолжайте в этом чате: сюда можно прислать фото и видео.",
        "Stay in this chat: it takes photos and videos.",
    ),
    confidence=0.93,
    needs=_MEANT.anchors,
    find=_find,
)
