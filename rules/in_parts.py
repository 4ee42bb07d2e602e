"""Addresses told in parts: the name here and its end there, without the dot, or in pieces to be put together."""

import re
from collections.abc import Iterator

from rules.clues import clue
from rules.hosts import BEFORE_NAME, COMMON_TAIL, NOT_OF_LANGUAGE, PATH, WIDE_TAIL, WIDE_TAILS, any_of
from rules.search import clued, first, headed, held, needs, opening
from rules.text import Text

TAIL_SAID = clue((), opening(*(rf"{tail}(?<!\w\.{tail})\b" for tail in WIDE_TAILS)) + rf"|\.\n{WIDE_TAIL}\b")
"""An address's tail that stands for itself."""

_END_SAID = clue((), "конц|хвост|окончани|домен|зон[аеу]")

# kov rik . r u, where the message asks to leave the gaps out
_PIECES = clued(
    first("[a-z0-9]", r"[\w@.-]") + r"(?:[a-z0-9._/-]| (?! )){2,80}[a-z0-9/]",
    "слитно",
    by="пробел|склей",
    rare=r"(?:без|убер\w+|убрать|удал\w+|сотр\w+) (?:все |лишние )?пробел|пробел\w* (?:убер|убрать|удал|сотр|лишн)|"
    r"слитно|склей",
)
_WHOLE = re.compile(rf"(?:www\.)?[a-z0-9][a-z0-9-]+(?:\.[a-z0-9-]+)*\.{WIDE_TAIL}(?:/\S*)?")
_SHOP_WORDS = ("шоп", "shop", "стор", "store", "маркет", "market", "онлайн", "online")
_PART = r"(?:част|полов|кус|слов)\w*"
_BEGINS = opening("начало", "начинается(?: на| с)?", r"сначала(?: пиш\w+)?", rf"перв\w+ {_PART}", "до точки")
_GOES_ON = rf"(?:кон(?:ец|це)|концовка|втор\w+ {_PART}|дальше|далее|потом|затем|продолжени\w+|после точки|хвост\w*)"

_SITE_SAID = (
    r"www|точк|точеч|пробел|сайт|каталог|прайс|ссылк|адрес|браузер|набер|зайди|заход|перейд|загл[яа]|найд[еи]|"
    r"browser|type i[tn]|site|латиниц|слитно|одним словом"
)

_BEFORE_SITE = (
    r"закаж\w+",
    r"смотр\w+",
    r"посмотр\w+",
    r"заход\w+",
    "введите",
    "наберите",
    "есть",
    "инструкция",
    "магазин",
)

_IN_PARTS = (
    _PIECES,
    # shop ru, лавка ру, where the message speaks of sites; "на сайте указана ру версия" speaks of another thing
    clued(
        first("[a-zа-я]", r"[\w@.-]")
        + r"(?:(?<=[a-z])[a-z0-9-]{3,}(?:[ ,][a-z0-9-]{2,})?[ ,](?:ru|com|net|su|рф|ру|ком)"
        r"|(?<=[а-я])(?!(?<=т)[оа]чк)[а-я-]{3,}(?: [а-я-]{3,}| \d{1,3})? (?:ру|рф))"
        rf"(?![\w-]){NOT_OF_LANGUAGE}",
        by=TAIL_SAID,
        rare=_SITE_SAID,
    ),
    # закажите на shop ru, смотрите shop com
    clued(
        opening(*_BEFORE_SITE)
        + r" (?:на )?(?!(?:yandex|market|android|windows|eng?|english|kz|uz) )(?P<site>[a-z][a-z0-9-]{3,} "
        + rf"{COMMON_TAIL})(?![\w-]){NOT_OF_LANGUAGE}",
        by=TAIL_SAID,
    ),
    # shop=ru, shop-ru, where the message tells what stands for the dot
    clued(
        headed(
            first("[a-z0-9]", *BEFORE_NAME), r"[a-z0-9-]{2,}", rf"\s?(?:[^\w\s]{{1,3}}|_)\s?{WIDE_TAIL}(?![\w-]){PATH}"
        ),
        by=TAIL_SAID,
        rare=r"(?:вместо|заме[нт]\w{1,9}|поменя\w{1,9}|меня(?:ем|йте)) [^.!?]{0,30}точк|точк\w{1,3} вместо",
    ),
    # тапки шоп ком: a shop by its name
    clued(
        first(r"[^\W_]", r"[\w@.-]")
        + rf"(?!(?<=я)ндекс|(?<=y)andex)[\w-]{{2,}} {any_of(_SHOP_WORDS)} {COMMON_TAIL}(?![\w-])",
        by=TAIL_SAID,
        rare=f" {any_of(_SHOP_WORDS)} {COMMON_TAIL}",
    ),
    # shop, а в конце ру; название латиницей и на конце ру
    clued(
        r"(?:(?<![\w@.-])[a-z][a-z0-9-]{3,},? [^.!?\n]{0,12}?|(?:назван|имя|латиниц|буквами|слитно)[^.!?\n]{0,40}?|"
        r"(?<![\w@.-])[а-я][а-я-]{3,},? (?:и |а )?(?:в|на) (?=конце (?:точка|рф)))"
        r"(?:конце|концовка|хвост\w*|окончани\w+|домен\w*|зон[аеу]) [:—-]?\s?(?:точка |\.)?"
        rf"{WIDE_TAIL}(?![\w-])|"
        r"(?<![\w@.-])[a-z][a-z0-9-]{3,},? [^.!?\n]{0,12}?(?:с|и|плюс|точк\w) "
        rf"\.?{WIDE_TAIL} (?:на|в) (?:конце|хвосте)|"
        r"(?<![\w@.-])[а-я][а-я-]{3,},? в (?:зоне ру|доменной зоне рф)(?![\w-])",
        by=TAIL_SAID,
        also=_END_SAID,
    ),
    # адрес: тапки, дефис, опт, русская зона
    clued(
        opening(r"адрес(?: \w+)?:", r"сайт(?: \w+)?:", "дефис", "тире", "слитно", r"латиниц\w*")
        + r"[^.!?\n]{1,50}?(?<!\w)(?:(?:русск|российск)\w+ (?:зон|домен)\w*|"
        r"(?:зон|домен)\w* (?:\w+ )?(?:русск|российск)\w+)",
        by=_END_SAID,
        rare="русск|российск",
    ),
    # начало shop, конец точка ру
    clued(
        rf"{_BEGINS}(?: (?:адреса|сайта|ссылки))?\W{{1,4}}[a-z0-9][\w-]{{2,}}[^.!?]{{0,30}}?{_GOES_ON}\W{{1,4}}"
        rf"(?:точка\W{{1,2}}|[\w-]+\.)?{WIDE_TAIL}(?![\w-]){NOT_OF_LANGUAGE}{PATH}",
        by=TAIL_SAID,
        rare="начал|начин|перв|точки",
    ),
)
NEEDS = needs(*_IN_PARTS)
"""Clues of such an address, one of which a text must hold."""


def in_parts(text: Text) -> Iterator[tuple[int, int]]:
    """Yield the places in ``text.canon`` where an address is told in parts."""
    for one in held(_IN_PARTS, text):
        for match in one.matches(text):
            if one is not _PIECES or _WHOLE.fullmatch(match[0].replace(" ", "")):
                yield match.span(match.lastgroup or 0)
