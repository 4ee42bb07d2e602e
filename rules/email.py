"""E-mail addresses, plain or with the signs in words and brackets."""

import re
from collections.abc import Iterator

from rules.clues import NOTHING, clue
from rules.finding import Category
from rules.hosts import is_top_level, sections
from rules.rule import FORM, Hit, Rule, Words
from rules.search import first, found, headed
from rules.text import Text


def _any(*names: str) -> str:
    """Make a pattern of the words of some sections of ``hosts.txt``."""
    return f"(?:{'|'.join(sorted((word for name in names for word in sections()[name]), key=len, reverse=True))})"


_OPEN, _CLOSE = r"\s?[\[({<*\"'+_|-]{0,2}\s?", r"\s?[\])}>*\"'+_|-]{0,2}\s?"
_SIGN = r"[\s*~|]{0,3}@{1,3}[\s*~|]{0,3}|[\[(]a[\])]"
_AT_SAID = rf"(?>{_SIGN}|{_OPEN}(?<![^\W_]){_any('at')}(?![^\W_]){_CLOSE})"
_AT = rf"(?>{_SIGN}|{_OPEN}(?<![^\W_]){_any('at', 'maybe-at')}(?![^\W_]){_CLOSE})"
_DOT_SAID = _any("dot", "maybe-dot")
# It is great at home. Online reviews say so; look at one dot in it
_PROSE = re.compile(rf"[^@]*\s{_any('maybe-at')}\s[\w-]+(?:\.\s+(?!ru\b)\w+|\s{_DOT_SAID}\s{_any('little')})")
_DOT_SET_OFF = r"\s?[\[({<][.,][\])}>]\s?|[\"'*]\s?\.\s?[\"'*]"
_DOT = rf"(?>[\s*~|]{{0,3}}\.[\s*~|]{{0,3}}|{_OPEN}(?<![^\W_])(?:{_DOT_SAID}|,)(?![^\W_]){_CLOSE}|{_DOT_SET_OFF})"
_TAIL = r"(?:ru|ру|com|ком|net|нет|uz|kz|ua|юа|рф)(?![\w-]|/\w)"
_SERVICE = _any("mail-service", "maybe-mail-service")
_BEFORE_NAME = r"[\w.]", r"\w[+*-]"
_LABEL = rf"(?![_-]{{0,2}}{_DOT_SAID}[_-][\w-]){_DOT}[\w-]{{2,}}"  # a dot that may as well be read as letters is no dot
_PLAIN = headed(
    first(r"[^\W_]", r"[^\W_]", r"[^\W_]_", r"\w[.+-]"),
    r"[\w.+-]*",
    r"@[^\W_][\w-]*(?:\.[\w-]+)*\.(?P<tail>[^\W\d_]{2,})(?![\w-])",
)
_SPELT = headed(
    first(r"[^\W_]", *_BEFORE_NAME, r"\*"),
    r"[\w.+*-]+",
    rf"[\w-]{{2,}}(?:{_LABEL}){{0,6}}?{_DOT}(?P<tail>[^\W\d_]{{2,}})(?![\w-]|/\w)",
    sign=rf"{_AT}(?=[\w-]{{2}})",
)
# ivan@mail/ru, ivan@lavka🔵ru: behind the sign itself any mark is a dot
_ODD_DOT = headed(
    first(r"[^\W_]", *_BEFORE_NAME),
    r"[\w.+-]{2,}",
    rf"@{{1,3}}(?:{_SERVICE}|[\w-]{{3,}}?)(?:\s?[^\w\s.@]{{1,3}}\s?|_)(?:{_TAIL}|shop(?!\w))",
)
# ivan77 gmail com
_NO_SIGN = re.compile(
    first("[a-z]", *_BEFORE_NAME)
    + rf"(?:(?=[a-z]*[\d._])[\w.-]{{3,}}[ ,]{{1,2}}{_SERVICE}(?:{_DOT}|[ ,]{{1,2}}){_TAIL}|"
    r"[a-z]{3,} gmail com(?!\w))"
)
# A mail service or a tail is enough: "ivan собака мейл", "ivan собачка mail ru", "ivan@lavka,ru"
_BARE = headed(
    first(r"[^\W_]", *_BEFORE_NAME),
    r"[\w.+-]{2,}",
    rf"{_AT}{_SERVICE}(?:{_DOT}|[\s,*]{{1,3}}){_TAIL}|(?<=[a-z0-9]){_AT_SAID}(?:{_any('mail-service')}|mail|yandex|яндекс|ya)(?![\w-])"
    rf"|(?<=[a-z0-9]){_AT_SAID}[\w-]{{3,}}+[ ,]{_TAIL}",
)
# "инсту @krossy.na" names an account, "ivan @mail.ru" an address
_MENTION = re.compile(rf"\s@(?!{_SERVICE}(?![^\W_]))\w")

_NAME_BEGINS, _NAME_RUNS, _NAME_ENDS = first("[a-z]", r"[\w.@]", r"\w[+-]"), r"[\w.+-]{3,}", r"(?![\w@])"
_NAME, _WHOLE_NAME = _NAME_BEGINS + _NAME_RUNS + _NAME_ENDS, _NAME_BEGINS + _NAME_RUNS + "+" + _NAME_ENDS
_TELLING_NAME = first("[a-z]", r"[\w.@]") + r"(?=[a-z]*[\d._])[\w.]{3,}(?![\w@])"
_BY_EAR = (
    f"(?:{'|'.join(sorted((word for word in sections()['mail-service'] if word > 'а'), key=len, reverse=True))}|gmail)"
)
_END = r"(?:концовк|хвост|окончани|домен)\w*+"
_BOX = r"(?:ящик|почт|концовк|хвост|окончани|домен)\w*+"
_OF_SERVICE = r"(?:м[еэ]йл\.?ру|м[еэ]йлов|[гж]м[еэ]йлов|джим[еэ]йлов|яндексов|рамблеров|гуглов|инбоксов)\w*+"
_SIGNS = clue(sections()["at"] | sections()["maybe-at"], r"@|соба[кч]|саба[кч]")
_SERVICE_SAID = clue(
    sections()["mail-service"] | {"mail", "inbox"},
    r"м[еэаи]йл|маил|меил|инбокс|рамблер|яндексов|гуглов|домен|концовк",
)
_SIGN_ITSELF = clue((), "@")
_GLUED = clue((), r"dot(?:com|ru|net)\b")
_BOX_SAID = clue(("почта", "мыло", "ящик", "емейл", "имейл"), NOTHING)
_SIGNED = ((_SIGN_ITSELF, _PLAIN), (_SIGNS, _SPELT), (_SIGN_ITSELF, _ODD_DOT), (_SIGNS, _BARE))
_TOLD = (
    # ivanatgmaildotcom
    (
        _GLUED,
        (headed(first("[a-z]", r"[\w.@]"), r"[\w.+-]{2,}", rf"\s?at{_SERVICE}dot(?:com|ru|net)(?!\w)"),),
    ),
    # почта: ivan, яндекс; мыло ivan на рамблере
    (
        _BOX_SAID,
        (
            re.compile(
                rf"(?<!\w)(?:(?:почта|[еи]мейл)[\s:—-]{{1,3}}{_WHOLE_NAME},? (?:(?:на|в|—) )?{_SERVICE}|"
                rf"(?:мыло|ящик)[\s:—-]{{1,3}}{_WHOLE_NAME},? (?:(?:на|в|—) )?{_any('mail-service')})[аеу]?(?!\w)|"
                rf"(?:мыло|ящик)[\s:—-]{{1,3}}[a-z][\w.+-]++,? {_SERVICE}(?:{_DOT}|\s){_TAIL}"
            ),
        ),
    ),
    (
        _SIGNS,
        (
            # до собаки ivan, после собаки яндекс ру
            re.compile(
                rf"(?<!\w)(?:до|перед|before) (?:the )?(?:[сc][оа]ба[кч]\w+|@|at|эт)[\s:,—-]{{0,3}}{_NAME}"
                rf"[^.!?\n]{{0,24}}?(?<!\w){_SERVICE}(?![\w-])(?:(?:{_DOT}|\s){_TAIL})?"
            ),
        ),
    ),
    (
        _SERVICE_SAID,
        (
            _NO_SIGN,
            # на джимейле ivan.77, джимейл, логин ivan
            re.compile(
                rf"(?<!\w){_BY_EAR}[аеу]?[\s:,—-]{{1,3}}"
                rf"(?:{_TELLING_NAME}|(?:(?:мой|наш) )?(?:ник|логин|имя|адрес)[\s:—-]{{1,3}}{_NAME})"
            ),
            # ivan.77 на джимейле
            re.compile(rf"{_TELLING_NAME} (?:на|в|on|at) {_BY_EAR}[аеу]?(?!\w)"),
            # ivan, дальше обычный мейлрушный хвост; ящик яндексовский, имя ivan
            headed(
                _NAME_BEGINS,
                _NAME_RUNS,
                rf"{_NAME_ENDS}"
                rf"(?:[^.!?\n]{{1,30}}?{_OF_SERVICE}(?: \w+)? {_END}|[^.!?\n]{{1,20}}?{_END} {_OF_SERVICE})",
            ),
            re.compile(rf"(?:{_OF_SERVICE} {_BOX}|{_BOX} {_OF_SERVICE})[^.!?\n]{{1,20}}?{_NAME}"),
            headed(
                _NAME_BEGINS,
                _NAME_RUNS,
                rf"{_NAME_ENDS}[^.!?\n]{{1,20}}?{_END}[^.!?\n]{{0,20}}?(?<!\w){_SERVICE}(?:{_DOT}|\s){_TAIL}",
            ),
        ),
    ),
)


def _find(text: Text) -> Iterator[Hit]:
    canon, end = text.canon, 0
    for sign, pattern in _SIGNED:
        for match in found(pattern, canon, end) if text.signs & sign else ():
            if _MENTION.search(match[0]) or _PROSE.fullmatch(match[0]):
                continue
            if "tail" not in pattern.groupindex or is_top_level(match["tail"]):
                end = match.end()
                yield Hit(*text.origin(*match.span()))
    for sign, patterns in _TOLD:
        for pattern in patterns if text.signs & sign else ():
            for match in found(pattern, canon, end):
                end = match.end()
                yield Hit(*text.origin(*match.span()))


RULE = Rule(
    id="email",
    category=Category.CONTACT_OFFER,
    stage=FORM,
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
    needs=_SIGNS | _SERVICE_SAID | _GLUED | _BOX_SAID,
    find=_find,
)
