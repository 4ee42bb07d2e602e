"""Handles: @shop, a nickname said to be the same everywhere."""

import re
from collections.abc import Iterable, Iterator

from rules.clues import clue
from rules.finding import Category
from rules.phrase import Phrase
from rules.rule import FORM, Hit, Rule, Words
from rules.search import Clued, clued, first, held, opening
from rules.speech import REPORTED
from rules.text import Text
from rules.words import bits, lexicon

# A name to be engraved or printed is goods, unless the sentence also says where to write.
_INSCRIBED, _INVITED = Phrase("<inscribe> | <in> <feature> _2 <profile>"), Phrase("<messenger|social|come|write>")
_NETWORK_SIGNS = "".join(lexicon().signs[name] for name in ("messenger", "social", "plane"))
_NETWORK = re.compile(f"[{re.escape(_NETWORK_SIGNS)}]")
_NETWORK_MEANT = bits(_NETWORK_SIGNS) | bits(
    lexicon().signs[name] for name in ("maybe-messenger", "founder", "forbidden-net")
)
_GOODS = bits(lexicon().signs[name] for name in ("feature", "inscribe"))
_AT_MARKET = bits(lexicon().signs[name] for name in ("market", "label", "listing", "form"))

_LATIN = re.compile(r"[a-z][\w.]{3}")
_NAME = r"(?P<name>[a-z][\w.]{3,})"
_AFFIRMED = r"(?!\w|\s?\?)"
_IS = r"\s?[:—-]?\s?"
# Behind a network's name: svet_dom, svet.dom, svetdom77, svetdom_7, but neither a version nor a word nor a file
_LETTERS = (
    r"(?:(?:[a-z]+\d*[_.])+[a-z]{2}[\w.]*\w|[a-z]{4,}\d{2,}\w*|"
    r"(?!(?:photo|image|file|video|scan|screen|model|version|item)_)[a-z]{4,}_\d{1,4}(?!\.\w))(?![\w@])"
)
_TELLING = f"(?P<name>{_LETTERS})"
# The number of an account: six figures or more, in groups or not, with letters for some
_ID_NUMBER = r"\d(?:[ -]?[\doоiзl]){5,12}(?!\w|[ -]?\d)"
_ABBREVIATIONS = (r"т[.\-/]г", r"в[.\-/]к", r"t[.\-/]g", r"v[.\-/]k")

_SIGNS = clue(
    (),
    opening(
        *("юз(?![а-я])", "ник(?![а-я])", "никнейм", "nick", "nik", "юзернейм", "username"),
        *(r"dm(?!\w)", r"snap(?!\w)", "снап", *_ABBREVIATIONS),
    )
    + r"|加|[@➕📷📸👻💬🟢📲]|\+(?<!\w\+)[vw]|_bot|^[кгkg]:|:\.?[cс][i1!]d\.",
)
_HANDLE = clued(
    r"@(?<![\w@.]@)(?!(?:media|import|font-face|keyframes|charset)(?!\w))(?:[a-zа-я][\w.]{3,}|\s[a-z][\w.]{3,})",
    by=_SIGNS,
)
# What tells itself, whatever the network
_BY_ITSELF = (
    clued(
        opening("юз(?:ернейм)?", "ник(?:нейм)?", r"nick(?:name)?(?!\w)", r"username(?!\w)", r"nik(?!\w)")
        + rf"\s?(?:в \w+ |v \w+ )?[:—-]?\s?{_NAME}{_AFFIRMED}",
        by=_SIGNS,
    ),
    # dm kovry.lavka, snap: kovry77, kovry.lavka snap
    clued(opening("dm", "snap") + _IS + _TELLING, "dm", "snap"),
    clued(rf"(?<![\w@.]){_TELLING} (?:(?:в|on) )?(?:snap|снапе?)(?= only|\s?[^\w\s-]|\n|$)", "snap", "снап", "снапе"),
    # 📷 svet.dom: a network by its picture, and no picture's file
    clued(
        rf"[📷📸👻💬🟢📲]{_IS}(?!\S{{,60}}\.(?:jpe?g|png|heic|webp|gif|mp4|mov|pdf)\b){_TELLING}",
        by=_SIGNS,
    ),
    # т.г. => svetdom, В-К: svetdom, В К: id 501773
    clued(
        opening(
            *(rf"{short}\.?\s?(?:[:—-]|=?>|->|→)?" for short in _ABBREVIATIONS),
            *("т г:", "в к:", "t g:", "v k:"),
            before=r"[\w.]",
        )
        + rf"\s?(?:{_LETTERS}|(?<=[:>→] )[a-z]{{5,}}(?!\w)|id\s?{_ID_NUMBER})",
        by=_SIGNS,
    ),
    # 加V svetdom, +v svetdom26
    clued(
        r"(?:[➕加]\s?|(?<!\w)\+\s?(?=[vw]x?\s?:?\s?[a-z]+[\d_]))(?:vx?|wx|薇|微)\s?:?\s?[a-z][\w-]{5,}",
        by=_SIGNS,
    ),
    clued(first("[a-z]", r"[\w@.]") + r"\w{2,}_bot(?!\w)", by=_SIGNS, rare="_bot"),
    # live:.cid.8a3f2b77
    clued(opening(r"l[i1!]ve:\.?[cс][i1!]d\.\w+"), by=_SIGNS),
)
# мы там как svetdom, ищите по нику svetdom: wherever that is
_THERE = (
    "там|тут|же|есть|везде|всюду|во?|на|и|по|всех|любой|соцсет[ия]х?|соцсетях|сет[ия]х?|(?:под|за)писан[аы]?|нас|меня"
)
_SO = "как|под (?:ником|именем|названием|логином)|по (?:нику|имени|логину)"
_INVITING = clue(
    (),
    opening(
        *(r"как(?!\w)", "ник(?:ом|у)", "имен(?:ем|и)", "названием", "логин(?:ом|у)", "зовут", "соба[кч]"),
        *("добав", "подпи", "вбей", "набей", "забей", "ищи", *(rf"{find}(?!\w)" for find in ("add", "follow", "find"))),
    ),
)
_SOMEWHERE = (
    clued(
        opening(*(f"{whom} (?:{_THERE})" for whom in ("мы", "нас", "меня", "я")), "ищите", "ищи", "найдете", "найдешь")
        + rf"(?: (?:{_THERE})){{0,4}} (?:{_SO})[ :—-]{{1,3}}\"?(?P<name>[a-z][\w.]{{4,}})(?![\w@]|\s?\?)",
        by=_INVITING,
    ),
    # добавляйтесь: svet_dom, вбейте svetdom77, add us: svet_dom
    clued(
        opening(
            *("добав(?:ь|ьте|ьтесь|ляйся|ляйтесь)", "подпи(?:шись|шитесь|сывайся|сывайтесь)"),
            *("зовут", "ищите", "ищи", "набейте", "забейте", "вбейте?"),
            *(rf"{find} (?:us|me)(?: on \w+)?" for find in ("add", "follow", "find")),
        )
        + rf"(?: (?:меня|нас|на|в друзья|в поиске?|at|as|by|on)){{0,2}}[ :—-]{{1,3}}{_TELLING}",
        by=_INVITING,
    ),
    # знак собаки svetdom
    clued(opening("через", "знак", "значок") + rf" соба[кч]\w+ (?:и )?{_NAME}(?![\w@])", by=_INVITING),
)
# vk id 501773, аська 384-992-117, вк: 501773; neither "id заказа" nor "заказ id"
_NUMBERED = clued(
    rf"(?:(?<![\w.])(?<!заказ )(?<!заказа )(?<!товар )(?<!товара )(?:id|айди)|(?<!\w)(?:аськ[аеу]|icq))"
    rf"(?:\s?[:№#—-])?\s?{_ID_NUMBER}|(?<!\w)(?:вк|vk)\s?(?:[:→]|=>)\s?{_ID_NUMBER}",
    *("id", "айди", "аська", "аськи", "аську", "аське", "icq", "вк", "vk"),
    by=r"id\d",
)
_MARK_SAID = (
    r"[ ,]{1,2}(?:нижн\w+ (?:подчеркивани\w+|подчерк|пробел|тире|слеш|слэш)|подчеркивани\w+|андерскор|underscore|"
    r"podcherkivanie|точка|тчк|dot)[ ,]{1,2}"
)
_IN_NETWORK = (
    # логин svetdom, id: svetdom
    clued(
        opening(
            *(r"логин\w*", "имя", "именем", "id", "айди", r"пользовател\w+", r"юзер\w*", "user", "login", "account"),
            *(r"аккаунт\w*", "акк", r"профил\w+", r"страни\w+", r"канал\w*", r"групп\w+", r"паблик\w*", "зовемся"),
            *("называемся", "зовут", "логін", "ім'я", "аты", "nomi"),
        )
        + f"{_IS}{_NAME}{_AFFIRMED}",
        by=_NETWORK_MEANT,
    ),
    clued(f"号{_IS}{_NAME}{_AFFIRMED}", by=_NETWORK_MEANT),
    # собака svet_dom, svet нижнее подчёркивание dom
    clued(
        first("[a-zс@]", r"[\w@.]") + r"(?:(?:(?<=с)оба[кч]\w+|(?<=s)obaka|(?<=@))[ ,:]{1,2}[a-z][a-z0-9.]+"
        rf"(?:(?:{_MARK_SAID}|_)[a-z0-9.]+)*|(?<=[a-z])[a-z0-9.]*(?:{_MARK_SAID}[a-z0-9.]+)+)(?!\w)",
        by=_NETWORK_MEANT,
    ),
)
# тг - svetdom: what is set off so, and ends what is said, may be mere letters
_SET_OFF = r"(?<=[=>→—-]\s)[a-z]{5,}(?=\s*(?:[.,!?;)\n]|$))"
_BEHIND = re.compile(
    rf"[\s,:=>→/\"«—-]{{1,4}}(?:{_TELLING}|(?P<tag>live:[\w.]{{3,}}|[a-z][\w.]{{2,}}#\d{{4}}(?!\d)|{_SET_OFF}))"
)
_BEFORE = re.compile(rf"(?<![\w@.]){_TELLING} (?:в|на|in|on|v) $")


def _find(text: Text) -> Iterator[Hit]:
    for start, end in _places(text):
        yield Hit(*text.origin(start, end))


def _places(text: Text) -> Iterator[tuple[int, int]]:
    if text.signs & _SIGNS:
        if "@" in text.canon and not _is_reported(text) and not _is_goods(text):
            yield from _told((_HANDLE,), text)
        yield from _told(_BY_ITSELF, text)
    if text.signs & _INVITING and not text.signs & (_GOODS | _AT_MARKET) and _LATIN.search(text.canon):
        yield from _told(_SOMEWHERE, text)
    if text.signs & _NETWORK_MEANT and not text.signs & _GOODS:
        yield from sorted({*_called(text)})


def _told(patterns: Iterable[Clued], text: Text) -> Iterator[tuple[int, int]]:
    """Yield the names that patterns find, or the whole where none is set off."""
    for one in held(patterns, text):
        for match in one.matches(text):
            yield match.span(match.lastgroup or 0)


def _called(text: Text) -> Iterator[tuple[int, int]]:
    """Yield names and numbers of accounts in a text that names a network."""
    yield from _told((_NUMBERED,), text)
    if not _LATIN.search(text.canon):
        return
    yield from _told(_IN_NETWORK, text)
    for match in _NETWORK.finditer(text.line):
        start, end = text.spans[match.start()]
        named = _BEHIND.match(text.canon, end) or _BEFORE.search(text.canon, max(0, start - 40), start)
        if named:
            yield named.span(named.lastgroup or 0)


def _is_reported(text: Text) -> bool:
    return any(phrase.may_be_said(text.signs) and phrase.said(text.line) for phrase in REPORTED)


def _is_goods(text: Text) -> bool:
    return _INSCRIBED.said(text.line) and not _INVITED.said(text.line)


RULE = Rule(
    id="handle",
    category=Category.CONTACT_OFFER,
    stage=FORM,
    summary=Words("Имя в мессенджере или соцсети", "A name in a messenger or social network"),
    policy="Не присылайте покупателям свои контакты",
    reason=Words(
        "В сообщении есть имя в мессенджере или соцсети.",
        "The message holds a messenger or social network name.",
    ),
    hint=Words(
        "Отвечайте в этом чате: «Напишите нам здесь, ответим».",
        "Answer in this chat instead.",
    ),
    confidence=0.9,
    needs=_SIGNS | _INVITING | _NETWORK_MEANT,
    find=_find,
)
