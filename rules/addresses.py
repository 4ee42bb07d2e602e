"""How people hide the address of a site: in words, in brackets, under other marks."""

from collections.abc import Iterator

from rules.clues import NOTHING, clue
from rules.hosts import (
    BEFORE_NAME,
    COMMON_TAIL,
    DOT_WORD,
    MASKED_DOT,
    NOT_OF_LANGUAGE,
    PATH,
    SHORT_LINK_TAIL,
    SLASH_SAID,
    TAIL,
    WIDE_TAIL,
    any_in,
    any_of,
    sections,
)
from rules.in_parts import NEEDS as PARTS_NEED
from rules.in_parts import TAIL_SAID, in_parts
from rules.search import clued, first, headed, held, needs, opening
from rules.text import Text
from rules.wrong_keys import WRONG_KEYS

_MASKED_TAIL = "(?:[rрp][uуy]|[cсkк][oо0][mм]|[рp][фf]|n[eе3][tт]|[s5][hн][oо0][pр])"
_TAIL_BY_LETTERS = "(?:r[ -]u|рю|ар[ -]?ю|р[ -](?:у|э?ф)|эр[ -]?(?:у|э?ф))"
_HEARD_TAIL = any_in("heard-tail")
_BEGIN = first(r"[^\W_]", *BEFORE_NAME)
_LABEL = r"[^\W_]++(?:[-_]+[^\W_]++)*"
_GAP = r"\s{1,3}"
_OPENING = r"\[({<"
_BRACKETS = rf"[{_OPENING}]\s?(?:[^\W\d_]{{2,8}} )?(?:\.|,|{DOT_WORD})\s?[\])}}>]\s{{0,3}}"
_IN_BRACKETS = rf"\s{{0,3}}{_BRACKETS}"
_THENS = ("и", "потом", "затем", "теперь", "дальше", "ставим", "ставите", "ставьте", "then", "в конце")
_THEN = rf"(?:{any_of(_THENS)},? ){{0,3}}+"
_MARKS = r"-—_+/=*~|'\"«»"
_MARK = f"[{_MARKS}]"
_BETWEEN_MARKS = rf"(?:\"\s|»\s)?\s?{_MARK}\s?(?:{DOT_WORD}|\.)\s?{_MARK}\s?(?:\s\"|\s«|[\"«])?"
_IN_ORDER = rf"[\"»]?,?{_GAP}{_THEN}(?:{DOT_WORD}|точку),?{_GAP}{_THEN}[\"«]?"
# Most names are followed by what begins as none of these do, which is seen at once.
_FIRST_LETTERS = "".join(sorted({word[0] for word in (*sections()["dot"], *_THENS)}))
_BEGINS_DOT = rf"(?=\s{{0,3}}+(?:[{_MARKS}{_OPENING}.{_FIRST_LETTERS}]|,\s))"
_DOT = rf"{_BEGINS_DOT}(?>{_IN_BRACKETS}|{_BETWEEN_MARKS}|{_IN_ORDER}|{_GAP}\.\s{{0,3}})"
_FURTHER = rf"(?![-_]{DOT_WORD}[-_][^\W_]){_DOT}{_LABEL}"  # a dot that may as well be read as letters is no dot
_TAIL_AND_SLASH = f" (?:{TAIL}|{_HEARD_TAIL}),? {SLASH_SAID}"
_GLUED_DOT, _GLUED_DOT_COM = f"(?:точка|тчк|tochka){TAIL}", r"dot(?:com|ru|net|org)(?!\w)"
_HOLLOW = r"(?:\(\)|\[\]|\{\})"
_BRACKETED_TAIL = rf"{_BRACKETS}(?P<tail>[^\W\d_]{{2,}})(?![\w-])"
_WWW_DOT = rf"(?:\s?(?:\.|{DOT_WORD})\s?|,(?=[a-z0-9]))[\w-]+"
_ME = rf"(?:\s?\.\s?|,? {DOT_WORD},? | |)(?:me|ме|ми|мэ)"
_AFTER_GAP = (
    rf"(?:\n\s?\.\s?{WIDE_TAIL}|\.\n{WIDE_TAIL}| \.(?:ru|com|su|org|shop|store|online|site|kz|uz)|"
    r"\. (?:ru|su|com)(?! порт)(?=[\s.,!?)]|$))"
)
_SYMBOL = r"[°˙\u2190-\u2bff\U0001f300-\U0001faff]"

_DOT_SAID = clue(
    sections()["dot"] | {"точку"},
    rf"[\[{{]|\.(?<!..)(?!.)|[(<][.,]|\.(?<={_MARK}.){_MARK}|\b{MASKED_DOT}|"
    r"т(?:очка|чк)[a-zркс]|tochka[a-zркс]|dot(?<=[a-z0-9]{3}dot)(?:com|ru|net|org)\b",
)
_SLASH_SAID = clue((), r"/(?<![^:;/\s]/)|\|\||\\(?<=[:\\]\\)")


_SAID_TAIL = rf"(?:{TAIL}|{_MASKED_TAIL}|{_TAIL_BY_LETTERS})(?![\w-]){NOT_OF_LANGUAGE}"
_MIXED_TAIL = r"(?P<tail>(?=[^\W\d_]*[a-z])(?=[^\W\d_]*[а-я])[^\W\d_]{2,})(?![\w-])"
_DOTTED = rf"(?={_DOT})(?:{_FURTHER})*{_DOT}(?:{_SAID_TAIL}|{_MIXED_TAIL}){PATH}"

_HIDDEN = (
    # https://shop.ru, hxxps://, http : // shop.ru, htps//shop ,ru
    clued(
        r"[hхн](?:t{1,3}|xx|хх|тт|\*\*|__)[pрп]{1,2}[sс]?\s?(?:[:;]\s?[/\\|]{1,3}|[/\\|]{2,3})\s?[^\s<>\"]+"
        rf"(?:\s?[.,]\s?{WIDE_TAIL}(?!\w){PATH})?",
        by=_SLASH_SAID,
    ),
    clued(
        opening("ftp", "tg", "viber", "whatsapp", "skype") + r"://\S+",
        by=_SLASH_SAID,
    ),
    # docs//google//com//forms
    clued(headed(first("[a-z]", r"[\w/:.]"), r"[\w-]++", r"//[a-z][\w-]+//[a-z]\S*"), by=_SLASH_SAID, rare="//[a-z]"),
    # бит.ли/abc, clck ru/abc
    clued(
        first(r"[^\W\d_]", r"[\w.@/-]") + rf"(?:[^\W\d_]+\.{_HEARD_TAIL}/\w{{2,}}|"
        rf"(?:(?<=[a-z])[\w-]{{2,}}|(?<=v)k|(?<=o)k|(?<=w)a) {SHORT_LINK_TAIL}/[\w-]{{4,}})",
        by=rf"\.{_HEARD_TAIL}/|^{SHORT_LINK_TAIL}/\w",
    ),
    # www.shop.ru, ввв точка shop точка ру, www shop ru
    clued(
        opening("www", "ww w", "w ww", "ввв", "шшш", "вэ вэ вэ", "дабл[ -]?ю", r"тройн\w+ в[эе]")
        + rf"(?:{_WWW_DOT}(?:{_WWW_DOT}){{0,6}}|(?: [\w-]+){{1,3}}? {TAIL}(?![\w-])){PATH}",
        *("www", "ww", "ввв", "шшш", "вэ", "дабл", "тройное", "тройная"),
    ),
    # эйч ти ти пи, три дабл ю
    clued(
        opening(
            *(f"{letter},? (?:т[иэ],? ){{2}}п[иэ]" for letter in ("эйч", "аш", "ха", "хэ")),
            "хттпс?",
            *(f"{three} дабл[ -]?(?:ю|в|вэ)" for three in ("три", "3", r"тройн\w+")),
        )
        + ".{0,60}",
        *("эйч", "аш", "ха", "хэ", "хттп", "хттпс", "дабл"),
    ),
    # https shop ru
    clued(
        opening("https?") + rf"[ ,:]+[a-z0-9][\w-]+(?:[ ,][\w-]+)?[ ,]{TAIL}(?![\w-])",
        *("http", "https"),
        rare=r"https?[ ,:]+[a-z0-9]",
    ),
    # clck ком слеш abc, бит ли слеш abc
    clued(
        first(r"[^\W_]", r"[\w.@-]") + rf"[\w-]*+(?:,? {DOT_WORD},?)?(?: [\w-]++)?{_TAIL_AND_SLASH},? ?\w+",
        *sections()["slash"],
        rare=_TAIL_AND_SLASH,
    ),
    # t . me // shop, тэ точка мэ слеш shop, т ме shop_1
    clued(
        opening(f"t{_ME}", f"т[эи]?{_ME}", *(rf"{host}\s?\.\s?(?:me|com|ru)" for host in ("wa", "vk", "ok")))
        + rf",?(?:\s?(?:и )?(?:/{{1,2}}|{SLASH_SAID},?)\s?\w+| [a-z]+[\d_]\w+)",
        *("t", "т", "тэ", "ти", "tme", "тме", "wa", "vk", "ok"),
    ),
    # t,me/shop, vk*com/shop: hosts that everybody knows
    clued(
        opening(
            *("t", "т", "wa", "vk", "вк", "ok", "ок", "bit", "бит", "clck", "goo", "taplink"),
            *("youtu", "youtube", "instagram", "telegram"),
            before=r"[\w.@]",
        )
        + r"(?:\s?[^\w\s/]{1,3}\s?|[_/])(?:me|ме|мэ|com|ком|ru|ру|ly|ли|su|gl|cc|be)\s?/{1,2}\s?[\w@.-]+",
        by=r"/(?:(?<=\b(?:me|ме|мэ|ru|ру|ly|ли|su|gl|cc|be)/)|(?<=\b(?:com|ком)/))",
    ),
    # bit ly 3xYbereg, vk com bereg
    clued(
        opening("bit ly", "taplink cc", "clck ru", "goo (?:su|gl)", "vk (?:com|cc)", "вк ком", before=r"[\w.@-]")
        + r" (?!порт)(?=[^ ]*[a-zа-я])[\w-]{4,}",
        *("bit", "taplink", "clck", "goo", "vk", "вк"),
    ),
    # shop()ru, shop[]ru
    clued(
        headed(_BEGIN, r"[\w-]{2,}+", rf"(?:{_HOLLOW}[\w-]++){{0,6}}{_HOLLOW}{TAIL}(?![\w-])"),
        by=r"\((?<=\w\()\)\w|\[\]\w|\{\}\w",
        rare=_HOLLOW + TAIL,
    ),
    # sh0p-lavk@.ru
    clued(headed(_BEGIN, r"[\w-]{2,}+", rf"@\.{WIDE_TAIL}(?![\w-])"), by=r"@\."),
    # shop точка ru, shop . ru, shop dot com, shop-дот-ру, shop_tochka_ru, "shop" "." "ru", sh!p т0чк@ rу
    # shop точка sтоrе: the tail in letters of both scripts
    clued(
        headed(_BEGIN, r"[^\W_]*+(?:[-_$€!]+[^\W_]++)*", _DOTTED, letters=r"\w$€!-", further=_FURTHER),
        by=_DOT_SAID,
    ),
    # shop dot cc, lavka точка io: between Latin words a dot is meant, whatever follows
    clued(
        headed(
            first("[a-z0-9]", *BEFORE_NAME),
            r"[a-z0-9-]++",
            rf" {DOT_WORD} (?!(?:py|sh|md|rs|pl|zip|mov|{any_in('little')})(?!\w))"
            rf"(?P<tail>[a-z]{{2,}})(?![\w-])(?:,? {SLASH_SAID} \w+|{PATH})",
        ),
        by=_DOT_SAID,
    ),
    # goo точка су / abc
    clued(
        first(r"[^\W_]", r"[\w@.-]") + rf"[\w-]*+,? {DOT_WORD},? (?:{TAIL}|{_HEARD_TAIL})\s?/{{1,2}}\s?\w+",
        by=_DOT_SAID,
        rare=r"/\s?\w",
    ),
    # shop[.]io, youtu(точка)be: between brackets a dot is meant, whatever follows
    clued(
        headed(_BEGIN, r"[\w-]*+", rf"\s{{0,3}}{_BRACKETED_TAIL}{PATH}"),
        by=_DOT_SAID,
        rare=_BRACKETED_TAIL,
    ),
    # 203 точка 0 точка 113 точка 9
    clued(first(r"\d", r"\w") + rf"\d{{0,2}}(?:{_DOT}\d{{1,3}}){{3}}(?!\w){PATH}", by=_DOT_SAID),
    # опт_shop_точка_ru_прайс
    clued(
        first(r"[^\W_]", r"[^\W_]") + rf"[^\W_]*+[_-]{DOT_WORD}[_-]{TAIL}(?=[_-])",
        by=_DOT_SAID,
        rare=f"[_-]{DOT_WORD}[_-]",
    ),
    # shopточкаru, tточкаmeслешshop, shopdotcom
    clued(
        headed(
            _BEGIN,
            r"[\w-]*",
            rf" ?{_GLUED_DOT}(?:(?![\w-]){PATH}|(?:слеш|слэш|slash)\w+)|(?<=[a-z0-9-]{{3}}){_GLUED_DOT_COM}",
        ),
        by=_DOT_SAID,
        rare=f"{_GLUED_DOT}|{_GLUED_DOT_COM}",
    ),
    # shop .ru, shop-⏎dom⏎.ru, shop.⏎ru, shop. ru
    clued(
        first("[a-zа-я0-9]", r"[\w@.-]")
        + rf"(?:(?<=[a-z0-9])(?=[\w-]*[a-z])[\w-]++(?:(?:\n-|(?<=-)\n)[a-z0-9-]+)*{_AFTER_GAP}|"
        r"(?<=[а-я])[а-я-]{2,}+(?<!домен)(?<!зоне)(?<!зона)(?<!сайт)\s\.(?:ру|рф))"
        rf"(?![\w-]|\s?\d){PATH}",
        by=TAIL_SAID,
        rare=rf"{_AFTER_GAP}|\s\.(?:ру|рф)",
    ),
    # shop period com, tienda punto com, shop six point ru
    clued(
        headed(
            first("[a-z]", r"[\w@.]"),
            r"[a-z0-9-]++",
            rf" (?:(?:period|punto|ponto|punkt) {COMMON_TAIL}|(?:point|full stop) (?:ru|su|com|ру|рф|ком))(?![\w-])"
            f"{NOT_OF_LANGUAGE}",
        ),
        by=TAIL_SAID,
        also=clue(("period", "punto", "ponto", "punkt", "point", "stop"), NOTHING),
    ),
    # shop.r u
    clued(
        headed(first("[a-z0-9]", *BEFORE_NAME), r"[a-z0-9-]{3,}+", r"\.(?:r u|c o m)(?![\w-])"),
        by=r"\.[rc]$",
        rare=r"\.(?:r u|c o m)",
    ),
    # shop,ru, shop,name,ру; "Казань,РФ" is an address of another kind
    clued(
        headed(
            first(r"[^\W\d_]", r"[\w,]", r"\w-"),
            r"[\w-]{2,}",
            rf"(?:,(?:ru|com|net|org|su|shop)|(?<=\w{{4}})(?:,[\w-]{{3,}}){{1,4}},(?:ru|com|net)|"
            rf"(?:,[\w-]{{2,}}){{0,4}},(?:ру|ком))(?![\w-]|\.?\s?\d){PATH}",
        ),
        by=r",(?:ru|com|net|org|su|shop|ру|ком)\b",
    ),
    # shop*ru, shop..com
    clued(
        headed(
            first("[a-z]", r"[\w.*|;~]", r"\w-"),
            r"[a-z0-9-]{3,}",
            r"(?:(?:\*{1,3}|\|+|;|~|\.{2,3})[a-z0-9-]{2,}){0,3}?(?:\*{1,3}|\|+|;|~|\.{2,3})"
            rf"{WIDE_TAIL}(?![\w*-])",
        ),
        by=rf"[*|;~]{WIDE_TAIL}|\.\.{WIDE_TAIL}",
    ),
    # shop🔵ru
    clued(
        first(r"[^\W\d_]", r"[\w-]")
        + rf"[\w-]{{2,}}(?:\s?{_SYMBOL}\s?{COMMON_TAIL}(?!\s?{_SYMBOL})|{_SYMBOL}{WIDE_TAIL})(?![\w-])",
        by=TAIL_SAID,
        rare=_SYMBOL,
    ),
    *WRONG_KEYS,
)
NEEDS = needs(*_HIDDEN) | PARTS_NEED
"""Clues of a hidden address, one of which a text must hold."""


def hidden(text: Text) -> Iterator[tuple[int, int]]:
    """Yield the places in ``text.canon`` where an address is hidden."""
    for one in held(_HIDDEN, text):
        yield from (match.span() for match in one.matches(text))
    yield from in_parts(text)
