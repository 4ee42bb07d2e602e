"""E-mail addresses, plain or with the signs in words and brackets."""

import re
from collections.abc import Iterator

from rules.clues import NOTHING, clue
from rules.finding import Category
from rules.hosts import any_in, any_of, sections
from rules.rule import FORM, Hit, Rule, Words
from rules.search import clued, first, headed, held, needs, opening
from rules.text import Text

# An atom of marks need not be read in more than one way: a word begins where they end.
_OPEN, _CLOSE = r"\s?+[\[({<*\"'+_|-]{0,2}+\s?+", r"\s?[\])}>*\"'+_|-]{0,2}\s?"
_SIGN = r"[\s*~|]{0,3}@{1,3}[\s*~|]{0,3}|[\[(]a[\])]"
_AT_SAID = rf"(?>{_SIGN}|{_OPEN}(?<![^\W_]){any_in('at')}(?![^\W_]){_CLOSE})"
_AT = rf"(?>{_SIGN}|{_OPEN}(?<![^\W_])(?:{any_in('at', 'maybe-at')}|[aа] в круж[оке]\w+)(?![^\W_]){_CLOSE})"
_DOT_SAID = any_in("dot", "maybe-dot")
# It is great at home. Online reviews say so; look at one dot in it
_PROSE = re.compile(rf"[^@]*\s{any_in('maybe-at')}\s[\w-]+(?:\.\s+(?!ru\b)\w+|\s{_DOT_SAID}\s{any_in('little')})")
_DOT_SET_OFF = r"\s?[\[({<][.,][\])}>]\s?|[\"'*]\s?\.\s?[\"'*]"
_DOT = rf"(?>[\s*~|]{{0,3}}\.[\s*~|]{{0,3}}|{_OPEN}(?<![^\W_])(?:{_DOT_SAID}|,)(?![^\W_]){_CLOSE}|{_DOT_SET_OFF})"
_TAIL = r"(?:ru|ру|com|ком|net|нет|uz|kz|ua|юа|рф)(?![\w-]|/\w)"
_SERVICE = any_in("mail-service", "maybe-mail-service")
_SERVICE_RU = rf"{_SERVICE}(?:{_DOT}|[ ,]{{1,2}}){_TAIL}"
_BEFORE_NAME = r"[\w.]", r"\w[+*-]"
_LETTERS, _LONGEST = r"\w.+-", "{1,64}"
_LABEL = (
    rf"(?![_-]{{0,2}}{_DOT_SAID}[_-][\w-]){_DOT}[\w-]{{2,63}}"  # a dot that may as well be read as letters is no dot
)
# "инсту @krossy.na" names an account, "ivan @mail.ru" an address
_MENTION = re.compile(rf"\s@(?!{_SERVICE}(?![^\W_]))\w")

_NAME_BEGINS, _NAME_RUNS, _NAME_ENDS = first("[a-z]", r"[\w.@]", r"\w[+-]"), r"[\w.+-]{3,}", r"(?![\w@])"
_NAME, _WHOLE_NAME = _NAME_BEGINS + _NAME_RUNS + _NAME_ENDS, _NAME_BEGINS + _NAME_RUNS + "+" + _NAME_ENDS
_TELLING_NAME = first("[a-z]", r"[\w.@]") + r"(?=[a-z]*[\d._])[\w.]{3,}(?![\w@])"
# ivan, or ivan подчёркивание opt
_NAME_SAID = rf"{_WHOLE_NAME}(?:,? (?:подчерк\w+|нижнее \w+|точка|дефис|тире|минус),? [a-z0-9.]+){{0,3}}"
_THEN = r"(?:(?:потом|затем|дальше|далее|следом|и|then),? ){1,2}"
_HEARD_SERVICES = sorted({"gmail"}.union(word for word in sections()["mail-service"] if word > "а"))
_BY_EAR = any_of(_HEARD_SERVICES)
_IS, _AT_SERVICE, _AT_HEARD = r"[\s:—-]{1,3}", ",? (?:(?:на|в|—) )?", rf"(?:на|в|on|at) {_BY_EAR}[аеу]?(?!\w)"
_FIGURE_SAID = (
    r"(?:\d{1,4}|\w*(?:дцать|десят)|сорок|девяносто|сто|ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять)"
)
_POST_OF = ("яндекс[ -]?", "м[еэ]йл[ -]?", "гугл[ -]?", "рамблер[ -]?")
_ENDING = r"\w{0,20}+"  # longer than the endings of words, and short enough not to be read without end
_END = rf"(?:концовк|хвост|окончани|домен){_ENDING}"
_BOX = rf"(?:ящик|почт|концовк|хвост|окончани|домен){_ENDING}"
_OF_SERVICE = rf"(?:м[еэ]йл\.?ру|м[еэ]йлов|[гж]м[еэ]йлов|джим[еэ]йлов|яндексов|рамблеров|гуглов|инбоксов){_ENDING}"

_SIGNS = clue(sections()["at"] | sections()["maybe-at"], r"@|^круж[ок]|соба[кч]|саба[кч]")
_SERVICE_SAID = clue(
    sections()["mail-service"] | {"mail", "inbox"},
    r"м[еэаи]йл|маил|меил|инбокс|рамблер|яндексов|гуглов|домен|концовк",
)
_BY_EAR_SAID = clue((word + ending for word in _HEARD_SERVICES for ending in ("", *"аеу")), NOTHING)
_BOX_SAID = clue(("почта", "почте", "мыло", "ящик", "емейл", "имейл"), NOTHING)
_HOST = r"@[^\W_][\w-]*(?:\.[\w-]+)*\.(?P<tail>[^\W\d_]{2,})(?![\w-])"
_ODD_HOST = rf"@{{1,3}}(?:{_SERVICE}|[\w-]{{3,}}?)(?:\s?[^\w\s.@]{{1,3}}\s?|_)(?:{_TAIL}|shop(?!\w))"
_SIGNED = (
    clued(
        headed(
            first(r"[^\W_]", r"[^\W_]", r"[^\W_]_", r"\w[.+-]"),
            r"[\w.+-]*+",
            _HOST,
            letters=_LETTERS,
        ),
        by=_SIGNS,
        rare=_HOST,
    ),
    clued(
        headed(
            first(r"[^\W_]", *_BEFORE_NAME, r"\*"),
            rf"(?:[^\W_]++|[_.+*-]){_LONGEST}",
            rf"[\w-]{{2,63}}(?:{_LABEL}){{0,6}}?{_DOT}(?P<tail>[^\W\d_]{{2,}})(?![\w-]|/\w)",
            letters=r"\w.+*-",
            sign=rf"{_AT}(?=[\w-]{{2}})",
        ),
        by=_SIGNS,
    ),
    # ivan@mail/ru, ivan@lavka🔵ru: behind the sign itself any mark is a dot
    clued(
        headed(
            first(r"[^\W_]", *_BEFORE_NAME),
            r"[\w.+-]{2,}+",
            _ODD_HOST,
            letters=_LETTERS,
        ),
        by=_SIGNS,
        rare=_ODD_HOST,
    ),
    # A mail service or a tail is enough: "ivan собака мейл", "ivan собачка mail ru", "ivan@lavka,ru";
    # words may stand before it: "ivan собака лавка чудес, мейл ру"
    clued(
        headed(
            first(r"[^\W_]", *_BEFORE_NAME),
            rf"(?=[\w.+-]{{2}})(?:[^\W_]++|[_.+-]){_LONGEST}(?<=[\w.+-]{{3}})",
            rf"{_AT}{_SERVICE}(?:{_DOT}|[\s,*]{{1,3}}){_TAIL}|"
            rf"(?<=[a-z0-9]){_AT_SAID}(?:(?:{any_in('mail-service')}|mail|yandex|яндекс|ya)(?![\w-])|"
            rf"[\w-]{{3,}}+[ ,]{_TAIL}|(?:[\w-]++[ ,]{{1,2}}){{1,4}}{_SERVICE_RU})",
            letters=_LETTERS,
        ),
        by=_SIGNS,
        rare=rf"{_SERVICE}|ya| {_TAIL}|,{_TAIL}",
    ),
)
_TOLD = (
    # ivanatgmaildotcom
    clued(
        headed(first("[a-z]", r"[\w@.]"), r"[\w.+-]{2,}", rf"\s?at{_SERVICE}dot(?:com|ru|net)(?!\w)", letters=_LETTERS),
        by=r"dot(?:com|ru|net)\b",
    ),
    # почта: ivan, яндекс; мыло ivan на рамблере; ящик ivan mail ru
    clued(
        opening(
            *(rf"{post}{_IS}{_NAME_SAID}{_AT_SERVICE}{_SERVICE}[аеу]?(?!\w)" for post in ("почта", "емейл", "имейл")),
            *(
                rf"{box}{_IS}(?:{_NAME_SAID}{_AT_SERVICE}{any_in('mail-service')}[аеу]?(?!\w)|"
                rf"[a-z][\w.+-]++,? {_SERVICE}(?:{_DOT}|\s){_TAIL})"
                for box in ("мыло", "ящик")
            ),
        ),
        by=_BOX_SAID,
    ),
    # яндекс почта ivan.77, ivan на яндекс почте
    clued(rf"{opening(*_POST_OF)}почта{_IS}{_TELLING_NAME}", by=_BOX_SAID),
    clued(rf"{_WHOLE_NAME} (?:на|в) (?:{'|'.join(_POST_OF)})почте", by=_BOX_SAID, rare="почте"),
    # ivan, потом собака, потом яндекс ру
    clued(
        headed(
            _NAME_BEGINS,
            _NAME_RUNS,
            rf",? (?:{_THEN})(?:знак |значок )?соба[кч]\w+,? (?:{_THEN})?{_SERVICE_RU}",
            letters=_LETTERS,
        ),
        by=_SIGNS,
        rare="соба[кч]",
    ),
    # до собаки ivan, после собаки яндекс ру
    clued(
        opening("до", "перед", "before") + rf" (?:the )?(?:[сc][оа]ба[кч]\w+|@|at|эт)[\s:,—-]{{0,3}}{_NAME}"
        rf"[^.!?\n]{{0,24}}?(?<!\w){_SERVICE}(?![\w-])(?:(?:{_DOT}|\s){_TAIL})?",
        by=_SIGNS,
    ),
    # ivan77 gmail com
    clued(
        first("[a-z]", *_BEFORE_NAME)
        + rf"(?:(?=[a-z]*[\d._])[\w.-]{{3,}}[ ,]{{1,2}}{_SERVICE_RU}|[a-z]{{3,}} gmail com(?!\w))",
        by=_SERVICE_SAID,
    ),
    # на джимейле ivan.77, джимейл, логин ivan
    clued(
        rf"{opening(*_HEARD_SERVICES)}[аеу]?[\s:,—-]{{1,3}}"
        rf"(?:{_TELLING_NAME}|(?:(?:мой|наш) )?(?:ник|логин|имя|адрес){_IS}{_NAME})",
        by=_BY_EAR_SAID,
    ),
    # ivan.77 на джимейле
    clued(rf"{_TELLING_NAME} {_AT_HEARD}", by=_BY_EAR_SAID),
    # ivan дефис сорок два на джимейле
    clued(
        headed(
            _NAME_BEGINS, r"[\w.+-]{2,}", rf"(?: [а-я]{{2,15}}){{0,3}} {_FIGURE_SAID},? {_AT_HEARD}", letters=_LETTERS
        ),
        by=_BY_EAR_SAID,
    ),
    # ivan, дальше обычный мейлрушный хвост
    clued(
        headed(
            _NAME_BEGINS,
            _NAME_RUNS,
            rf"{_NAME_ENDS}(?:[^.!?\n]{{1,30}}?{_OF_SERVICE}(?: \w+)? {_END}|[^.!?\n]{{1,20}}?{_END} {_OF_SERVICE})",
            letters=_LETTERS,
        ),
        by=_SERVICE_SAID,
        rare=_OF_SERVICE,
    ),
    # ящик яндексовский, имя ivan
    clued(
        rf"(?:{_OF_SERVICE} {_BOX}|{_BOX} {_OF_SERVICE})[^.!?\n]{{1,20}}?{_NAME}",
        by=_SERVICE_SAID,
        rare=_OF_SERVICE,
    ),
    # ivan, концовка на mail ru
    clued(
        headed(
            _NAME_BEGINS,
            _NAME_RUNS,
            rf"{_NAME_ENDS}[^.!?\n]{{1,20}}?{_END}[^.!?\n]{{0,20}}?(?<!\w){_SERVICE}(?:{_DOT}|\s){_TAIL}",
            letters=_LETTERS,
        ),
        by=_SERVICE_SAID,
        rare=_END,
    ),
)


def _find(text: Text) -> Iterator[Hit]:
    for start, end in _places(text):
        yield Hit(*text.origin(start, end))


def _places(text: Text) -> Iterator[tuple[int, int]]:
    """Yield places in ``text.canon``, each pattern's behind those of the patterns before it."""
    end = 0
    for signed in held(_SIGNED, text):
        for match in signed.matches(text, end):
            if not _MENTION.search(match[0]) and not _PROSE.fullmatch(match[0]):
                end = match.end()
                yield match.span()
    for told in held(_TOLD, text):
        for match in told.matches(text, end):
            end = match.end()
            yield match.span()


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
    needs=needs(*_SIGNED, *_TOLD),
    find=_find,
)
