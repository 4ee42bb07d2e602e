"""Numbers beside one another: each phone is found once, and a list of other numbers holds none."""

import pytest

from rules import check


def found(text: str) -> list[str]:
    return [finding.evidence for finding in check(text) if finding.rule == "phone"]


def test_each_of_several_phones_is_found_once() -> None:
    assert found("8 917 204-18-37, 8 926 531-15-67") == ["8 917 204-18-37", "8 926 531-15-67"]


def test_what_goes_on_a_list_of_labelled_numbers_is_no_phone() -> None:
    assert not found("детали 8-917-204-18-37, 8-917-204-18-38")


def test_nor_is_a_piece_of_it_with_what_stands_behind() -> None:
    assert not found("накладные 8911 - 985 - 94 - 66 8911 - 985 - 94 - 65 911) 088) 7706")


def test_a_number_of_another_kind_behind_such_a_list_is_one() -> None:
    assert found("детали 8-917-204-18-37, 8-917-204-18-38, 8-926-531-15-67") == ["8-926-531-15-67"]


@pytest.mark.parametrize(
    "listed",
    [
        ", ".join(str(30 + at % 60) for at in range(200)),
        ", ".join(f"{at % 9},{at * 7 % 10}" for at in range(60)),
        "\n".join(f"арт 45{at:03} - {1000 + 37 * at} руб, {at} шт" for at in range(60)),
    ],
)
def test_a_long_list_of_figures_hides_no_phone_behind_it(listed: str) -> None:
    assert "8 912 345-67-89" in found(f"{listed}. Звоните 8 912 345-67-89")


@pytest.mark.parametrize("told", ["8 912 345-67-89", "912 345 67 89", "8-912-345-6789"])
@pytest.mark.parametrize(
    "listed",
    [
        "\n".join(f"{at * 37 % 90 + 10} {at * 71 % 900 + 100}" for at in range(300)),
        "\n".join(f"{at * 7 % 10},{at * 3 % 10},{at * 9 % 10}" for at in range(400)),
        "\n".join(f"495-{at * 71 % 900 + 100}-{at * 37 % 90 + 10}-45" for at in range(200)),
    ],
)
def test_nor_does_a_list_without_words_hide_one_on_a_line_of_its_own(listed: str, told: str) -> None:
    assert told in found(f"{listed}\n{told}")
    assert told in found(f"{told}\n{listed}")
