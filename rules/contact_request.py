"""Asking the buyer for a phone, an e-mail, a messenger or any other contact."""

from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import said
from rules.text import Text

_PHONE = r"(?:<number> <phone-of|phone> | <phone> <number>? | <contact> <number|phone>? | <phone-emoji>)"
_CHANNEL = r"(?:<mail> <address>? | <electronic> <post|address> | <address> <electronic>? <post|mail> | <post> | <mail-emoji> | <messenger|social> (?:<and> <messenger|social>)? | <profile>)"
_ANY = rf"(?:{_PHONE}|{_CHANNEL})"
_NOT_GOODS = r"(?! _1 <feature|not|thing|refund> | <digits> )"
_ENDS = r"(?= [,.!?\n)—-] | $ | <please|and|to|in|number|courier|your|here>)"
_HERE = r"(?:<in>? <here|talk|market>)?"
_CALLS = r"<will-call|calling|call|call-en|reach|person|courier|phone|phone-of|messenger>"

_PHRASES = (
    # напишите ваш номер телефона, дайте телефончик, укажите, пожалуйста, e-mail
    rf"<give|write> {_HERE} ~4 {_ANY} {_NOT_GOODS}",
    rf"<send> {_HERE} ~4 (?:<number> <phone-of|phone>|<your> ~1 <phone|contact|mail|post|messenger|social>|<contact|mail>)",
    # оставьте номер, перезвоню; скиньте свой номер
    rf"<give|write|send> {_HERE} ~3 (?<! <buy> ) <number> (?! <thing|refund|feature|phone-of|unknown|courier|outlet|card>) (?= .{{0,25}} {_CALLS})",
    rf"(?<= {_CALLS} .{{0,25}}) <give|write|send> {_HERE} ~3 <number> (?! <thing|refund|feature|phone-of|unknown|courier|card>)",
    r"<give|write|send> ~2 <your> <number> (?! <thing|refund|feature|unknown|courier|card>)",
    # телефончик оставьте, почту дай, ваш мобильный, продублируйте, telefon raqamingizni yozing
    rf"<your>? {_ANY} (?:<your|please>|,){{0,3}} {_HERE} <give|write> (?! ~2 <thing|refund>)",
    r"<your> <number> (?:<please>|,){0,2} <give|send|write>",
    # ваш тг?, а можно ваш номер?, ваш номер телефона?
    r"<may|need>? ~2 <your> (?:<mail|messenger|social|contact|phone-emoji|phone> (?:<and> <messenger|social|mail|phone>)?|<number> <phone-of>?) <please|here>? \?",
    r"(?:^|(?<=[.!?\n,:])) <and|please>{0,2} (?:<number> <phone-of>|<phone|mail|contact>|<your> <number|post>) <your>? <please>? \?",
    # нужен ваш телефон, просим номер телефона для связи, можно почту?
    rf"<need|may> ~3 (?:<your> ~1 (?:<phone|mail|post|messenger|social|contact>|<number> (?! <thing|refund|unknown>))|<number> <phone-of>|<contact|mail> <number|phone>?) {_NOT_GOODS}",
    r"(?:<number> <phone-of>|<your> <phone|mail|contact|number>|<contact|phone> <number>) _2 <need>",
    # как с вами связаться, куда вам перезвонить, по какому номеру вас набрать, где вас найти
    r"<how> ~2 <with>? ~2 <you> ~4 <reach|calling>",
    r"<how> ~4 <reach|calling> _1 <you>",
    r"<in> <how> <number|phone|messenger|social|mail> (?! <thing|refund>) ~3 <you|giving|calling|reach|writing|send|present>",
    r"<how> <you> ~4 <in> ~1 <messenger|social|post|mail>",
    # какой у вас номер, какой ваш ник в телеграме, what's your number
    r"<how> ~2 <your|you> (?:<number> <phone-of>|<phone> <number>|<mail|messenger|social|contact>|<number> (?! <thing|refund|feature|unknown>))",
    r"<messenger|social> ~3 <you|your> _3 <how>",
    r"<how> <number|profile> _3 <messenger|social>",
    # у вас есть вотсап?, есть телеграм?, вы есть в вк?, are you on whatsapp
    r"<you|your> ~3 <messenger|social> ~3 \?",
    r"<present> ~1 <messenger|social> (?:<and> <messenger|social>)? ~2 \?",
    r"<you> ~3 <in> ~1 <messenger|social> _3 \?",
    r"<in> <messenger|social> <you> _3 \?",
    r"<messenger|social|mail|phone> <your> _1 \?",
    r"<your> (?:<number> <phone-of>|<phone|mail|contact|messenger|social>) ,? <please>",
    r"(?:<number> <phone-of>?|<phone|mail|contact>) <to> <person|courier>? <reach|will-call|calling>",
    r"<messenger|social> (?:<by> <you>)? ~1 <present> _1 \?",
    r"<your> <contact> (?! <feature|not>)",
    r"<send> ~2 <your> <phone-emoji|mail-emoji> (?:<and> <phone-emoji|mail-emoji>)?",
    r"<need> ~2 (?:<address> <electronic>? <post|mail>|<electronic> <address|post>)",
    r"<profile> ~1 <in> ~1 <messenger|social> _1 \?",
    # куда звонить?, вк есть у вас?, вотсап?, your email for the file
    r"<how> ~2 <calling> _1 \?",
    r"<messenger|social> ~1 <present> <by> <you>",
    r"<messenger|social> <by> <you> _2 \?",
    r"(?:^|(?<=[.!?\n])) <and|please>? <messenger|social> \?",
    r"<your> <mail|phone> <to|please>",
    r"<will-call> [^.!?\n]{0,8} <give> <how>",
    r"<mail|post> ,? <how> <giving|give|send|write>",
    # Телефон: ____
    r"(?:<phone|mail|contact>|<number> <phone-of>) [:—-]+ (?: _+ | (?=\n|$) )",
    # пришлите скрин и номер телефона, в ответе ФИО и телефон
    rf"<give|write|send|need> [^.!?;\n]{{0,14}} (?:<and>|,|\)) <your|unknown>? (?:<number> <phone-of>|<phone|mail|contact>|<electronic> <post>) {_ENDS}",
    r"<and> <please>? <number> <phone-of>",
    # нам бы ваши контакты, ваш WA или TG — и пришлю
    r"<us> <unknown>? <your> (?:<number> <phone-of>|<contact|mail|messenger|phone-emoji>)",
    r"<your> <messenger|social> (?:<and> <messenger|social>)? (?= [—,:-] | $ )",
    # дайте ссылку на страничку в вк
    r"<give|send|write> ~2 <link-word> <in> <your>? <profile|channel|messenger|social>",
    # с вами можно созвониться?
    r"<with>? <you> ~3 <calling|reach> _2 \?",
    r"<may> ~2 <you> ~1 <calling> ~3 \?",
    # нужен номер, по которому вам позвонить
    r"<need|give|write> ~2 <number|contact> (?! <thing|refund|feature>) ,? (?= _6 <calling|reach|will-call>)",
    # 加一下微信吗, do you have whatsapp
    r"<come> ~2 <your> ~1 <messenger>",
)
_COMPILED = Phrases(*_PHRASES)


def _find(text: Text) -> Iterator[Hit]:
    return said(text, _COMPILED)


RULE = Rule(
    id="contact-request",
    category=Category.CONTACT_REQUEST,
    summary=Words("Просьба оставить контакт", "Asking the buyer for a contact"),
    policy="Не запрашивайте у покупателей контакты",
    reason=Words("Магазин просит у покупателя контакт.", "The shop asks the buyer for a contact."),
    hint=Words(
        "Спросите то же самое здесь: «Напишите, пожалуйста, в этот чат».",
        'Ask the same here: "Please write in this chat".',
    ),
    confidence=0.93,
    find=_find,
)
