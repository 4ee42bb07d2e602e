"""Texts that cost as much as a text can: what the robustness tests hold to a bound and the benchmark measures."""

from collections.abc import Sequence
from random import Random

HOSTILE = {
    "digits": "1",
    "spaced digits": "9 ",
    "dots": ".",
    "brackets": "(",
    "number words": "девятьсот двенадцать ",
    "plurals": "три нуля ",
    "combining": "а\u0301",
    "letters apart": "т е ",
    "names with dots": "a.",
    "at": "a@",
    "pieces": "теле ",
    "requests": "скиньте ваш номер телефона ",
    "entities": "&#46;",
    "percent": "%2e",
    "flags": "🇷🇺",
    "phones": "8 912 345-67-89 ",
    "slashes": "http://",
    "chinese": "电话一二三",
    "ligature": "ﷺ",
    "words": "связаться с вами как ",
    "dots apart": "ok . ",
    "dots in words": "точка ",
    "dots in order": "потом точка ",
    "accounts": "svet_dom в телеграме ",
    "services": "svetdom mail ",
    "invitations": "звоните ",
    "invitations and excuses": "звоните, не звоните ",
    "orders elsewhere": "закажите на сайте ",
    "capitals of two letters": "İ.8-",
    "groups": "8-",
    "networks": "1.2.3.4 ",
    "syllables": "те-ле-фон ",
    "mails": "@mail.ru ",
    "keycaps": "1\ufe0f\u20e3",
    "quotes": "«телефон» ",
    "commas": "а, ",
    "names with numbers": "меня зовут Анна +7 ",
    "words glued": "ваштелефон",
    "parts of names": "1-a",
    "names with hyphens": "-shop",
    "names with underlines": "a_",
    "figures with hyphens": "shop7-",
    "ats in a name": "ат-",
    "dots in a name": "a-точка-",
    "dots between marks": "точка-*",
    "plus and letters": "+v",
    "boxes": "ящик_",
    "endings": "концовка",
    "hollow brackets": "abc()",
    "chinese figures": "一九",
    "chinese phones": "电话一二三三๓",
    "emoji and figures": "😀三٣",
    "foreign figures": "9 »",
    "cards": "2202 2020 2020 2020 , ",
    "networks and markets": "1.2.3.4 озоне ",
    "sites": "www.w:",
    "ellipses": "…",
    "figures in one letter": "Ⅷ",
    "figures in circles": "°①",
    "decimals": "2,5\n",
    "invitations in a line": "加vx\n",
    "markets in a line": "wb*",
    "names and signs": "a@*",
    "questions": "куда — ",
    "questions on the wrong keys": "—ырщз哪里",
    "bans that are none": "запрещено но в ",
    "words for a dot in order": "потом точка домен ",
    "desks": "офис 2-04-18, ",
    "towns": "города 2-04-18 ",
    "figures and commas": "8,9,1,",
    "networks with ports": "1.2.3.4:",
    "requests beside figures": "加微信v1",
}
"""What a message may be made of from its first to its last letter, by what it is."""

ROUSING = (
    "звоните @ собака мейл [.] . точка ru www т т.г тг ур.пош х()y слеш озон почта ящик ",
    "не это мы, ваш отзыв ",
    "звоните 112 скиньте ваш номер, ",
)
"""What makes every rule look at a text, and phrases that look for a sentence's beginning look for it."""

LETTERS: dict[str, Sequence[str]] = {
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщыэюя",
    "Latin": "abcdefghijklmnopqrstuvwxyz",
    "look-alikes": "aeocpxаеосрху0346",
    "ats": ("ат", "эт", "a", "-", "точка", "_", " "),
}
"""What words are made of that nobody has seen before."""


_SCRIPTS = (0x20, 0x600), (0x2000, 0x3000), (0x4E00, 0xA000), (0xFF00, 0xFFF0), (0x1D400, 0x1D800), (0x1F000, 0x1FB00)
CHARACTERS = [chr(code) for block in _SCRIPTS for code in range(*block)]
"""Characters of all scripts in which disguises are written, their marks and signs."""


def jumbled(units: Sequence[str], between: Sequence[str], chance: Random) -> str:
    """Make a text, longer than a message may be, of units in no order and of what stands between them."""
    return "".join(chance.choice(units) + chance.choice(between) for _ in range(4096))


def of_new_words(letters: Sequence[str], chance: Random) -> str:
    """Make a text, longer than a message may be, of words of four letters each."""
    return " ".join("".join(chance.choices(letters, k=4)) for _ in range(1024))
