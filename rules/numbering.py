"""How phones are numbered in each country, and the groups that people write them in."""

import re
from itertools import accumulate

# Country codes people write to buyers of Market, with the figures a whole number has.
_COUNTRIES = {
    "375": 12,
    "380": 12,
    "998": 12,
    "996": 12,
    "992": 12,
    "993": 11,
    "374": 11,
    "994": 12,
    "995": 12,
    "373": 11,
    "371": 11,
    "370": 11,
    "372": 11,
    "90": 12,
    "86": 13,
    "49": 12,
    "44": 12,
    "33": 11,
    "39": 12,
    "48": 11,
    "82": 12,
    "852": 11,
    "971": 12,
    "972": 12,
    "84": 11,
    "66": 11,
    "91": 12,
    "81": 12,
    "34": 11,
    "420": 12,
    "358": 12,
}
_CODES = f"(?:{'|'.join(_COUNTRIES)})"
_CODE = re.compile(_CODES)
SHORTEST, LONGEST = 10, 13
"""Figures of a whole number."""

WITH_CODE = re.compile("|".join(rf"{code}\d{{{size - len(code)}}}" for code, size in _COUNTRIES.items()))
RUSSIAN = re.compile(r"[78][34789]\d{9}")
MOBILE = re.compile(r"9\d{9}")
CITY = re.compile(r"[348]\d{9}")
TRUNK = re.compile(r"0[1-9]\d{8,10}")  # 067 000 12 88, 07700 900 000, 0755 8316 4927: dialled so within the country
ABROAD = re.compile(rf"(?:00|810)(?:7[3489]\d{{9}}|{_CODES}\d{{8,10}})")  # 00 90 212 ..., 8-10-375-29-...
UZBEK = re.compile(r"(?:9[0-57-9]|33|50|55|77|88)\d{7}")
AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
CHINESE = re.compile(r"1[3-9]\d{9}")
_OF_COUNTRIES = (RUSSIAN, MOBILE, CITY, TRUNK, ABROAD, UZBEK, AMERICAN, CHINESE)
_BACKWARDS = r"\d{9}[34789][78]"
LIKELY = re.compile("|".join([*(one.pattern for one in _OF_COUNTRIES), rf"{_CODES}\d{{8,11}}", _BACKWARDS]))
"""Figures that may be a number of some country, or one of Russia written backwards."""

SAID = (1, 3, 3, 2, 2)
"""The groups that a mobile is said in."""
USUAL = {
    SAID,
    (4, 3, 2, 2),
    (1, 3, 3, 4),
    (1, 3, 7),
    (1, 3, 2, 2, 3),
    (1, 3, 2, 3, 2),
    (1, 10),
    (11,),
    (4, 7),
}
_WITH_LONG_GROUP = {
    (1, 10),
    (1, 3, 7),
    (3, 7),
    (1, 4, 6),
    (1, 5, 5),
    (1, 5, 1, 2, 2),
    (1, 5, 3, 2),
    (1, 5, 2, 3),
    (5, 3, 3),
    (5, 2, 2, 2),
    (5, 6),
    (4, 7),
    (4, 6),
    (5, 3, 2, 2),
    (5, 3, 4),
    (5, 7),
    (7, 4),
    (7, 2, 2),
    (5, 2, 3, 2, 2),
    (5, 3, 3, 2, 2),
}
_WITH_MIDDLE_FOUR = {
    (3, 4, 3),
    (1, 3, 4, 3),
    (3, 4, 4),
    (2, 3, 4, 4),
    (2, 4, 4),
    (1, 4, 2, 2, 2),
    (2, 2, 4, 4),
    (4, 4, 4),
}
OF_UZBEK = (2, 3, 2, 2)
OF_AMERICAN = {(3, 3, 4), (1, 3, 3, 4)}
OF_CITY = {(4, 2, 2, 2), (3, 3, 2, 2)}
LONG = 4
"""Figures of a group that few numbers have a longer one than."""


def is_shaped(sizes: tuple[int, ...]) -> bool:
    """Tell groups that some number is written in."""
    if len(sizes) == 1:
        return True
    if LONG in sizes[1:-1] and sizes not in _WITH_MIDDLE_FOUR:
        return False
    return max(sizes) <= LONG or sizes in _WITH_LONG_GROUP


def ends_code(digits: str, sizes: tuple[int, ...]) -> bool:
    """Tell whether the code of a country ends where a group ends."""
    code = _CODE.match(digits)
    return code is not None and code.end() in accumulate(sizes)
