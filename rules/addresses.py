"""How people hide the address of a site: in words, in brackets, apart, mirrored, on the wrong keys."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_

from rules.clues import NOTHING, clue
from rules.hosts import is_top_level, sections
from rules.search import first, found, headed
from rules.text import Text

_SLASH_SAID = f"(?:(?:косая |наклонная )?(?:{'|'.join(sorted(sections()['slash']))}))"
PATH = r"(?::\d{2,5}(?!\d))?(?:\s?(?:[/\\?#]|слеш|слэш|slash)+\s?[^\s<>\"]*)*"
"""What may follow a host: a port, slashes in signs or in words."""

_TAIL = "|".join(sorted(sections()["tail"], key=len, reverse=True))
_TAILS = ("ru", "com", "net", "org", "su", "ру", "ком", "рф", "shop")
_COMMON_TAIL = f"(?:{'|'.join(_TAILS)})"
_WIDE_TAIL = f"(?:{'|'.join((*_TAILS, 'store', 'online', 'site', 'kz', 'by', 'uz', 'xyz', 'biz', 'шоп'))})"
_MASKED_TAIL = "(?:[rрp][uуy]|[cсkк][oо0][mм]|[рp][фf]|n[eе3][tт]|[s5][hн][oо0][pр])"
_TAIL_BY_LETTERS = "(?:r[ -]u|рю|ар[ -]?ю|р[ -](?:у|э?ф)|эр[ -]?(?:у|э?ф))"
_LANGUAGE = (
    "верси|регион|язык|прошив|клавиат|аккаунт|сегмент|локализ|перев|меню|раскладк|озвуч|субтитр|"
    r"version|firmware|region|edition|layout|server|port\b"
)
_NOT_OF_LANGUAGE = f"(?! (?:{_LANGUAGE}))"
_MASKED_DOT = "[тt][оo0][чc4][кk][аa@4]"
# A name begins once, whatever marks it holds: from every part of it on, long ones would be read without end.
_BEFORE_NAME = r"[\w@.]", r"\w-"
_BEGIN = first(r"[^\W_]", *_BEFORE_NAME)
_LABEL = r"[^\W_]++(?:[-_]+[^\W_]++)*"
_LITTLE = "|".join(sorted(sections()["little"]))
_DOT_WORDS = tuple(sorted(sections()["dot"], key=lambda word: (-len(word), word)))
_DOT_WORD = f"(?>{_MASKED_DOT}|{'|'.join(_DOT_WORDS)})"
_GAP = r"\s{1,3}"
_IN_BRACKETS = rf"\s{{0,3}}[\[({{<]\s?(?:\.|,|{_DOT_WORD})\s?[\])}}>]\s{{0,3}}"
_THEN = r"(?:(?:и|потом|затем|теперь|дальше|ставим|ставите|ставьте|then|в конце),? ){0,3}+"
_MARK = r"[-—_+/=*~|'\"«»]"
_BETWEEN_MARKS = rf"(?:\"\s|»\s)?\s?{_MARK}\s?(?:{_DOT_WORD}|\.)\s?{_MARK}\s?(?:\s\"|\s«|[\"«])?"
_DOT = (
    rf"(?>{_IN_BRACKETS}|{_BETWEEN_MARKS}|[\"»]?,?{_GAP}{_THEN}(?:{_DOT_WORD}|точку),?{_GAP}{_THEN}[\"«]?|"
    rf"{_GAP}\.\s{{0,3}})"
)

_FURTHER = rf"(?![-_]{_DOT_WORD}[-_][^\W_]){_DOT}{_LABEL}"  # a dot that may as well be read as letters is no dot

# https://shop.ru, hxxps://, http : // shop.ru, htps//shop ,ru
_SCHEME = re.compile(
    r"(?:h|х|н)(?:t{1,3}|xx|хх|тт|\*\*|__)(?:p|р|п){1,2}(?:s|с)?\s?(?:[:;]\s?[/\\|]{1,3}|[/\\|]{2,3})\s?[^\s<>\"]+"
    rf"(?:\s?[.,]\s?{_WIDE_TAIL}(?!\w){PATH})?|\b(?:ftp|tg|viber|whatsapp|skype)://\S+"
)
# https shop ru
_SCHEME_ALONE = re.compile(rf"(?<!\w)https?[ ,:]+[a-z0-9][\w-]+(?:[ ,][\w-]+)?[ ,](?:{_TAIL})(?![\w-])")
# docs//google//com//forms
_SLASHES = headed(first("[a-z]", r"[\w/:.]"), r"[\w-]+", r"//[a-z][\w-]+//[a-z]\S*")
# www.shop.ru, ввв точка shop точка ру, www shop ru
_W = r"(?<!\w)(?:w{3}|ww w|w ww|в{3}|ш{3}|вэ вэ вэ|дабл[ -]?ю|тройн\w+ в[эе])"
_WWW_DOT = rf"(?:\s?(?:\.|{_DOT_WORD})\s?|,(?=[a-z0-9]))[\w-]+"
_WWW = re.compile(rf"{_W}(?:{_WWW_DOT}(?:{_WWW_DOT}){{0,6}}|(?: [\w-]+){{1,3}}? (?:{_TAIL})(?![\w-])){PATH}")
# shop точка ру, shop . ru, shop dot com, shop-дот-ру, shop_tochka_ru, "shop" "." "ru", sh!p т0чк@ rу
_SPELT = headed(
    _BEGIN,
    r"[^\W_]*+(?:[-_$€!]+[^\W_]++)*",
    rf"(?:{_FURTHER}){{0,6}}{_DOT}(?:{_TAIL}|{_MASKED_TAIL}|{_TAIL_BY_LETTERS})(?![\w-]){_NOT_OF_LANGUAGE}{PATH}",
)
# shop точка sтоrе: the tail in letters of both scripts
_SPELT_MASKED = headed(
    _BEGIN,
    r"[^\W_]*+(?:[-_]+[^\W_]++)*",
    rf"(?:{_FURTHER}){{0,3}}{_DOT}(?P<tail>(?=[^\W\d_]*[a-z])(?=[^\W\d_]*[а-я])[^\W\d_]{{2,}})(?![\w-]){PATH}",
)
# shopточкаru, tточкаmeслешshop, shopdotcom
_GLUED = headed(
    _BEGIN,
    r"[\w-]*",
    rf" ?(?:точка|тчк|tochka)(?:{_TAIL})(?:(?![\w-]){PATH}|(?:слеш|слэш|slash)\w+)",
)
_GLUED_ABROAD = headed(first("[a-z]", *_BEFORE_NAME), r"[a-z0-9-]{2,}", r"dot(?:com|ru|net|org)(?!\w)")
# shop period com, tienda punto com, shop six point ru
_FOREIGN_DOT = headed(
    first("[a-z]", r"[\w@.]"),
    r"[a-z0-9-]+",
    rf" (?:(?:period|punto|ponto|punkt) {_COMMON_TAIL}|(?:point|full stop) (?:ru|su|com|ру|рф|ком))(?![\w-])"
    f"{_NOT_OF_LANGUAGE}",
)
# goo точка су / abc
_HEARD_TAIL = "|".join(sorted(sections()["heard-tail"]))
_SPELT_SHORT = re.compile(
    first(r"[^\W_]", r"[\w@.-]") + rf"[\w-]*,? {_DOT_WORD},? (?:{_TAIL}|{_HEARD_TAIL})\s?/{{1,2}}\s?\w+"
)
# shop dot cc, lavka точка io: between Latin words a dot is meant, whatever follows
_SPELT_ABROAD = headed(
    first("[a-z0-9]", *_BEFORE_NAME),
    r"[a-z0-9-]+",
    rf" {_DOT_WORD} (?!(?:py|sh|md|rs|pl|zip|mov|{_LITTLE})(?!\w))"
    rf"(?P<tail>[a-z]{{2,}})(?![\w-])(?:,? {_SLASH_SAID} \w+|{PATH})",
)
# shop[.]io, youtu(точка)be: between brackets a dot is meant, whatever follows
_BRACKETED = headed(_BEGIN, r"[\w-]*", rf"{_IN_BRACKETS}(?P<tail>[^\W\d_]{{2,}})(?![\w-]){PATH}")
# shop()ru, shop[]ru
_HOLLOW = headed(
    _BEGIN,
    r"[\w-]{2,}",
    rf"(?:(?:\(\)|\[\]|\{{\}})[\w-]+){{0,6}}(?:\(\)|\[\]|\{{\}})(?:{_TAIL})(?![\w-])",
)
# shop,ru, shop,name,ру; "Казань,РФ" is an address of another kind
_COMMA = headed(
    first(r"[^\W\d_]", r"[\w,]", r"\w-"),
    r"[\w-]{2,}",
    rf"(?:,(?:ru|com|net|org|su|shop)|(?<=\w{{4}})(?:,[\w-]{{3,}}){{1,4}},(?:ru|com|net)|"
    rf"(?:,[\w-]{{2,}}){{0,4}},(?:ру|ком))(?![\w-]|\.?\s?\d){PATH}",
)
# shop*ru, shop..com
_OTHER_MARK = headed(
    first("[a-z]", r"[\w.*|;~]", r"\w-"),
    r"[a-z0-9-]{3,}",
    r"(?:(?:\*{1,3}|\|+|;|~|\.{2,3})[a-z0-9-]{2,}){0,3}?(?:\*{1,3}|\|+|;|~|\.{2,3})"
    rf"{_WIDE_TAIL}(?![\w*-])",
)
# sh0p-lavk@.ru
_SIGN_FOR_LETTER = headed(_BEGIN, r"[\w-]{2,}", rf"@\.{_WIDE_TAIL}(?![\w-])")
# опт_shop_точка_ru_прайс
_IN_FILE = re.compile(rf"(?<![^\W_])[^\W_]++[_-]{_DOT_WORD}[_-](?:{_TAIL})(?=[_-])")
# shop🔵ru
_SYMBOL = r"[°˙\u2190-\u2bff\U0001f300-\U0001faff]"
_EMOJI = re.compile(
    first(r"[^\W\d_]", r"[\w-]")
    + rf"[\w-]{{2,}}(?:\s?{_SYMBOL}\s?{_COMMON_TAIL}(?!\s?{_SYMBOL})|{_SYMBOL}{_WIDE_TAIL})(?![\w-])"
)
# shop .ru, shop-⏎dom⏎.ru, shop.⏎ru, shop. ru
_AFTER_GAP = (
    rf"\n\s?\.\s?{_WIDE_TAIL}|\.\n{_WIDE_TAIL}| \.(?:ru|com|su|org|shop|store|online|site|kz|uz)|"
    r"\. (?:ru|su|com)(?! порт)(?=[\s.,!?)]|$)"
)
_TORN = re.compile(
    first("[a-zа-я0-9]", r"[\w@.-]")
    + rf"(?:(?<=[a-z0-9])(?=[\w-]*[a-z])[\w-]+(?:(?:\n-|(?<=-)\n)[a-z0-9-]+)*(?:{_AFTER_GAP})|"
    rf"(?<=[а-я])[а-я-]{{2,}}(?<!домен)(?<!зоне)(?<!зона)(?<!сайт)\s\.(?:ру|рф))(?![\w-]|\s?\d){PATH}"
)
# t . me // shop, тэ точка мэ слеш shop, т ме shop_1
_SHORT = re.compile(
    rf"(?<!\w)(?:(?:t|т|тэ|ти)(?:\s?\.\s?|,? {_DOT_WORD},? | |)(?:me|ме|ми|мэ)|(?:wa|vk|ok)\s?\.\s?(?:me|com|ru)),?"
    rf"(?:\s?(?:и )?(?:/{{1,2}}|{_SLASH_SAID},?)\s?\w+| [a-z]+[\d_]\w+)"
)
# t,me/shop, vk*com/shop: hosts that everybody knows
_KNOWN = re.compile(
    r"(?<![\w.@])(?:t|т|wa|vk|вк|ok|ок|bit|бит|clck|goo|taplink|youtu|youtube|instagram|telegram)"
    r"(?:\s?[^\w\s/]{1,3}\s?|[_/])(?:me|ме|мэ|com|ком|ru|ру|ly|ли|su|gl|cc|be)\s?/{1,2}\s?[\w@.-]+"
)
# bit ly 3xYbereg, vk com bereg
_KNOWN_APART = re.compile(
    r"(?<![\w.@-])(?:bit ly|taplink cc|clck ru|goo (?:su|gl)|vk (?:com|cc)|вк ком)"
    r" (?!порт)(?=[^ ]*[a-zа-я])[\w-]{4,}"
)
# clck ком слеш abc, бит ли слеш abc
_SLASH_WORD = re.compile(
    first(r"[^\W_]", r"[\w.@-]")
    + rf"[\w-]*(?:,? {_DOT_WORD},?)?(?: [\w-]+)? (?:{_TAIL}|{_HEARD_TAIL}),? {_SLASH_SAID},? ?\w+"
)
# бит.ли/abc, clck ru/abc
_SHORT_TAIL = "(?:ru|com|me|cc|be|ly|gl|su|gd|io)"
_HEARD = re.compile(
    first(r"[^\W\d_]", r"[\w.@/-]") + rf"(?:[^\W\d_]+\.(?:{_HEARD_TAIL})/\w{{2,}}|"
    rf"(?:(?<=[a-z])[\w-]{{2,}}|(?<=v)k|(?<=o)k|(?<=w)a) {_SHORT_TAIL}/[\w-]{{4,}})"
)
# 203 точка 0 точка 113 точка 9
_NUMBERS = re.compile(first(r"\d", r"\w") + rf"\d{{0,2}}(?:{_DOT}\d{{1,3}}){{3}}(?!\w){PATH}")
# эйч ти ти пи, три дабл ю
_SCHEME_WORDS = re.compile(
    r"(?<!\w)(?:(?:эйч|аш|ха|хэ),? (?:т[иэ],? ){2}п[иэ]|хттпс?|(?:три|3|тройн\w+) дабл[ -]?(?:ю|в|вэ)).{0,60}"
)
# ур.пош, 77pohs/em.t
_TAILS_FIRST = ("ур", "ur", "moc", "мок", "фр", "ten", "gro", "pohs", "erots", "enilno", "etis", "elpmaxe", "dilavni")
_MIRRORED = re.compile(
    rf"(?<![\w.])(?:{'|'.join(_TAILS_FIRST)})\.(?=\d*[^\W\d_])[\w-]{{4,}}(?![\w.-])|(?<![\w.])\w{{4,}}/(?:em\.t|moc\.kv)(?!\w)"
)
# ырщзюкг, ырщз.кг: a Latin name typed on Russian keys, where "ю" is the dot and "." the slash
_KEYS_TAIL = "(?:сщь|туе|щкп|ырщз|ыещку|ышеу|щтдшту|чня|сдги)"
_KEYS_MAYBE_TAIL = "(?:кг|ьу|ыг|ля|гя|ин|зкщ|штащ|ещз)"
# Pairs of letters that Russian words do not hold: "годн.до", "вес.кг" are no addresses.
_NOT_RUSSIAN = (
    r"(?:\b[ыьъ]|[аеиоуыэюя][ьъ]|ь[щфыь]|щ[бвгджзклмпстфхцчшщ]|[бвгджзклмнпфхцчшщ]щ|[бвгджзкпхцчшщ]ф|"
    r"ф[бвгджзпхцчшщ]|[дткзпвмшщ]ш[фщк]|[бвгджзклмнпрстфхцчшщ]{5})"
)
_KEYS = re.compile(
    rf"(?<![\w.-])(?:[а-я\d-]{{3,}}?ю(?:{_KEYS_TAIL}|кг|ьу|ыг)|[а-я\d-]{{2,}}\.{_KEYS_TAIL}|"
    rf"[а-я\d-]{{3,}} {_DOT_WORD} {_KEYS_TAIL}|"
    rf"(?=[а-я\d-]*{_NOT_RUSSIAN})[а-я\d-]{{3,}}?(?:[.ю]| {_DOT_WORD} ){_KEYS_MAYBE_TAIL})(?![\w-])"
    rf"(?:[./]\w[^\s<>\"]*|{PATH})"
)
# еюьу.ырщз, рееззЖ..ырщзюкг
_KEYS_BEGIN = re.compile(r"(?<!\w)(?:е[.ю]ьу(?=[./]|$)\S*|рееззы?\s?[:ж;]\s?[/.]{2}\S+)")
# shop ru, лавка ру, where the message speaks of dots or sites; "на сайте указана ру версия" speaks of another thing
_NO_DOT = re.compile(
    first("[a-zа-я]", r"[\w@.-]") + r"(?:(?<=[a-z])[a-z0-9-]{3,}(?:[ ,][a-z0-9-]{2,})?[ ,](?:ru|com|net|su|рф|ру|ком)"
    r"|(?<=[а-я])(?!(?<=т)[оа]чк)[а-я-]{3,}(?: [а-я-]{3,}| \d{1,3})? (?:ру|рф))"
    rf"(?![\w-]){_NOT_OF_LANGUAGE}"
)
_SPEAKS_OF_SITES = re.compile(
    r"www|точк|точеч|пробел|сайт|каталог|прайс|ссылк|адрес|браузер|набер|зайди|заход|перейд|загл[яа]|найд[еи]|"
    r"browser|type i[tn]|site|латиниц|слитно|одним словом"
)
# kov rik . r u, where the message asks to leave the gaps out
_PIECES = re.compile(first("[a-z0-9]", r"[\w@.-]") + r"(?:[a-z0-9._/-]| (?! )){2,80}[a-z0-9/]")
_WHOLE = re.compile(rf"(?:www\.)?[a-z0-9][a-z0-9-]+(?:\.[a-z0-9-]+)*\.{_WIDE_TAIL}(?:/\S*)?")
_ASKS_TO_JOIN = re.compile(
    r"(?:без|убер\w+|убрать|удал\w+|сотр\w+) (?:все |лишние )?пробел|пробел\w* (?:убер|убрать|удал|сотр|лишн)|"
    r"слитно|склей"
)
# shop=ru, shop-ru, where the message tells what stands for the dot
_STANDS_FOR = headed(
    first("[a-z0-9]", *_BEFORE_NAME), r"[a-z0-9-]{2,}", rf"\s?(?:[^\w\s]{{1,3}}|_)\s?{_WIDE_TAIL}(?![\w-]){PATH}"
)
_SPEAKS_OF_DOTS = re.compile(
    r"(?:вместо|заме[нт]\w{1,9}|поменя\w{1,9}|меня(?:ем|йте)) [^.!?]{0,30}точк|точк\w{1,3} вместо"
)
# тапки шоп ком: a shop by its name
_SHOP_WORDS = ("шоп", "shop", "стор", "store", "маркет", "market", "онлайн", "online")
_SHOP_NO_DOT = re.compile(
    first(r"[^\W_]", r"[\w@.-]")
    + rf"(?!(?<=я)ндекс|(?<=y)andex)[\w-]{{2,}} (?:{'|'.join(_SHOP_WORDS)}) {_COMMON_TAIL}(?![\w-])"
)
# shop, а в конце ру; название латиницей и на конце ру
_ENDS_IN = re.compile(
    r"(?:(?<![\w@.-])[a-z][a-z0-9-]{3,},? [^.!?\n]{0,12}?|(?:назван|имя|латиниц|буквами|слитно)[^.!?\n]{0,40}?|"
    r"(?<![\w@.-])[а-я][а-я-]{3,},? (?:и |а )?(?:в|на) (?=конце (?:точка|рф)))"
    r"(?:конце|концовка|хвост\w*|окончани\w+|домен\w*|зон[аеу]) [:—-]?\s?(?:точка |\.)?"
    rf"{_WIDE_TAIL}(?![\w-])|"
    r"(?<![\w@.-])[a-z][a-z0-9-]{3,},? [^.!?\n]{0,12}?(?:с|и|плюс|точк\w) "
    rf"\.?{_WIDE_TAIL} (?:на|в) (?:конце|хвосте)|"
    r"(?<![\w@.-])[а-я][а-я-]{3,},? в (?:зоне ру|доменной зоне рф)(?![\w-])"
)
# адрес: тапки, дефис, опт, русская зона
_ZONE_TOLD = re.compile(
    r"(?<!\w)(?:(?:адрес|сайт)(?: \w+)?:|дефис|тире|слитно|латиниц\w*)[^.!?\n]{1,50}?(?<!\w)"
    r"(?:(?:русск|российск)\w+ (?:зон|домен)\w*|(?:зон|домен)\w* (?:\w+ )?(?:русск|российск)\w+)"
)
# начало shop, конец точка ру
_PART = r"(?:част|полов|кус|слов)\w*"
_FIRST = rf"(?:начало|начинается(?: на| с)?|сначала(?: пиш\w+)?|перв\w+ {_PART}|до точки)(?: (?:адреса|сайта|ссылки))?"
_THEN_LAST = rf"(?:кон(?:ец|це)|концовка|втор\w+ {_PART}|дальше|далее|потом|затем|продолжени\w+|после точки|хвост\w*)"
_HALVES = re.compile(
    rf"(?<!\w){_FIRST}\W{{1,4}}[a-z0-9][\w-]{{2,}}[^.!?]{{0,30}}?{_THEN_LAST}\W{{1,4}}"
    rf"(?:точка\W{{1,2}}|[\w-]+\.)?{_WIDE_TAIL}(?![\w-]){_NOT_OF_LANGUAGE}{PATH}"
)

# Most texts hold none of these, and are not searched for what they may tell of.
_SLASH = clue((), r"/(?<![^:;/\s]/)|\|\||\\(?<=[:\\]\\)")
_DOT_SAID = clue(
    (*_DOT_WORDS, "точку"),
    rf"[\[{{]|\.(?<!..)(?!.)|[(<][.,]|\.(?<={_MARK}.){_MARK}|\b{_MASKED_DOT}|"
    r"т(?:очка|чк)[a-zркс]|tochka[a-zркс]|dot(?<=[a-z0-9]{3}dot)(?:com|ru|net|org)\b",
)
_TAIL_SAID = clue((), rf"\b(?<!\w\.){_WIDE_TAIL}\b|\.\n{_WIDE_TAIL}\b")
_WEB_SAID = clue(
    (
        "http",
        "https",
        "www",
        "ww",
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
_SHORT_SAID = clue(("t", "т", "тэ", "ти", "tme", "тме", "wa", "vk", "ok"), NOTHING)
_KNOWN_NAMED = clue(("bit", "taplink", "clck", "goo", "vk", "вк"), NOTHING)
_KNOWN_SAID = clue((), r"/(?:(?<=\b(?:me|ме|мэ|ru|ру|ly|ли|su|gl|cc|be)/)|(?<=\b(?:com|ком)/))")
_JOIN_SAID = clue(("слитно",), "пробел|склей")
_TAIL_FIRST = clue(_TAILS_FIRST, r"/(?:em\.t|moc\.kv)")
_WRONG_KEYS = clue((), rf"[.ю](?<=[а-я\d-]{{2}}.)(?:{_KEYS_TAIL}|{_KEYS_MAYBE_TAIL})\b|е[.ю]ьу|реез|^{_KEYS_TAIL}\b")
_EMPTY_BRACKETS = clue((), r"\((?<=\w\()\)\w|\[\]\w|\{\}\w")
_HEARD_SAID = clue((), rf"\.(?:{_HEARD_TAIL})/|^{_SHORT_TAIL}/\w")
# And some that do are worth a single look only for one mark or word more.
_ANY = -1
_SLASHES_AMID = clue((), r"\w//[a-z]")
_SLASH_AMID = clue((), "|".join(sections()["slash"]))
_BOTH_SCRIPTS = clue((), "[a-z][а-я]|[а-я][a-z]")
_DOT_GLUED, _DOT_GLUED_ABROAD = clue((), r"т(?:очка|чк)[^\W_]|tochka[^\W_]"), clue((), "dot(?:com|ru|net|org)")
_SHOP_SAID = clue(_SHOP_WORDS, NOTHING)
_FOREIGN_DOT_SAID = clue(("period", "punto", "ponto", "punkt", "point", "stop"), NOTHING)
_SIGN_AMID, _DOT_IN_FILE = clue((), r"@\."), clue((), f"[_-]{_DOT_WORD}[_-]")
_COMMA_AMID = clue((), r",(?:ru|com|net|org|su|shop|ру|ком)\b")
_OTHER_MARK_AMID = clue((), rf"[*|;~]{_WIDE_TAIL}|\.\.{_WIDE_TAIL}")
_HAS_SYMBOL = clue((), _SYMBOL)
_END_SAID = clue((), "конц|хвост|окончани|домен|зон[аеу]")
_HIDDEN = (
    (_SLASH, _ANY, (_SCHEME,)),
    (_SLASH, _SLASHES_AMID, (_SLASHES,)),
    (_HEARD_SAID, _ANY, (_HEARD,)),
    (_WEB_SAID, _ANY, (_WWW, _SCHEME_WORDS, _SCHEME_ALONE)),
    (_WEB_SAID, _SLASH_AMID, (_SLASH_WORD,)),
    (_SHORT_SAID, _ANY, (_SHORT,)),
    (_KNOWN_SAID, _ANY, (_KNOWN,)),
    (_KNOWN_NAMED, _ANY, (_KNOWN_APART,)),
    (_TAIL_FIRST, _ANY, (_MIRRORED,)),
    (_WRONG_KEYS, _ANY, (_KEYS, _KEYS_BEGIN)),
    (_EMPTY_BRACKETS, _ANY, (_HOLLOW,)),
    (_SIGN_AMID, _ANY, (_SIGN_FOR_LETTER,)),
    (_END_SAID, _ANY, (_ZONE_TOLD,)),
    (_DOT_SAID, _ANY, (_SPELT, _SPELT_ABROAD, _SPELT_SHORT, _BRACKETED, _NUMBERS)),
    (_DOT_SAID, _BOTH_SCRIPTS, (_SPELT_MASKED,)),
    (_DOT_SAID, _DOT_IN_FILE, (_IN_FILE,)),
    (_DOT_SAID, _DOT_GLUED, (_GLUED,)),
    (_DOT_SAID, _DOT_GLUED_ABROAD, (_GLUED_ABROAD,)),
    (_TAIL_SAID, _ANY, (_TORN, _HALVES)),
    (_TAIL_SAID, _SHOP_SAID, (_SHOP_NO_DOT,)),
    (_TAIL_SAID, _FOREIGN_DOT_SAID, (_FOREIGN_DOT,)),
    (_TAIL_SAID, _COMMA_AMID, (_COMMA,)),
    (_TAIL_SAID, _OTHER_MARK_AMID, (_OTHER_MARK,)),
    (_TAIL_SAID, _HAS_SYMBOL, (_EMOJI,)),
    (_TAIL_SAID, _END_SAID, (_ENDS_IN,)),
)
SIGNS = reduce(or_, (sign for sign, _, _ in _HIDDEN), _JOIN_SAID)
"""What a text must hold to hide an address."""


def hidden(text: Text) -> Iterator[tuple[int, int]]:
    """Yield the places in ``text.canon`` where an address is hidden."""
    signs = text.signs
    for sign, also, patterns in _HIDDEN:
        if signs & sign and signs & also:
            for pattern in patterns:
                for match in found(pattern, text.canon):
                    tail = match.groupdict().get("tail")
                    if tail is None or is_top_level(tail):
                        yield match.span()
    if text.signs & _TAIL_SAID and _SPEAKS_OF_SITES.search(text.canon):
        yield from (match.span() for match in _NO_DOT.finditer(text.canon))
        if _SPEAKS_OF_DOTS.search(text.canon):
            yield from (match.span() for match in found(_STANDS_FOR, text.canon))
    if text.signs & _JOIN_SAID and _ASKS_TO_JOIN.search(text.canon):
        yield from (match.span() for match in _PIECES.finditer(text.canon) if _WHOLE.fullmatch(_joined(match[0])))


def _joined(pieces: str) -> str:
    return pieces.replace(" ", "")
