"""Handles: @shop, a nickname said to be the same everywhere."""

import re
from collections.abc import Iterator

from rules.clues import NOTHING, clue
from rules.finding import Category
from rules.phrase import Phrase
from rules.rule import FORM, Hit, Rule, Words
from rules.search import first
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
_HANDLE = re.compile(r"(?<![\w@.])@(?:[a-zа-я][\w.]{3,}|\s[a-z][\w.]{3,})")
_NICK = re.compile(
    r"(?<!\w)(?:юз|ник(?:нейм)?|nick(?:name)?|юзернейм|username|nik)\s?(?:в \w+ |v \w+ )?[:—-]?\s?"
    r"(?P<name>[a-z][\w.]{3,})(?!\w|\s?\?)"
)
# логин svetdom, id: svetdom, where a network is named
_ACCOUNT = re.compile(
    r"(?:号|(?<!\w)(?:логин\w*|имя|именем|id|айди|пользовател\w+|юзер\w*|user|login|account|аккаунт\w*|акк|профил\w+|"
    r"страни\w+|канал\w*|групп\w+|паблик\w*|зовемся|называемся|зовут|логін|ім'я|аты|nomi))\s?[:—-]?\s?"
    r"(?P<name>[a-z][\w.]{3,})(?!\w|\s?\?)"
)
# собака svet_dom, svet нижнее подчёркивание dom, where a network is named
_MARK_SAID = (
    r"[ ,]{1,2}(?:нижн\w+ (?:подчеркивани\w+|подчерк|пробел|тире|слеш|слэш)|подчеркивани\w+|андерскор|underscore|"
    r"podcherkivanie|точка|тчк|dot)[ ,]{1,2}"
)
_SAID = re.compile(
    rf"(?<![\w@.])(?:(?:соба[кч]\w+|sobaka|@)[ ,:]{{1,2}}[a-z][a-z0-9.]+(?:(?:{_MARK_SAID}|_)[a-z0-9.]+)*|"
    rf"[a-z][a-z0-9.]*(?:{_MARK_SAID}[a-z0-9.]+)+)(?!\w)"
)
_LATIN = re.compile(r"[a-z][\w.]{3}")
# Behind a network's name: svet_dom, svet.dom, svetdom77, svetdom_7, but neither a version nor a word nor a file
_TELLING = (
    r"(?P<name>(?:[a-z]+\d*[_.])+[a-z]{2}[\w.]*\w|[a-z]{4,}\d{2,}\w*|"
    r"(?!(?:photo|image|file|video|scan|screen|model|version|item)_)[a-z]{4,}_\d{1,4}(?!\.\w))(?![\w@])"
)
_BEHIND = re.compile(rf"[\s,:=>→/\"«—-]{{1,4}}(?:{_TELLING}|(?P<tag>live:[\w.]{{3,}}|[a-z][\w.]{{2,}}#\d{{4}}(?!\d)))")
_BEFORE = re.compile(rf"(?<![\w@.]){_TELLING} (?:в|на|in|on|v) $")
# The number of an account: six figures or more, in groups or not, with letters for some
_ID_NUMBER = r"\d(?:[ -]?[\doоiзl]){5,12}(?!\w|[ -]?\d)"
# т.г. => svetdom, В-К: svetdom, В К: id 501773
_ABBREVIATED = re.compile(
    rf"(?<![\w.])(?:(?:т[.\-/]г|в[.\-/]к|t[.\-/]g|v[.\-/]k)\.?\s?(?:[:—-]|=?>|->|→)?|(?:т г|в к|t g|v k):)\s?"
    rf"(?:{_TELLING}|(?<=[:>→] )[a-z]{{5,}}(?!\w)|id\s?{_ID_NUMBER})"
)
# vk id 501773, аська 384-992-117, вк: 501773; neither "id заказа" nor "заказ id"
_NUMBERED = re.compile(
    rf"(?:(?<![\w.])(?<!заказ )(?<!заказа )(?<!товар )(?<!товара )(?:id|айди)|(?<!\w)(?:аськ[аеу]|icq))"
    rf"(?:\s?[:№#—-])?\s?{_ID_NUMBER}|(?<!\w)(?:вк|vk)\s?(?:[:→]|=>)\s?{_ID_NUMBER}"
)
# live:.cid.8a3f2b77, whatever the network
_SKYPE_ID = re.compile(r"(?<!\w)l[i1!]ve:\.?[cс][i1!]d\.\w+")
# dm kovry.lavka, snap: kovry77, kovry.lavka snap
_DIRECT = re.compile(rf"(?<!\w)(?:dm|snap)\s?[:—-]?\s?{_TELLING}")
_SNAP = re.compile(rf"(?<![\w@.]){_TELLING} (?:(?:в|on) )?(?:snap|снапе?)(?= only|\s?[^\w\s-]|\n|$)")
# 📷 svet.dom: a network by its picture, and no picture's file
_PICTURED = re.compile(rf"[📷📸👻💬🟢📲]\s?[:—-]?\s?(?!\S{{,60}}\.(?:jpe?g|png|heic|webp|gif|mp4|mov|pdf)\b){_TELLING}")
# мы там как svetdom, ищите по нику svetdom: wherever that is
_THERE = (
    "там|тут|же|есть|везде|всюду|во?|на|и|по|всех|любой|соцсет[ия]х?|соцсетях|сет[ия]х?|(?:под|за)писан[аы]?|нас|меня"
)
_SO = "как|под (?:ником|именем|названием|логином)|по (?:нику|имени|логину)"
_CALLED_SO = re.compile(
    rf"(?<!\w)(?:(?:мы|нас|меня|я) (?:{_THERE})|ищите|ищи|найдете|найдешь)(?: (?:{_THERE})){{0,4}}"
    rf" (?:{_SO})[ :—-]{{1,3}}\"?(?P<name>[a-z][\w.]{{4,}})(?![\w@]|\s?\?)"
)
# добавляйтесь: svet_dom, вбейте svetdom77, add us: svet_dom, знак собаки svetdom
_ADDED = re.compile(
    r"(?<!\w)(?:добав(?:ь|ьте|ьтесь|ляйся|ляйтесь)|подпи(?:шись|шитесь|сывайся|сывайтесь)|зовут|ищите|ищи|[нз]абейте|вбейте?|"
    r"(?:add|follow|find) (?:us|me)(?: on \w+)?)"
    rf"(?: (?:меня|нас|на|в друзья|в поиске?|at|as|by|on)){{0,2}}[ :—-]{{1,3}}{_TELLING}"
)
_AT_SAID = re.compile(r"(?<!\w)(?:через|знак|значок) соба(?:к|ч)\w+ (?:и )?(?P<name>[a-z][\w.]{3,})(?![\w@])")
_INVITING = clue(
    (),
    r"(?<!\w)(?:как(?!\w)|ник(?:ом|у)|имен(?:ем|и)|названием|логин(?:ом|у)|зовут|соба[кч]|добав|подпи|вбей|[нз]абей|ищи|(?:add|follow|find)(?!\w))",
)
_AT_MARKET = bits(lexicon().signs[name] for name in ("market", "label", "listing", "form"))
_BOT = re.compile("(?P<name>" + first("[a-z]", r"[\w@.]") + r"\w{2,}_bot)(?!\w)")
# 加V svetdom, +v svetdom26
_WECHAT = re.compile(
    r"(?:[➕加]\s?|(?<!\w)\+\s?(?=[vw]x?\s?:?\s?[a-z]+[\d_]))(?:vx?|wx|薇|微)\s?:?\s?(?P<name>[a-z][\w-]{5,})"
)
_SIGNS = clue(
    (),
    r"[@➕加📷📸👻💬🟢📲]|(?<!\w)(?:юз(?![а-я])|ник(?![а-я])|никнейм|nick|nik|юзернейм|username|dm(?!\w)|snap(?!\w)|снап|\+[vw]|"
    r"т[.\-/]г|в[.\-/]к|t[.\-/]g|v[.\-/]k)|_bot|^[кгkg]:|:\.?[cс][i1!]d\.",
)
# And some patterns are worth a look only where their own word is said.
_SNAP_SAID = clue(("snap", "снап", "снапе"), NOTHING)
_ID_SAID = clue(("id", "айди", "аська", "аськи", "аську", "аське", "icq", "вк", "vk"), r"id\d")


def _find(text: Text) -> Iterator[Hit]:
    if "@" in text.canon and not _is_reported(text) and not _is_goods(text):
        for match in _HANDLE.finditer(text.canon):
            yield Hit(*text.origin(*match.span()))
    if text.signs & _SIGNS:
        snap = (_SNAP,) if text.signs & _SNAP_SAID else ()
        for pattern in (_NICK, _DIRECT, _PICTURED, *snap):
            for match in pattern.finditer(text.canon):
                yield Hit(*text.origin(*match.span("name")))
        for pattern in (_ABBREVIATED, _WECHAT, _BOT, _SKYPE_ID):
            for match in pattern.finditer(text.canon):
                yield Hit(*text.origin(*match.span()))
    yield from _invited(text)
    if text.signs & _NETWORK_MEANT and not text.signs & _GOODS:
        for start, end in sorted({*_called(text)}):
            yield Hit(*text.origin(start, end))


def _invited(text: Text) -> Iterator[Hit]:
    """Yield names by which one is to find the shop in a network that is not named."""
    if text.signs & _INVITING and not text.signs & (_GOODS | _AT_MARKET) and _LATIN.search(text.canon):
        for pattern in (_CALLED_SO, _ADDED, _AT_SAID):
            for match in pattern.finditer(text.canon):
                yield Hit(*text.origin(*match.span("name")))


def _called(text: Text) -> Iterator[tuple[int, int]]:
    """Yield names and numbers of accounts in a text that names a network."""
    if text.signs & _ID_SAID:
        yield from (match.span() for match in _NUMBERED.finditer(text.canon))
    if not _LATIN.search(text.canon):
        return
    yield from (match.span("name") for match in _ACCOUNT.finditer(text.canon))
    yield from (match.span() for match in _SAID.finditer(text.canon))
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
