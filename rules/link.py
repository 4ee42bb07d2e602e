"""Links and names of sites outside Market, plain or disguised."""

import re
from collections.abc import Iterator

from rules.finding import Category
from rules.hosts import is_top_level, sections
from rules.rule import Hit, Rule, Words
from rules.text import Text

_TAIL = "|".join(sorted(sections()["tail"], key=len, reverse=True))
_PATH = r"(?::\d{2,5}(?!\d))?(?:\s?(?:[/\\?#]|слеш|слэш|slash)+\s?[^\s<>\"]*)*"

# https://shop.ru, hxxps://, http : // shop.ru
_SCHEME = re.compile(r"(?:h|х|н)(?:tt|xx|хх|тт|\*\*|__)(?:p|р|п)(?:s|с)?\s?:\s?[/\\]{1,2}\s?[^\s<>\"]+|\bftp://\S+")
# www.shop.ru, ввв точка shop ру
_WWW = re.compile(
    r"(?<!\w)(?:w{3}|в{3}|ш{3}|вэ вэ вэ|дабл ю)\s?(?:\.|точка|тчк|dot)\s?[\w-]+(?:\s?(?:\.|точка|тчк|dot)\s?[\w-]+)*"
    + _PATH
)
# shop.ru, лавка.рф/адрес
_NAME = re.compile(r"(?<![\w@.\\-])((?:[^\W_][\w-]*\.)+)([^\W\d_][\w-]*)(?![\w@])" + _PATH)
_ADDRESS = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])(?::\d{2,5})?(?:/\S*)?")
# shop[.]ru, shop (точка) ru, shop точка ру, shop . ru, shop dot com, shop,ru
_DOT = r"(?:\s?[\[({<]\s?(?:\.|,|точка|тчк|тчка|dot|дот|т)\s?[\])}>]\s?|\s(?:(?:и|потом|затем|теперь|дальше) )?(?:точка|точечка|тачка|точкa|тчк|тчка|dot|дот|тоцка|точко|нукте|nuqta)\s(?:(?:и|потом|в конце|дальше) ){0,3}|\s\.\s?|-(?:дот|точка|dot|tochka)-|_(?:tochka|точка|dot|tchk)_)"
_SPELT = re.compile(rf"(?<![\w@.])[^\W_][\w-]*(?:{_DOT}[\w-]+)*{_DOT}(?:{_TAIL})(?![\w-]){_PATH}")
# lampochka🔵ru
_EMOJI = re.compile(
    r"(?<![\w-])[^\W\d_][\w-]{2,}[\u2190-\u2bff\U0001f300-\U0001faff](?:ru|com|net|org|ру|ком|рф|shop)(?![\w-])"
)
_SLASHES = re.compile(r"(?<![\w/:.])[a-z][\w-]+//[a-z][\w-]+//[a-z]\S*")
_BRACKETED = re.compile(
    r"(?<![\w@.])[^\W_][\w-]*\s?[\[({<]\s?(?:\.|,|точка|точечка|тчк|dot|дот)\s?[\])}>]\s?([^\W\d_]{2,})(?![\w-])"
    + _PATH
)
_COMMA = re.compile(rf"(?<![\w,])[^\W\d_][\w-]{{2,}},(?:ru|com|net|org|su|ру|ком|рф|shop)(?![\w-]){_PATH}")
_SPACED_SHORT = re.compile(
    r"(?<!\w)(?:t|т)\s?\.\s?(?:me|ме)\s?/{1,2}\s?\w+|(?<!\w)(?:wa|vk|ok)\s\.\s(?:me|com|ru)\s?/{1,2}\s?\w+"
)
# дфзф-рмщыеюсщь: a Latin name typed on Russian keys, where "ю" is the dot
_KEYS = re.compile(r"(?<![а-я-])[а-я-]{3,}?ю(?:кг|сщь|туе|щкп|ырщз|ыг)(?![\w-])|(?<!\w)еюьу")
_MIRRORED = re.compile(r"(?<![\w.])(?:ур|ur|moc|мок|фр)\.[^\W\d_][\w-]{3,}(?![\w.-])")
_MISSING_DOT = re.compile(r"(?<![\w@.-])[a-z][a-z0-9-]{3,}(?: [a-z0-9-]{3,})? (?:ru|com|net|рф)(?![\w-])")
_DOTTED_TALK = re.compile(r"точк|пробел|сайт|каталог|прайс|ссылк|адрес|браузер|набер|зайди|заход|site|перейд|загл[яа]")

_OWN = re.compile(
    r"(?:https?://)?(?:(?:[a-z0-9-]+\.)*(?:{hosts})|(?:www\.)?yandex\.ru/support/(?:partner-)?market(?:place)?)(?=$|[/?#])"
    r"[^@\\]*".format(hosts="|".join(map(re.escape, sorted(sections()["market"]))))
)
_TRIM = ".,;:!?)]}>'\"*"

# Each pattern with the words and the strings of which a text must hold one: most hold none.
_TAILS = ("ru", "com", "net", "org", "su", "ру", "ком", "рф", "shop")
_DOT_WORDS = (
    "точка",
    "точечка",
    "тачка",
    "точкa",
    "тчк",
    "тчка",
    "dot",
    "дот",
    "тоцка",
    "точко",
    "nuqta",
    "tochka",
)
_PATTERNS = (
    ((), ("/",), _SCHEME),
    ((), ("//",), _SLASHES),
    (("www", "ввв", "шшш", "вэ", "дабл"), (), _WWW),
    ((*_DOT_WORDS, "[", "{"), (" . ", "(.", "(,"), _SPELT),
    ((*_DOT_WORDS, "[", "{"), ("(.", "(,"), _BRACKETED),
    (_TAILS, (), _COMMA),
    (_TAILS, (), _EMOJI),
    (("t", "т", "wa", "vk", "ok"), (), _SPACED_SHORT),
    (("ур", "ur", "moc", "мок", "фр"), (), _MIRRORED),
)
_GLUED_DOT = re.compile(r"\.(?<=\w\.)[^\W_]")


def _find(text: Text) -> Iterator[Hit]:
    behind = 0
    for start, end in sorted(_places(text), key=lambda place: (place[0], -place[1])):
        if start >= behind:
            behind = end
            if not _is_own(text, start, end):
                yield Hit(*text.file_name(*text.origin(start, end)))


def _places(text: Text) -> Iterator[tuple[int, int]]:
    canon = text.canon
    words = text.words
    for needed, strings, pattern in _PATTERNS:
        if (needed and not words.isdisjoint(needed)) or (strings and any(map(canon.__contains__, strings))):
            for match in pattern.finditer(canon):
                if pattern is not _BRACKETED or is_top_level(match[1]):
                    yield match.start(), _trimmed(canon, *match.span())
    for match in _KEYS.finditer(canon) if "ю" in canon else ():
        yield match.span()
    if _GLUED_DOT.search(canon):
        yield from _plain(text)
    if not text.words.isdisjoint(_TAILS) and _DOTTED_TALK.search(canon):
        for match in _MISSING_DOT.finditer(canon):
            yield match.span()


def _plain(text: Text) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text.canon):
        if _is_site(match, text):
            yield match.start(), _trimmed(text.canon, *match.span())
    for match in _ADDRESS.finditer(text.canon):
        numbers = re.split(r"[:/]", match.group())[0].split(".")
        marked = len(match.group()) > len(".".join(numbers))
        if marked and all(int(number) < 256 for number in numbers) and not _is_private(match.group()):
            yield match.start(), _trimmed(text.canon, *match.span())


def _is_site(match: re.Match[str], text: Text) -> bool:
    """Tell a site from a missing space after a full stop, an abbreviation, a file or a brand with a dot."""
    host, tail = match[1].rstrip("."), match[2]
    path = match.end() > match.end(2)
    if not is_top_level(tail) or len(tail) < 2:
        return "." in host and _names_file(match.group()) and is_top_level(host.rpartition(".")[2])
    if path and "/" in text.canon[match.end(2) :][:3]:
        return True
    if tail in sections()["extension"] or (len(host) == 1 and tail not in ("me", "com", "ru")):
        return False
    if not any(map(str.isalpha, host)) and "." in host:
        return False
    if len(host) < 3 and tail > "а":
        return False
    if host.isdigit() and (len(host) < 3 or tail not in sections()["tail"]):
        return False
    return not _new_sentence(match, text)


def _names_file(name: str) -> bool:
    """Tell whether a name ends in a file's extension, so that what stands before it may be a site (``shop.ru.pdf``)."""
    return name.endswith(
        (
            ".pdf",
            ".jpg",
            ".jpeg",
            ".png",
            ".doc",
            ".docx",
            ".xls",
            ".xlsx",
            ".txt",
            ".mp4",
            ".zip",
        )
    )


def _new_sentence(match: re.Match[str], text: Text) -> bool:
    """Tell whether the dot ends a sentence after which the space was forgotten."""
    host, tail = match[1], match[2]
    first = text.original[text.origin(match.start(2), match.start(2) + 1)[0]]
    cyrillic = host[0] > "а" and tail[0] > "а"
    if cyrillic and first.isupper() and not text.original[text.origin(match.start(), match.start() + 1)[0]].isupper():
        return True
    if tail in sections()["sentence"] and host.strip(".").isalpha():
        return bool(re.match(r"\s+[a-z]", text.canon[match.end() :])) or first.isupper()
    return False


def _is_private(address: str) -> bool:
    return address.startswith(tuple(sections()["private"]))


def _trimmed(canon: str, start: int, end: int) -> int:
    while end > start and canon[end - 1] in _TRIM:
        end -= 1
    return end


def _is_own(text: Text, start: int, end: int) -> bool:
    """Tell Market's own pages from those that only pretend (``market.yandex.ru@shop.ru``, ``market.yandex.ru.shop.ru``)."""
    first, last = text.origin(start, end)
    return "%" not in text.original[first:last].split("?")[0] and bool(_OWN.fullmatch(text.canon[start:end]))


RULE = Rule(
    id="link",
    category=Category.OUTSIDE_LINK,
    stage=0,
    summary=Words("Ссылка на другой сайт", "A link to another site"),
    policy="Не присылайте ссылки на другие сайты",
    reason=Words(
        "В сообщении есть ссылка на сайт вне Маркета.",
        "The message links to a site outside Market.",
    ),
    hint=Words(
        "Дайте ссылку на товар на Маркете или пришлите файл.",
        "Link to the product on Market or send a file.",
    ),
    find=_find,
)
