"""Inviting the buyer to call, to write or to come outside the chat."""

from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, OTHERS, said
from rules.text import Text

_PHRASES = (
    # звоните, позвоните нам, звякни
    r"(?<! <not>) <call> ~2 <us|our|in|person|here|to|number>{0,2} (?:<found-phone>+|<phone>|<number> <phone-of>)?",
    r"<dial> ~2 (?:<us>|<number> (?! <thing|refund>)|<found-phone>|<phone> (?! <feature>))",
    r"<call-en> ~1 <us|our|found-phone> ~2",
    r"<may|lets|need> ~3 <calling> ~2 (?:<us|person|outlet|shop>|<in> ~2 <outlet|shop|number|phone>)",
    r"<calling> ~1 <in>? <us|our> <in>? <outlet>?",
    r"<lets> ~2 <will-call|calling|call>",
    # пишите на почту, отправьте фото на мейл
    r"<write|writing|send|give|call|reach|we-reply> [^.!?;\n]{0,6}? <in> ~1 <our|us>? <mail|mail-emoji> <found-email>*",
    r"<write|send|give> <thing|unknown|please|us>{0,3} <in> <post|mail>",
    r"<write|reach|send> ~3 <in> ~1 <our|us> <post>",
    r"<write|writing|reach> ~2 <us|person> ~2 <in> <post|mail|phone>",
    r"<our> <mail|post> (?! <thing|refund|outlet>)",
    # наш телефон, мой номер, номер на обороте открытки
    r"<our> ~1 (?:<number> <phone-of>|<phone> (?! <feature|not>)|<contact> (?! <feature|not|unknown>)|<number> (?! <thing|refund|feature|unknown|digits>)) <found-phone>*",
    r"(?:<number> <phone-of>?|<phone|contact>) ~2 <in> <place>",
    r"<place> ~2 <our> <number|phone|contact|phone-of>",
    r"<reach|call> (?:<with> <us|person>)? ~3 <in> ~1 (?:<phone|phone-of>|<number>) (?! <thing|refund>)",
    # напишите менеджеру на номер
    r"<write|reach> ~3 <in> <number|phone> (?! <thing|refund>)",
)
_COMPILED = Phrases(*_PHRASES)


def _find(text: Text) -> Iterator[Hit]:
    return said(text, _COMPILED, OTHERS, stops=CLAUSE)


RULE = Rule(
    id="call-or-write",
    category=Category.CONTACT_OFFER,
    summary=Words("Приглашение позвонить или написать вне чата", "An invitation to call or write outside the chat"),
    policy="Не уводите покупателя из чата",
    reason=Words(
        "Магазин предлагает позвонить или написать вне чата.", "The shop suggests calling or writing outside the chat."
    ),
    hint=Words("Пригласите продолжить здесь: «Напишите нам в этот чат».", "Invite them to go on here, in this chat."),
    confidence=0.9,
    find=_find,
)
