"""Links outside Market."""

from collections.abc import Iterator

import regex

from rules.finding import Category
from rules.rule import Hit, Rule, Words
from rules.text import Text

_LINK = regex.compile(
    r"(?:https?://|www\.)[^\s<>]+|(?<![\w@.-])[\w-]+\.(?:ru|com|net|org|рф|me|shop|su)\b(?:/\S*)?", regex.I
)
_MARKET = regex.compile(r"(?:https?://)?(?:[\w-]+\.)*market\.yandex\.ru(?![\w.@-])", regex.I)


def _find(text: Text) -> Iterator[Hit]:
    for match in _LINK.finditer(text.original, timeout=0.5):
        if not _MARKET.match(match.group()):
            yield Hit(*match.span())


RULE = Rule(
    id="link",
    category=Category.OUTSIDE_LINK,
    stage=0,
    summary=Words("Ссылка на другой сайт", "A link to another site"),
    policy="Не присылайте ссылки на другие сайты",
    reason=Words("В сообщении есть ссылка на сайт вне Маркета.", "The message links to a site outside Market."),
    hint=Words("Дайте ссылку на товар на Маркете или пришлите файл.", "Link to the product on Market or send a file."),
    find=_find,
)
