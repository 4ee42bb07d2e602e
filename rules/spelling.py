"""Other ways to spell a word: look-alike letters, figures for letters, transliteration, the wrong keyboard, by ear."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce

_JUST_ASKED = 64  # a word new to the rules is asked about several times in a row

_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[а-яіѕјґ]")
_FIGURE = re.compile("[0-9@$€!|]")
_ONE_SCRIPT = re.compile("[а-я]+|[a-z]+")
_LOOKS_CYRILLIC = re.compile("[abcehkmoptxy]+")


def _one_after_another(*tables: Mapping[int, int]) -> dict[int, int]:
    """Make one table of letters of several."""
    letters = set().union(*tables)
    return {letter: reduce(lambda read, table: table.get(read, read), tables, letter) for letter in letters}


_GREEK = str.maketrans("αβεηικμνορτυχωλπ", "abehikmvoptuxwln")  # before all others: Greek looks like either
_LATIN_AS_CYRILLIC = str.maketrans("abcehkmoptxyuirnwgs", "авсенкмортхуиигпшдѕ")
_CYRILLIC_AS_LATIN = str.maketrans("авсенкмортхуіѕјгпиьбзш", "abcehkmoptxyisjrnubbew")
_FIGURES_BY_LOOK = str.maketrans("30461!|", "зочбіии")
_FIGURES_BY_SOUND = str.maketrans("3041657@$€!|", "еоаибстасеии")
_FIGURES_AS_LATIN = str.maketrans("0134578@$€!|", "oieastbaseii")
_SAME_CYRILLIC = str.maketrans("іїѕјґў", "иисйгу")
_PLAIN = _one_after_another(_GREEK, _SAME_CYRILLIC)
_AS_CYRILLIC = [
    _one_after_another(figures, _LATIN_AS_CYRILLIC, _SAME_CYRILLIC) for figures in (_FIGURES_BY_SOUND, _FIGURES_BY_LOOK)
]
_AS_LATIN = _one_after_another(_FIGURES_AS_LATIN, _CYRILLIC_AS_LATIN)

_KEYS = ("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить")
_RUSSIAN_KEYS = str.maketrans(_KEYS[0], _KEYS[1])
_ENGLISH_KEYS = str.maketrans(_KEYS[1], _KEYS[0])

_TURNED_LETTERS = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
_TURNED = str.maketrans("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎunbqdp", "acefghijkmrtvwynuqbpd")

# Unstressed vowels sound alike, voiced consonants sound voiceless at the end, signs are forgotten.
_SOUNDS = str.maketrans("оеэыйяёюбвгджзщіїқңғүұөәўҳһ", "аииииииупфктшсшиикнкууоаухх", "ьъ'")
_FIRST_SOUND = str.maketrans("оіїґў", "аиигу")
_SIBILANT = re.compile("т+с|т*ц")
_REPEATED = re.compile(r"(.)\1+")

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
    **dict(zip("abvgdezijklmnoprstufhcyxwq'", "абвгдезийклмнопрстуфхцыхвкь", strict=True)),
}
# Schemes write the soft sign as an apostrophe, as j or not at all, and the second half of ``я`` behind i or e.
_SOFT_SIGN, _YOTED = re.compile("['`]|(?<=[mtl])j(?=[sd]|$)"), re.compile("(?<=[dpsv])i(?=a)")
_STREWN = re.compile(r"\d+")
_SYLLABLE = re.compile("|".join(sorted(map(re.escape, _SYLLABLES), key=len, reverse=True)))


@lru_cache(maxsize=_JUST_ASKED)
def both_scripts(word: str) -> tuple[str, ...]:
    """Where a word mixes scripts or holds figures: how it reads in Cyrillic letters and how in Latin ones."""
    if _ONE_SCRIPT.fullmatch(word):
        return (word.translate(_LATIN_AS_CYRILLIC),) if len(word) > 3 and _LOOKS_CYRILLIC.fullmatch(word) else ()
    return tuple(_read_both(word.translate(_PLAIN)))


def mixes_scripts(word: str) -> bool:
    """Tell whether a word has both Latin and Cyrillic letters."""
    return _LATIN.search(word) is not None and _CYRILLIC.search(word) is not None


def _read_both(word: str) -> Iterator[str]:
    latin, cyrillic, figure = _LATIN.search(word), _CYRILLIC.search(word), _FIGURE.search(word)
    if latin and not cyrillic and _LOOKS_CYRILLIC.fullmatch(word) and len(word) > 3:
        yield word.translate(_LATIN_AS_CYRILLIC)
    if not (latin and cyrillic) and not (figure and (latin or cyrillic) and len(word) > 3):
        return
    if cyrillic or figure:
        yield from map(word.translate, _AS_CYRILLIC)
    yield word.translate(_AS_LATIN)
    if cyrillic:
        yield to_cyrillic(word)
    elif figure:
        yield to_cyrillic(word.translate(_FIGURES_AS_LATIN))


@lru_cache(maxsize=_JUST_ASKED)
def to_cyrillic(word: str) -> str:
    """Transliterate: ``pishite`` reads as ``пишите``."""
    return _SYLLABLE.sub(lambda match: _SYLLABLES[match.group()], word)


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
    letters, strewn = _STREWN.subn("", word)
    return letters if strewn * 2 >= len(letters) > 3 else word


def swapped(word: str) -> str:
    """Give a key that is the same for words whose inner letters changed places: ``тлефеон``."""
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]


def turned(word: str) -> Iterator[str]:
    """Read backwards and upside down."""
    if _TURNED_LETTERS.search(word):
        yield word.translate(_TURNED)[::-1]
    elif len(word) > 5:
        yield word[::-1]


def once(word: str) -> str:
    """Write repeated letters once."""
    return _REPEATED.sub(r"\1", word) if _REPEATED.search(word) else word


@lru_cache(maxsize=_JUST_ASKED)
def sounds(word: str) -> str:
    """Give a key that is the same for words a hasty hand confuses: ``тилефон``, ``пачту``, ``нумир``."""
    heard = word[1:].translate(_SOUNDS)
    if "тс" in heard or "тц" in heard:
        heard = _SIBILANT.sub("ц", heard)
    return word[:1].translate(_FIRST_SOUND) + once(heard)


def first_letters(heard: Iterable[str]) -> frozenset[str]:
    """Give the letters with which words may begin that sound like one of these."""
    firsts = {sound[0] for sound in heard}
    return frozenset(firsts.union(chr(letter) for letter, sound in _FIRST_SOUND.items() if chr(sound) in firsts))
