"""The plans of countries agree with one another, and groups are told from sizes."""

import pytest

from rules.numbering import ABROAD, LIKELY, WITH_CODE, ends_code, is_shaped


@pytest.mark.parametrize("digits", ["375291234567", "998901234567", "37122345678"])
def test_whole_numbers_with_a_code_are_likely(digits: str) -> None:
    assert WITH_CODE.fullmatch(digits)
    assert LIKELY.fullmatch(digits)
    assert ABROAD.fullmatch("00" + digits)
    assert not WITH_CODE.fullmatch(digits[:-1])


@pytest.mark.parametrize("digits", ["89172041837", "9172041837", "73814027198", "901234567", "2125551212"])
def test_numbers_without_one_are_likely_too(digits: str) -> None:
    assert LIKELY.fullmatch(digits)


@pytest.mark.parametrize("sizes", [(11,), (1, 3, 3, 2, 2), (1, 10), (3, 4, 4), (2, 2, 2, 2, 2)])
def test_groups_of_a_number(sizes: tuple[int, ...]) -> None:
    assert is_shaped(sizes)


@pytest.mark.parametrize("sizes", [(2, 4, 3, 2), (6, 5), (1, 4, 4, 2)])
def test_groups_of_no_number(sizes: tuple[int, ...]) -> None:
    assert not is_shaped(sizes)


def test_a_country_code_ends_where_a_group_ends() -> None:
    assert ends_code("998902041837", (3, 2, 3, 2, 2))
    assert not ends_code("375292041837", (12,))
    assert not ends_code("912963953903", (3, 3, 3, 3))
