"""How people hide the address of a site: in words, in brackets, apart, mirrored, on the wrong keys."""

import re
from collections.abc import Iterator

from rules.clues import NOTHING, clue
from rules.hosts import is_top_level, sections
from rules.search import found, headed
from rules.text import Text

_SLASH_SAID = f"(?:(?:косая |наклонная )?(?:{'|'.join(sorted(sections()['slash']))}))"
PATH = r"(?::\d{2,5}(?!\d))?(?:\s?(?:[/\\?#]|слеш|слэш|slash)+\s?[^\s<>\"]*)*"
"""What may follow a host: a port, slashes in signs or in words."""

_BEGIN = r"(?<![\w@.])[^\W_]"
_TAIL = "|".join(sorted(sections()["tail"], key=len, reverse=True))
_TAILS = ("ru", "com", "net", "org", "su", "ру", "ком", "рф", "shop")
_COMMON_TAIL = f"(?:{'|'.join(_TAILS)})"
_DOT_WORDS = tuple(sorted(sections()["dot"]))
_DOT_WORD = f"(?:{'|'.join(_DOT_WORDS)})"
_IN_BRACKETS = rf"\s?[\[({{<]\s?(?:\.|,|{_DOT_WORD})\s?[\])}}>]\s?"
_THEN = r"(?:(?:и|потом|затем|теперь|дальше|ставим|ставите|ставьте|then|в конце),? ){0,3}+"
_BETWEEN_MARKS = rf"\s?[-_+/=*~|'\"]\s?{_DOT_WORD}\s?[-_+/=*~|'\"]\s?"
_DOT = rf"(?>{_IN_BRACKETS}|{_BETWEEN_MARKS}|,?\s{_THEN}(?:{_DOT_WORD}|точку),?\s{_THEN}|\s\.\s?)"
_LABEL = rf"(?![-_]{_DOT_WORD}[-_][\w-]){_DOT}[\w-]+"  # a dot that may as well be read as letters is no dot

# https://shop.ru, hxxps://, http : // shop.ru
_SCHEME = re.compile(r"(?:h|х|н)(?:tt|xx|хх|тт|\*\*|__)(?:p|р|п)(?:s|с)?\s?:\s?[/\\|]{1,2}\s?[^\s<>\"]+|\bftp://\S+")
# docs//google//com//forms
_SLASHES = headed(r"(?<![\w/:.])[a-z]", r"[\w-]+", r"//[a-z][\w-]+//[a-z]\S*")
# www.shop.ru, ввв точка shop точка ру, www shop ru
_W = r"(?<!\w)(?:w{3}|в{3}|ш{3}|вэ вэ вэ|дабл[ -]?ю|тройн\w+ в[эе])"
_WWW_DOT = rf"\s?(?:\.|{_DOT_WORD})\s?[\w-]+"
_WWW = re.compile(rf"{_W}(?:{_WWW_DOT}(?:{_WWW_DOT}){{0,6}}|(?: [\w-]+){{1,3}}? (?:{_TAIL})(?![\w-])){PATH}")
# shop точка ру, shop . ru, shop dot com, shop-дот-ру, shop_tochka_ru
_SPELT = headed(_BEGIN, r"[\w-]*", rf"(?:{_LABEL}){{0,6}}{_DOT}(?:{_TAIL}|r u|р у|р ф)(?![\w-]){PATH}")
# shop dot cc, lavka точка io: between Latin words a dot is meant, whatever follows
_SPELT_ABROAD = headed(
    r"(?<![\w@.])[a-z0-9]",
    r"[a-z0-9-]+",
    rf" {_DOT_WORD} (?!(?:py|sh|md|rs|pl|zip|mov)(?!\w))(?P<tail>[a-z]{{2,}})(?![\w-])"
    rf"(?:,? {_SLASH_SAID} \w+|{PATH})",
)
# shop[.]io, youtu(точка)be: between brackets a dot is meant, whatever follows
_BRACKETED = headed(_BEGIN, r"[\w-]*", rf"{_IN_BRACKETS}(?P<tail>[^\W\d_]{{2,}})(?![\w-]){PATH}")
# shop()ru
_HOLLOW = headed(_BEGIN, r"[\w-]{2,}", rf"(?:\(\)[\w-]+){{0,6}}\(\)(?:{_TAIL})(?![\w-])")
# shop,ru, shop,name,ру; "Казань,РФ" is an address of another kind
_COMMA = headed(
    r"(?<![\w,])[^\W\d_]",
    r"[\w-]{2,}",
    rf"(?:,(?:ru|com|net|org|su|shop)|(?<=\w{{4}})(?:,[\w-]{{3,}}){{1,4}},(?:ru|com|net)|"
    rf"(?:,[\w-]{{2,}}){{0,4}},(?:ру|ком))(?![\w-]|\.?\s?\d){PATH}",
)
# shop*ru, shop..com
_OTHER_MARK = headed(
    r"(?<![\w.*|;~])[a-z]",
    r"[a-z0-9-]{3,}",
    r"(?:(?:\*{1,3}|\|+|;|~|\.{2,3})[a-z0-9-]{2,}){0,3}?(?:\*{1,3}|\|+|;|~|\.{2,3})"
    rf"{_COMMON_TAIL}(?![\w*-])",
)
# shop🔵ru
_EMOJI = re.compile(rf"(?<![\w-])[^\W\d_][\w-]{{2,}}\s?[\u2190-\u2bff\U0001f300-\U0001faff]\s?{_COMMON_TAIL}(?![\w-])")
# t . me // shop, тэ точка мэ слеш shop, т ме shop_1
_SHORT = re.compile(
    rf"(?<!\w)(?:(?:t|т|тэ|ти)(?:\s?\.\s?|,? {_DOT_WORD},? | )(?:me|ме|ми|мэ)|(?:wa|vk|ok)\s\.\s(?:me|com|ru)),?"
    rf"(?:\s?(?:и )?(?:/{{1,2}}|{_SLASH_SAID},?)\s?\w+| [a-z]+[\d_]\w+)"
)
# clck ком слеш abc, бит ли слеш abc
_HEARD_TAIL = "|".join(sorted(sections()["heard-tail"]))
_SLASH_WORD = re.compile(
    rf"(?<![\w.@-])[^\W_][\w-]*(?:,? {_DOT_WORD},?)?(?: [\w-]+)? (?:{_TAIL}|{_HEARD_TAIL}),? {_SLASH_SAID},? ?\w+"
)
# бит.ли/abc, clck ru/abc
_SHORT_TAIL = "(?:ru|com|me|cc|be|ly|gl|su|gd|io)"
_HEARD = re.compile(
    rf"(?<![\w.@/-])(?:[^\W\d_]{{2,}}\.(?:{_HEARD_TAIL})/\w{{2,}}|"
    rf"(?:[a-z][\w-]{{2,}}|vk|ok|wa) {_SHORT_TAIL}/[\w-]{{4,}})"
)
# 203 точка 0 точка 113 точка 9
_NUMBERS = re.compile(rf"(?<!\w)\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?!\w){PATH}")
# эйч ти ти пи, три дабл ю
_SCHEME_WORDS = re.compile(
    r"(?<!\w)(?:(?:эйч|аш|ха|хэ),? (?:т[иэ],? ){2}п[иэ]|хттпс?|(?:три|3|тройн\w+) дабл[ -]?(?:ю|в|вэ)).{0,60}"
)
# ур.пош
_MIRRORED = re.compile(r"(?<![\w.])(?:ур|ur|moc|мок|фр|ten|gro|elpmaxe|dilavni)\.[^\W\d_][\w-]{3,}(?![\w.-])")
# ырщзюкг: a Latin name typed on Russian keys, where "ю" is the dot
_KEYS = re.compile(r"(?<![а-я-])[а-я-]{3,}?ю(?:кг|сщь|туе|щкп|ырщз|ыг)(?![\w-])|(?<!\w)еюьу")
# shop ru, лавка ру, where the message speaks of dots or sites; "на сайте указана ру версия" speaks of another thing
_NO_DOT = re.compile(
    r"(?<![\w@.-])(?:[a-z][a-z0-9-]{3,}(?:[ ,][a-z0-9-]{3,})?[ ,](?:ru|com|net|рф)"
    r"|(?!точк|тачк)[а-я][а-я-]{3,}(?: [а-я-]{3,})? (?:ру|рф))"
    r"(?![\w-]| (?:верси|регион|язык|прошив|клавиат|аккаунт|сегмент|локализ))"
)
_SPEAKS_OF_SITES = re.compile(
    r"www|точк|пробел|сайт|каталог|прайс|ссылк|адрес|браузер|набер|зайди|заход|site|перейд|загл[яа]"
)
# тапки шоп ком: a shop by its name
_SHOP_NO_DOT = re.compile(
    r"(?<![\w@.-])(?!яндекс|yandex)[^\W_][\w-]{2,} (?:шоп|shop|стор|store|маркет|market|онлайн|online) "
    rf"{_COMMON_TAIL}(?![\w-])"
)
# shop, а в конце ру
_ENDS_IN = re.compile(
    r"(?<![\w@.-])[a-z][a-z0-9-]{3,},? [^.!?\n]{0,12}?"
    r"(?:конце|концовка|хвост\w*|окончани\w+|домен\w*|зон[аеу]) [:—-]?\s?"
    rf"{_COMMON_TAIL}(?![\w-])"
)

# Most texts hold none of these, and are not searched for what they may tell of.
_SLASH = clue((), r"(?:^|[:/\s])/|\|\||:\\")
_DOT_SAID = clue((*_DOT_WORDS, "точку"), r"[\[{]|\.(?<!..)(?!.)|\([.,]")
_TAIL_SAID = clue((), rf"\b(?<!\w\.){_COMMON_TAIL}\b")
_WEB_SAID = clue(
    (
        "www",
        "ввв",
        "шшш",
        "вэ",
        "дабл",
        "эйч",
        "аш",
        "ха",
        "хэ",
        "хттп",
        "хттпс",
        "тройное",
        "тройная",
        *sections()["slash"],
    ),
    NOTHING,
)
_SHORT_SAID = clue(("t", "т", "тэ", "ти", "wa", "vk", "ok"), NOTHING)
_TAIL_FIRST = clue(("ур", "ur", "moc", "мок", "фр", "ten", "gro", "elpmaxe", "dilavni"), NOTHING)
_WRONG_KEYS = clue((), r"(?<=[а-я-]{3})ю(?:кг|сщь|туе|щкп|ы[рг])|еюьу")
_EMPTY_BRACKETS = clue((), r"\((?<=\w\()\)\w")
_HEARD_SAID = clue((), rf"\.(?:{_HEARD_TAIL})/|^{_SHORT_TAIL}/\w")
_HIDDEN = (
    (_SLASH, (_SCHEME, _SLASHES)),
    (_HEARD_SAID, (_HEARD,)),
    (_WEB_SAID, (_WWW, _SLASH_WORD, _SCHEME_WORDS)),
    (_SHORT_SAID, (_SHORT,)),
    (_TAIL_FIRST, (_MIRRORED,)),
    (_WRONG_KEYS, (_KEYS,)),
    (_EMPTY_BRACKETS, (_HOLLOW,)),
    (_DOT_SAID, (_SPELT, _SPELT_ABROAD, _BRACKETED, _NUMBERS)),
    (_TAIL_SAID, (_COMMA, _OTHER_MARK, _EMOJI, _SHOP_NO_DOT, _ENDS_IN)),
)
SIGNS = sum(sign for sign, _ in _HIDDEN)
"""What a text must hold to hide an address."""


def hidden(text: Text) -> Iterator[tuple[int, int]]:
    """Yield the places in ``text.canon`` where an address is hidden."""
    for sign, patterns in _HIDDEN:
        if text.signs & sign:
            for pattern in patterns:
                for match in found(pattern, text.canon):
                    tail = match.groupdict().get("tail")
                    if tail is None or is_top_level(tail):
                        yield match.span()
    if text.signs & _TAIL_SAID and _SPEAKS_OF_SITES.search(text.canon):
        yield from (match.span() for match in _NO_DOT.finditer(text.canon))
