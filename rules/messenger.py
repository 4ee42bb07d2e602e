"""Messengers: naming one as a way to talk, handles, nicknames."""

from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, said
from rules.text import Text

_M = "messenger|social"
_THERE = r"(?:<messenger|social> | <plane>)"
_GOODS = (
    # часы показывают уведомления из телеграма
    Phrase(rf"<feature> [^.!?;\n]{{0,8}} <{_M}>"),
    Phrase(rf"<{_M}> [^.!?;\n]{{0,4}} <feature>"),
    Phrase(rf"<exist-not> _2 <{_M}>"),
    Phrase(rf"<{_M}> _3 <exist-not>"),
    Phrase(rf"<not> [^.!?;\n,]{{0,5}} <{_M}>"),
    Phrase(rf"<{_M}> [^.!?;\n,]{{0,4}} <not>"),
)
_PHRASES = (
    # пишите в вотсап, заходите в наш дискорд, отвечаем в телеге, давайте в вотсап
    rf"<write|writing|come|lets|call|call-en|calling|dial|reach|we-reply|look|send|give|us|present|there|will-call|channel|buy|person|profile> _4 <in> ~2 {_THERE} (?:<channel>)?",
    rf"<in> ~1 {_THERE} _3 <write|writing|come|call|calling|dial|reach|we-reply|us|our|there|will-call|profile|channel|present|send|person|buy|cheaper>",
    rf"^ <please|and|lets|here>{{0,3}} <in> <our>? {_THERE} (?:<please>|[!.])* $",
    # пишите вотсап, add telegram, 加微信
    rf"<write|come|call|give|send> <us|our|please>{{0,2}} <{_M}>",
    # наш тг, телеграм-канал, инстаграм магазина, ник в телеге
    rf"<our> ~1 <{_M}> (?:-? <channel>)?",
    rf"<{_M}> -? <channel>",
    rf"<{_M}> ~1 <our|us|shop> ~2",
    rf"<channel> ~1 <in> ~1 <{_M}>",
    # вотсап 8 912..., tg: @shop, телега kotomarket
    rf"<{_M}|plane> [:\-–\(]* <our|number|profile|in>{{0,2}} [:\-]* <found-phone|found-handle|found-link>+",
    rf"<{_M}> : <unknown|mixed>",
    rf"(?<! <found-phone> ) <found-phone>++ [\(,\-]* <in>? <our>? <{_M}> (?:[\/,]? <and>? <{_M}>)* \)?",
    # пишите в MAX, найдите нас в максе
    r"<write|writing|come|lets|call|calling|reach|we-reply|us|give|present> ~3 <in> ~1 <maybe-messenger>",
    r"<in> <maybe-messenger> ~2 <write|come|we-reply|us|our|present|call>",
    # наша группа, подпишитесь на канал, на нашей странице
    r"<come|look|write|in|present> ~2 <our> ~1 <channel|profile>",
    r"<come> ~2 <in> ~1 <channel>",
    # в зелёном мессенджере, в соседнем чате
    rf"<in> <color|elsewhere> <{_M}|here>",
    # 加客服微信 lanlan_kids88
    r"<come> _2 <messenger> [:：]? <unknown|mixed>",
    # Ватсапқа жазыңыз, Telegramda yozing
    rf"<{_M}> <us>? <write|call|come>",
    rf"<profile> ~2 <in> <{_M}>",
)
_COMPILED = Phrases(*_PHRASES)


def _find(text: Text) -> Iterator[Hit]:
    return said(text, _COMPILED, _GOODS, stops=CLAUSE)


RULE = Rule(
    id="messenger",
    category=Category.CONTACT_OFFER,
    summary=Words("Приглашение в мессенджер или соцсеть", "An invitation to a messenger or social network"),
    policy="Не присылайте покупателям свои контакты и не уводите их из чата",
    reason=Words(
        "Магазин зовёт покупателя в мессенджер или соцсеть.",
        "The shop invites the buyer to a messenger or social network.",
    ),
    hint=Words(
        "Продолжайте в этом чате: сюда можно прислать фото и видео.", "Stay in this chat: it takes photos and videos."
    ),
    confidence=0.93,
    find=_find,
)
