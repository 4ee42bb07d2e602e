"""The longest beginning of a word gives it its sign; the first sign that a beginning got stays its own."""

import pytest

from rules.stems import Stems


def of_names() -> Stems:
    stems = Stems()
    for stem, sign in (("тел", "t"), ("телег", "m")):
        stems.add(stem, sign)
    return stems


@pytest.mark.parametrize(
    ("word", "sign"), [("телега", "m"), ("телефон", "t"), ("тел", "t"), ("те", None), ("мотель", None)]
)
def test_of_several_beginnings_the_longest_counts(word: str, sign: str | None) -> None:
    assert of_names().find(word) == sign


@pytest.mark.parametrize(("shortest", "sign"), [(3, "m"), (5, "m"), (6, None)])
def test_beginnings_shorter_than_asked_for_do_not_count(shortest: int, sign: str | None) -> None:
    assert of_names().find("телега", shortest) == sign


def test_a_beginning_keeps_its_first_sign() -> None:
    stems = of_names()
    assert stems.add("тел", "x") == "t"
    assert stems.find("телефон") == "t"
