"""Addresses typed on the keys of another alphabet, or written backwards."""

from rules.clues import clue
from rules.hosts import DOT_WORD, PATH
from rules.search import clued, first, opening

_TAILS_FIRST = ("ур", "ur", "moc", "мок", "фр", "ten", "gro", "pohs", "erots", "enilno", "etis", "elpmaxe", "dilavni")
# A Latin name typed on Russian keys, where "ю" is the dot and "." the slash
_TAIL = "(?:сщь|туе|щкп|ырщз|ыещку|ышеу|щтдшту|чня|сдги)"
_MAYBE_TAIL = "(?:кг|ьу|ыг|ля|гя|ин|зкщ|штащ|ещз)"
# Pairs of letters that Russian words do not hold: "годн.до", "вес.кг" are no addresses.
_NOT_RUSSIAN = (
    r"(?:\b[ыьъ]|[аеиоуыэюя][ьъ]|ь[щфыь]|щ[бвгджзклмпстфхцчшщ]|[бвгджзклмнпфхцчшщ]щ|[бвгджзкпхцчшщ]ф|"
    r"ф[бвгджзпхцчшщ]|[дткзпвмшщ]ш[фщк]|[бвгджзклмнпрстфхцчшщ]{5})"
)
_BACKWARDS = clue(_TAILS_FIRST, r"/(?:em\.t|moc\.kv)")
_ENDING = rf"(?<=[а-я\d-]{{2}}.)(?:{_TAIL}|{_MAYBE_TAIL})\b"
_ON_KEYS = clue((), rf"ю{_ENDING}|\.{_ENDING}|е[.ю]ьу|реез|^{_TAIL}\b")

WRONG_KEYS = (
    # ур.пош
    clued(opening(*_TAILS_FIRST, before=r"[\w.]") + r"\.(?=\d*[^\W\d_])[\w-]{4,}(?![\w.-])", by=_BACKWARDS),
    # 77pohs/em.t
    clued(first(r"\w", r"[\w.]") + r"\w{3,}+/(?:em\.t|moc\.kv)(?!\w)", by=_BACKWARDS, rare=r"/(?:em\.t|moc\.kv)"),
    # ырщзюкг, ырщз.кг
    clued(
        rf"(?<![\w.-])(?:[а-я\d-]{{3,}}?ю(?:{_TAIL}|кг|ьу|ыг)|[а-я\d-]{{2,}}\.{_TAIL}|"
        rf"[а-я\d-]{{3,}} {DOT_WORD} {_TAIL}|"
        rf"(?=[а-я\d-]*{_NOT_RUSSIAN})[а-я\d-]{{3,}}?(?:[.ю]| {DOT_WORD} ){_MAYBE_TAIL})(?![\w-])"
        rf"(?:[./]\w[^\s<>\"]*|{PATH})",
        by=_ON_KEYS,
    ),
    # еюьу.ырщз, рееззЖ..ырщзюкг
    clued(r"(?<!\w)(?:е[.ю]ьу(?=[./]|$)\S*|рееззы?\s?[:ж;]\s?[/.]{2}\S+)", by=_ON_KEYS),
)
"""Patterns of such addresses."""
