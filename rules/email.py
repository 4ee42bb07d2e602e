"""E-mail addresses, plain or with the signs in words and brackets."""

import re
from collections.abc import Iterator

from rules.clues import clue
from rules.finding import Category
from rules.hosts import is_top_level
from rules.rule import Hit, Rule, Words
from rules.text import Text

_OPEN, _CLOSE = r"\s?[\[({<*]?\s?", r"\s?[\])}>*]?\s?"
_AT = rf"(?:\s?@\s?|{_OPEN}(?<![\w-])(?:собака|собачка|собакa|гав|sobaka|dog|эт|at|аt)(?![\w-]){_CLOSE}|[\[(]a[\])])"
_DOT = rf"(?:\s?\.\s?|{_OPEN}(?<![^\W_])(?:точка|тчк|dot|дот|tochka|,)(?![^\W_]){_CLOSE}|\s?[\[(][.,][\])]\s?)"
_PLAIN = re.compile(r"[^\W_][\w.+-]*@[^\W_][\w-]*(?:\.[\w-]+)*\.([^\W\d_]{2,})(?![\w-])")
_SPELT = re.compile(
    rf"(?<![\w.])[^\W_][\w.+-]+{_AT}[\w-]{{2,}}(?:{_DOT}[\w-]{{2,}}){{0,6}}?{_DOT}([^\W\d_]{{2,}})(?![\w-])"
)
# A mail service named is enough: "ivan собака мейл", "ivan.p гмейл"
_LATIN_SERVICE = "g?mail|yandex|ya|bk|inbox|list|rambler|outlook|hotmail|icloud"
_SERVICE = f"(?:{_LATIN_SERVICE}|яндекс|мейл|маил|гмейл|джимейл|майл|рамблер|бк)"
_BARE = re.compile(rf"(?<![\w.])[^\W_][\w.+-]{{2,}}{_AT}{_SERVICE}(?:{_DOT}(?:ru|ру|com|ком))?(?![\w-])")
# "инсту @krossy.na" names an account, "ivan @mail.ru" an address
_MENTION = re.compile(rf"\s@(?!{_SERVICE}(?![^\W_]))\w")
_SIGNS = clue(("собака", "собачка", "гав", "sobaka", "dog", "at", "эт"), "@")


def _find(text: Text) -> Iterator[Hit]:
    canon, end = text.canon, 0
    for pattern in (_PLAIN, _SPELT, _BARE):
        for match in pattern.finditer(canon, end):
            if _MENTION.search(match[0]):
                continue
            if pattern is _BARE or is_top_level(match[1]):
                end = match.end()
                yield Hit(*text.origin(*match.span()))


RULE = Rule(
    id="email",
    category=Category.CONTACT_OFFER,
    stage=0,
    summary=Words("Адрес электронной почты", "An e-mail address"),
    policy="Не присылайте покупателям свои контакты",
    reason=Words(
        "В сообщении есть адрес электронной почты.",
        "The message holds an e-mail address.",
    ),
    hint=Words(
        "Попросите прислать фото и вопросы в этот чат.",
        "Ask for photos and questions in this chat.",
    ),
    needs=_SIGNS,
    find=_find,
)
