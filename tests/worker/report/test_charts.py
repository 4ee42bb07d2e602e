from datetime import date, timedelta

import pytest

from worker.report import charts

DAY = date(2026, 10, 1)
KINDS = {"a": "one", "b": "two"}


def test_days_become_weeks_where_there_are_too_many() -> None:
    for days, weekly in ((30, False), (300, True)):
        drawn, is_weekly = charts.over_time([(DAY, "a")], DAY, DAY + timedelta(days=days), KINDS)
        assert is_weekly is weekly
        assert "<title>" in drawn


def test_every_bar_tells_its_figure() -> None:
    drawn = charts.by_name({"phone": 17, "link": 3})
    assert "<title>phone: 17</title>" in drawn
    assert "<title>link: 3</title>" in drawn


def test_a_long_name_is_cut_and_only_the_longest_bars_are_drawn() -> None:
    drawn = charts.by_name({f"{number:02}{'x' * 40}": number for number in range(1, 30)})
    assert drawn.count("…") >= charts.MOST_BARS
    assert "01xx" not in drawn


@pytest.mark.parametrize(
    "drawn",
    [
        charts.over_time([(DAY, "b")], DAY, DAY, KINDS)[0],
        charts.by_name({"a": 1}),
        charts.by_hour({(6, 23): 2}, ["a", "b", "c", "d", "e", "f", "g"]),
    ],
)
def test_the_page_alone_dresses_them(drawn: str) -> None:
    assert drawn.startswith("<svg")
    for sign in ("<style", "style=", "<script", "href", "<!--", 'id="'):
        assert sign not in drawn
