"""Masking: evidence as it may leave for Sentry or a log, enough to recognise and too little to use."""

from functools import partial

import regex

# Rules whose evidence is itself a contact or an address.
CONTACT_RULES = frozenset({"conversation", "email", "handle", "link", "phone"})

SHOWN_DIGITS = (4, 2)  # of a number: at the start and at the end
_NUMBER = regex.compile(r"[\p{Nd}\p{No}](?:[^\p{L}\p{N}]{0,3}[\p{Nd}\p{No}]){4,}")
_DIGIT = regex.compile(r"[\p{Nd}\p{No}]")
_TOKEN = regex.compile(r"\S+")
# What is glued by these signs is an address, a handle or a link.
_GLUE = regex.compile(r"[@./:\\]")
_LETTER = regex.compile(r"[\p{L}\d]")
_WORD = regex.compile(r"[\p{L}\d]+")

# A name in Latin letters among Russian words, or one with figures or underscores in it, is somebody's.
_NAME = regex.compile(r"(?<![\p{L}\d*])(?=[\w-]*[\d_]|[a-zA-Z])[a-zA-Z\d_-]*[a-zA-Z_][a-zA-Z\d_-]*(?![\p{L}*])")
_FIGURE = regex.compile(r"[\d_]")
_OTHER_SCRIPT = regex.compile(r"[\p{Cyrillic}\p{Han}]")
# Names of places, which tell nobody whom to write to.
_PLACES = frozenset(
    {"aliexpress", "avito", "discord", "email", "facebook", "instagram", "mail", "market", "max", "messenger", "ozon"}
    | {"qr", "skype", "sms", "telegram", "viber", "vk", "wb", "wechat", "whatsapp", "wildberries"}
)
_SPELT_DOMAIN = regex.compile(r"(?P<name>[\w-]+)(?P<rest>\s+(?:точка|dot)\s)", regex.IGNORECASE)
SPELT_DIGITS = 4  # so many digits in words are a number
_SPELT_DIGIT = regex.compile(
    r"\b(?:ноль|нол|нул|один|одн|два|две|дв|три|трё|тре|четыр|пят|шест|сем|восем|восьм|девят|десят|сорок|сто|двест)"
    r"[а-яё]*\b",
    regex.IGNORECASE,
)


def mask(evidence: str, *, gives_contact: bool) -> str:
    """Return evidence with what could be dialled, written to or opened made unreadable.

    "+7 912 345-67-89" becomes "+7 912 ***-**-89". `gives_contact` says that the evidence is itself a contact or a link:
    then, when no digit or sign told what to hide, most of every word is hidden.
    """
    masked = _NUMBER.sub(_mask_number, evidence)
    masked = _TOKEN.sub(_mask_address, masked)
    among_others = _OTHER_SCRIPT.search(evidence) is not None
    masked = _NAME.sub(partial(_mask_name, any_word=among_others), masked)
    masked = _SPELT_DOMAIN.sub(_mask_domain, masked)
    if len(_SPELT_DIGIT.findall(masked)) >= SPELT_DIGITS:
        masked = _SPELT_DIGIT.sub(_mask_word, masked)
    if gives_contact and masked == evidence:
        masked = _WORD.sub(_mask_word, evidence)
    return masked


def _mask_number(match: regex.Match[str]) -> str:
    first, last = SHOWN_DIGITS
    total = len(_DIGIT.findall(match[0]))
    seen = 0

    def hide(digit: regex.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return digit[0] if seen <= min(first, total - 3) or seen > total - last else "*"

    return _DIGIT.sub(hide, match[0])


def _mask_address(match: regex.Match[str]) -> str:
    token = match[0]
    glue = _GLUE.search(token)
    if not glue or not _LETTER.search(token, glue.end()):
        return token
    only_a_masked_number = "*" in token and not regex.search(r"\p{L}", token)
    return token if only_a_masked_number else _WORD.sub(_mask_word, token)


def _mask_name(match: regex.Match[str], *, any_word: bool) -> str:
    name = match[0]
    plain = name.lower() in _PLACES or not (any_word or _FIGURE.search(name))
    return name if plain else _mask_word(match)


def _mask_domain(match: regex.Match[str]) -> str:
    return _WORD.sub(_mask_word, match["name"]) + match["rest"]


def _mask_word(match: regex.Match[str]) -> str:
    shown = 2 if len(match[0]) > 4 else 1
    return match[0][:shown] + "*" * (len(match[0]) - shown)
