"""The front of a phone is told from the rest, whichever stands first, and from codes and numbers of other things."""

import pytest

from rules.text import Text
from rules.told_in_two import told_in_two


def told(said: str) -> list[str]:
    return [run.digits for run in told_in_two(Text(said))]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("код 912, номер 345 67 89", ["912", "3456789"]),
        ("код города 8412 номер 204183", ["8412", "204183"]),
        ("8912 это код, остальное 3456789", ["8912", "3456789"]),
        ("номер 3456789, код 912", ["3456789", "912"]),
        ("звоните 345-67-89, впереди 8 912", ["3456789", "8912"]),
        ("начало 891234, конец 56789", ["891234", "56789"]),
    ],
)
def test_front_and_rest_are_found_in_the_order_they_stand_in(said: str, parts: list[str]) -> None:
    assert told(said) == parts


@pytest.mark.parametrize(
    "said",
    [
        "код 912, номер 34567",
        "код 912, номер 3456789 на посылке",
        "код 912, номер 345678 и ещё 9",
        "код подъезда 912, номер 3456789",
        "код 912, ячейка 3456789",
        "посылка 3456789, код 912",
        "начало 8912 руб, остальное 3456789",
    ],
)
def test_what_is_called_otherwise_or_makes_no_number_is_left_alone(said: str) -> None:
    assert not told(said)
