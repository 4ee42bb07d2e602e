"""Links and names of sites outside Market, plain or hidden."""

import re
from collections.abc import Iterable, Iterator

from rules.addresses import NEEDS, hidden
from rules.clues import clue
from rules.finding import Category
from rules.hosts import PATH, is_top_level, sections
from rules.rule import FORM, Hit, Rule, Words
from rules.search import first
from rules.text import Text

# shop.ru, лавка.рф/адрес; a label has 63 letters at most
_BEGIN = first(r"[^\W_]", r"[\w@.\\]", r"\w-")
_NAME = re.compile(rf"({_BEGIN}[\w-]{{0,63}}+\.(?:[^\W_][\w-]{{0,63}}+\.)*)([^\W\d_][\w-]*)(?![\w@]){PATH}")
_NUMBERS = re.compile(first(r"\d", r"[\w.-]") + r"\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w.-])(?::\d{2,5})?(?:/\S*)?")
_OWN = re.compile(
    r"(?:https?://)?(?:(?:[a-z0-9-]+\.)*(?:{hosts})|(?:www\.)?yandex\.ru/support/(?:partner-)?market(?:place)?)(?=$|[/?#])"
    r"[^@\\]*".format(hosts="|".join(map(re.escape, sorted(sections()["market"]))))
)
# Market's own page that leads on to another: ?url=https://shop.ru, ?to=shop.ru
_ONWARD = re.compile(r"(?:(?::|%3a)(?:/|%2f){2}|=(?=[\w-]+\.[\w.-]+(?:$|[/&?])))(?:www\.)?([\w.-]+)")
_CUT_SHORT = re.compile("[а-я]{1,5}")
_TRIM = ".,;:!?)]}>'\"*"
# Отправлено. Проверили. Ждите.
_PREDICATE = re.compile(r"(?:[аеиыуя]л[иао]?|[аеия]но|ены|с[яь]|[аеияу]те|[аеияу]ть|[еи]м|[еаюия]т|хорошо|спасибо)\.$")
# v2.4.18.ru
_VERSION = re.compile(r"[a-zа-я]{0,4}[-_]?\d+(?:\.\d+)+[a-z]?")
_DOT_AMID = re.compile(r"\.(?<=[\w-]\.)[^\W_]")
_NAMED, _NUMBERED = clue((), r"\.(?<=\w\.)[^\W\d_]"), clue((), r"\.\d{1,3}\.\d")


def _find(text: Text) -> Iterable[Hit]:
    places = []
    if text.signs & NEEDS:
        places += [(start, _trimmed(text.canon, start, end)) for start, end in hidden(text)]
    if text.signs & _NAMED:
        places += _names(text)
    if text.signs & _NUMBERED:
        places += _addresses(text)
    return _hits(text, places) if places else ()


def _hits(text: Text, places: list[tuple[int, int]]) -> Iterator[Hit]:
    behind = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= behind:
            behind = end
            if not _is_own(text, start, end):
                yield Hit(*text.file_name(*text.origin(start, end)))


def _names(text: Text) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text.canon, _first_with_dot(text.canon)):
        if _is_site(match, text):
            yield match.start(), _trimmed(text.canon, *match.span())


def _first_with_dot(canon: str) -> int:
    """Tell where the first stretch begins that holds a name with a dot: most have none before it."""
    dot = _DOT_AMID.search(canon)
    return canon.rfind(" ", 0, dot.start()) + 1 if dot else len(canon)


def _addresses(text: Text) -> Iterator[tuple[int, int]]:
    for match in _NUMBERS.finditer(text.canon):
        numbers = re.split(r"[:/]", match.group())[0].split(".")
        marked = len(match.group()) > len(".".join(numbers))
        if marked and all(int(number) < 256 for number in numbers) and not _is_private(match.group()):
            yield match.start(), _trimmed(text.canon, *match.span())


def _is_site(match: re.Match[str], text: Text) -> bool:
    """Tell a site from a missing space after a full stop, an abbreviation, a file or a brand with a dot."""
    host, tail = match[1].rstrip("."), match[2]
    path = match.end() > match.end(2)
    if len(tail) < 2 or not is_top_level(tail):
        return _is_in_file_name(match.group())
    if path and "/" in text.canon[match.end(2) :][:3]:
        return True
    if tail in sections()["extension"] or (len(host) == 1 and tail not in ("me", "com", "c0m", "ru")):
        return False
    if _VERSION.fullmatch(host) or _is_abbreviated(host, tail):
        return False
    if len(host) < 3 and tail > "а":
        return False
    if host.isdigit() and (len(host) < 3 or tail not in sections()["tail"]):
        return False
    return not (_is_name(host, tail) or _is_platform(match, text) or _new_sentence(match, text))


def _is_abbreviated(host: str, tail: str) -> bool:
    """Tell words cut short that stand without spaces: ``изг.RU``, ``сост.хор.ком.нов``."""
    return host in sections()["abbreviation"] or (
        tail != "рф" and len(labels := host.split(".")) > 1 and all(_CUT_SHORT.fullmatch(label) for label in labels)
    )


def _is_in_file_name(name: str) -> bool:
    """Tell whether a site is part of a file's name: ``shop.ru.pdf``, ``shop.ru_price.xls``, not ``price.ru.xml``."""
    _, *labels, last = name.split(".")
    if "_" in last:
        labels.append(last)
    elif last in sections()["localised-extension"] or last > "а":
        return False
    return any(re.split("[_-]", label)[0] in sections()["tail-in-file"] for label in labels)


def _is_name(host: str, tail: str) -> bool:
    """Tell a person's or a thing's name that holds a dot: ``dr.one``, ``will.i.am``, ``asp.net``."""
    return f"{host}.{tail}" in sections()["dotted-name"] or (
        host in sections()["title"] and tail not in sections()["tail-in-file"]
    )


def _is_platform(match: re.Match[str], text: Text) -> bool:
    """Tell what is named after Microsoft's .NET: ``PascalABC.NET``."""
    host, tail = (text.original[slice(*text.origin(*match.span(part)))] for part in (1, 2))
    return tail == "NET" and host[0].isupper() and not host.isupper() and host[:-1].isalpha()


def _new_sentence(match: re.Match[str], text: Text) -> bool:
    """Tell whether the dot ends a sentence after which the space was forgotten."""
    host, tail = match[1], match[2]
    written = text.original[slice(*text.origin(*match.span(2)))]
    if host[:-1].isdigit() and written.istitle():
        return True
    cyrillic = host[0] > "а" and tail[0] > "а"
    if cyrillic and written[0].isupper():
        begins = text.original[text.origin(match.start(), match.start() + 1)[0]].isupper()
        if not begins or _PREDICATE.search(host):
            return True
    if tail in sections()["sentence"] and host.strip(".").isalpha():
        return bool(re.match(r"\s+[a-z]", text.canon[match.end() :])) or written[0].isupper()
    return False


def _is_private(address: str) -> bool:
    return address.startswith(tuple(sections()["private"]))


def _trimmed(canon: str, start: int, end: int) -> int:
    while end > start and canon[end - 1] in _TRIM:
        end -= 1
    return end


def _is_own(text: Text, start: int, end: int) -> bool:
    """Tell Market's own pages from those that only pretend to be (``market.yandex.ru@shop.ru``)."""
    first, last = text.origin(start, end)
    address = text.canon[start:end]
    if "%" in text.original[first:last].split("?")[0] or not _OWN.fullmatch(address):
        return False
    onward = _ONWARD.finditer(address, len("https://"))
    return all(_OWN.fullmatch(match[1]) or not is_top_level(match[1].rpartition(".")[2]) for match in onward)


RULE = Rule(
    id="link",
    category=Category.OUTSIDE_LINK,
    stage=FORM,
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
    needs=NEEDS | _NAMED | _NUMBERED,
    find=_find,
)
