"""Other ways to spell a word: look-alike letters, figures for letters, transliteration, the wrong keyboard, by ear."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, reduce
from itertools import chain, product
from operator import itemgetter

_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[а-яіѕјґ]")
_FIGURE = re.compile("[0-9@$€!|]")
_ONE_SCRIPT = re.compile("[а-я]+|[a-z]+")
_OTHER_LETTERS = re.compile("[^a-zа-я0-9]")
_LOOKS_CYRILLIC = re.compile("[abcehkmoptxy]{4,}")
_COMMON = [*map(ord, "абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz0123456789")]


def _one_after_another(*tables: Mapping[int, int]) -> dict[int, int]:
    """Make one table of letters of several; common ones that stay are in it: to miss one costs more than to find it."""
    letters = {*_COMMON, *chain(*tables)}
    return {letter: reduce(lambda read, table: table.get(read, read), tables, letter) for letter in letters}


_GREEK = str.maketrans("αβεηικμνορτυχωλπ", "abehikmvoptuxwln")  # before all others: Greek looks like either
_LATIN_AS_CYRILLIC = str.maketrans("abcehkmoptxyuirnwgszfvdl", "авсенкмортхуиигпшдѕзфвдл")
_CYRILLIC_AS_LATIN = str.maketrans("авсенкмортхуіѕјгпиьбзш", "abcehkmoptxyisjrnubbew")
_FIGURES_BY_LOOK = str.maketrans("304681!|", "зочбвіии")
_FIGURES_BY_SOUND = str.maketrans("3041657@$€!|", "еоаибстасеии")
_FIGURES_AS_LATIN = str.maketrans("0134578@$€!|", "oieastbaseii")
_SAME_CYRILLIC = str.maketrans("іїѕјґў", "иисйгу")
_PLAIN = _one_after_another(_GREEK, _SAME_CYRILLIC)
_AS_CYRILLIC = [
    _one_after_another(figures, _LATIN_AS_CYRILLIC, _SAME_CYRILLIC) for figures in (_FIGURES_BY_SOUND, _FIGURES_BY_LOOK)
]
_AS_LATIN = _one_after_another(_FIGURES_AS_LATIN, _CYRILLIC_AS_LATIN)

_KEYS = ("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")
_RUSSIAN_KEYS = _one_after_another(str.maketrans(_KEYS[0], _KEYS[1]))
_ENGLISH_KEYS = _one_after_another(str.maketrans(_KEYS[1], _KEYS[0]))

_TURNED_LETTERS = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
_TURNED = str.maketrans("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎunbqdp", "acefghijkmrtvwynuqbpd")

_TABLES = _PLAIN, *_AS_CYRILLIC, _AS_LATIN, _RUSSIAN_KEYS, _ENGLISH_KEYS, _TURNED
READ_OTHERWISE = frozenset("'`").union(map(chr, chain(*_TABLES)))
"""Letters and soft signs that some spelling reads as others, and all common ones."""

# Unstressed vowels sound alike, voiced consonants sound voiceless at the end, signs are forgotten.
_SILENT = "ьъ'"
_SOUNDED = [*zip("оеэыйяёюбвгджзщіїқңғүұөәўҳһ", "аииииииупфктшсшиикнкууоаухх", strict=True)]
_SOUNDS = str.maketrans(dict(_SOUNDED) | dict.fromkeys(_SILENT, ""))
_FIRST_SOUND = dict(zip("оіїґў", "аиигу", strict=True))
_SIBILANT = re.compile("т+с|т*ц")
_TWICE, _REPEATED, _FIRST = re.compile(r"(.)\1"), re.compile(r"(.)\1+"), itemgetter(1)

_SYLLABLES = {
    "shch": "щ",
    "sch": "щ",
    "sh": "ш",
    "ch": "ч",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "yo": "е",
    "yu": "ю",
    "ya": "я",
    "ye": "е",
    "ju": "ю",
    "ja": "я",
    "jo": "е",
    "iy": "ий",
    "yj": "ый",
    "yi": "ый",
    "ph": "ф",
}
_SOUNDED_LETTER = re.compile("[a-z']")
_LETTERS = ("abvgdezijklmnoprstufhcyxwq'", "абвгдезийклмнопрстуфхцыхвкь")
_SOUNDED_LETTERS = str.maketrans(*_LETTERS)
# Schemes write the soft sign as an apostrophe, as j or not at all, and the second half of ``я`` behind i or e.
_SOFT_SIGN, _YOTED = re.compile("['`]|(?<=[mtl])j(?=[sd]|$)"), re.compile("(?<=[dpsv])i(?=a)")
_STREWN, _SHORTEST_STREWN = re.compile(r"\d+"), 6
_SYLLABLE = re.compile("|".join(sorted(_SYLLABLES, key=len, reverse=True)))


def readings(word: str) -> tuple[tuple[str, ...], str]:
    """Read a word in letters that look like its own, as ``both_scripts`` does, and in Cyrillic that sounds like it."""
    heard = to_cyrillic(word)
    if _ONE_SCRIPT.fullmatch(word):
        return _read_latin(word), heard
    if _OTHER_LETTERS.search(word) and (plain := word.translate(_PLAIN)) != word:
        return _read_both(plain, to_cyrillic(plain)), heard
    return _read_both(word, heard), heard


def both_scripts(word: str) -> tuple[str, ...]:
    """Where a word mixes scripts or holds figures: how it reads in Cyrillic letters and how in Latin ones."""
    return readings(word)[0]


def is_of_one_script(word: str) -> bool:
    """Tell a word of small letters, all Russian or all English, that looks like no other."""
    return _ONE_SCRIPT.fullmatch(word) is not None and not _LOOKS_CYRILLIC.fullmatch(word)


def mixes_scripts(word: str) -> bool:
    """Tell whether a word has both Latin and Cyrillic letters."""
    return _LATIN.search(word) is not None and _CYRILLIC.search(word) is not None


def _read_both(word: str, heard: str) -> tuple[str, ...]:
    latin, cyrillic = _LATIN.search(word), not word.isascii() and _CYRILLIC.search(word)
    figure = not word.isalpha() and _FIGURE.search(word)
    if latin and cyrillic:
        as_cyrillic = _AS_CYRILLIC if figure else _AS_CYRILLIC[:1]  # they differ in figures alone
        return *map(word.translate, as_cyrillic), word.translate(_AS_LATIN), heard
    if figure and (latin or cyrillic) and len(word) > 3:
        heard = heard if cyrillic else to_cyrillic(word.translate(_FIGURES_AS_LATIN))
        return *map(word.translate, _AS_CYRILLIC), word.translate(_AS_LATIN), heard
    return _read_latin(word)


def _read_latin(word: str) -> tuple[str, ...]:
    return (word.translate(_LATIN_AS_CYRILLIC),) if _LOOKS_CYRILLIC.fullmatch(word) else ()


def to_cyrillic(word: str) -> str:
    """Transliterate: ``pishite`` reads as ``пишите``."""
    if not _SOUNDED_LETTER.search(word):
        return word
    return _SYLLABLE.sub(_syllable, word).translate(_SOUNDED_LETTERS)


def _syllable(match: re.Match[str]) -> str:
    return _SYLLABLES[match.group()]


def in_latin(heard: str) -> Iterator[str]:
    """Give all that ``to_cyrillic`` may read as Cyrillic letters, and some that it does not."""
    return map("".join, product(*(_spelt_in_latin().get(letter, letter) for letter in heard)))


@cache
def _spelt_in_latin() -> dict[str, list[str]]:
    spelt = {"й": ["y", "i"], "ж": ["j"]}  # as in "iy", "yi", and where j stands for zh
    for latin, letter in chain(_SYLLABLES.items(), zip(*_LETTERS, strict=True)):
        spelt.setdefault(letter, []).append(latin)
    return spelt


def one_scheme(word: str) -> str:
    """Spell a transliterated number word as most do, by whatever scheme: ``devjat'sot`` and ``deviatjsot`` too."""
    if "j" in word or "'" in word or "`" in word:
        word = _SOFT_SIGN.sub("", word)
    return _YOTED.sub("y", word) if "ia" in word else word


def keyboard(word: str) -> str:
    """Read what was typed on the wrong keyboard: ``ntktuhfv`` reads as ``телеграм``."""
    return word.translate(_RUSSIAN_KEYS if word.isascii() else _ENGLISH_KEYS)


def without_figures(word: str) -> str:
    """Leave out figures strewn between the letters: ``п1и2ш3и4`` reads as ``пиши``; any other word stays as it is."""
    if len(word) < _SHORTEST_STREWN:
        return word
    letters, strewn = _STREWN.subn("", word)
    return letters if strewn * 2 >= len(letters) > 3 else word


def mistyped(word: str, *, since: int) -> Iterator[str]:
    """Give a word with one letter left out, from a place on, and with two neighbours in each other's place."""
    for at in range(since, len(word)):
        yield word[:at] + word[at + 1 :]
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def swapped(word: str) -> str:
    """Give a key that is the same for words whose inner letters changed places: ``тлефеон``."""
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]


def turned(word: str) -> list[str]:
    """Read backwards and upside down."""
    if _TURNED_LETTERS.search(word):
        return [word.translate(_TURNED)[::-1]]
    return [word[::-1]] if len(word) > 5 else []


def once(word: str) -> str:
    """Write repeated letters once."""
    return _REPEATED.sub(_FIRST, word) if _TWICE.search(word) else word


def sounds(word: str) -> str:
    """Give a key that is the same for words a hasty hand confuses: ``тилефон``, ``пачту``, ``нумир``."""
    heard = word[1:].translate(_SOUNDS)
    if "тс" in heard or "тц" in heard:
        heard = _SIBILANT.sub("ц", heard)
    return _FIRST_SOUND.get(word[0], word[0]) + once(heard)


def beginnings(heard: Iterable[str]) -> dict[str, int]:
    """Give the two letters with which words may begin that sound like one of these, and how short such words may be."""
    shortest: dict[str, int] = {}
    for sound in sorted(heard, key=len, reverse=True):
        shortest[sound[:2]] = len(sound)
    fewest: dict[str, int] = {}
    for sound, letters in shortest.items():
        for written in _written_beginnings(sound[0], sound[1:]):
            fewest[written] = min(letters, fewest.get(written, letters))
    return fewest


def _written_beginnings(first: str, second: str) -> Iterator[str]:
    firsts = first, *_written(first, _FIRST_SOUND.items())
    seconds = *_spelt(second), *_SILENT, *(_spelt("т") if second == "ц" else ())  # as in "отзыв" and "одзыв"
    return map("".join, product(firsts, seconds))


def _spelt(sound: str) -> list[str]:
    return [sound, *_written(sound, _SOUNDED)]


def _written(sound: str, sounded: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (letter for letter, heard in sounded if heard == sound)
