from datetime import UTC, datetime, timedelta

import pytest

from worker.cli.times import point_in_time
from worker.errors import OperatorError


def test_nothing_given_is_no_time() -> None:
    assert point_in_time("since", None) is None


@pytest.mark.parametrize(
    ("given", "ago"),
    [
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("12h", timedelta(hours=12)),
        ("30d", timedelta(days=30)),
    ],
)
def test_an_age_counts_back_from_now(given: str, ago: timedelta) -> None:
    before = datetime.now(UTC)
    time = point_in_time("since", given)
    assert time
    assert before <= time + ago <= datetime.now(UTC)


def test_an_age_beyond_all_messages_is_still_a_date() -> None:
    time = point_in_time("since", "999999d")
    assert time
    assert time.year < 2000


def test_a_full_time_keeps_its_zone_and_a_date_is_this_machines() -> None:
    assert point_in_time("since", "2026-10-01T09:00+03:00") == datetime(2026, 10, 1, 6, tzinfo=UTC)
    assert point_in_time("since", "2026-10-01") == datetime(2026, 10, 1).astimezone()


@pytest.mark.parametrize("given", ["", "yesterday", "30", "d30", "30 d", "1234567d", "2026-13-01", "-5d"])
def test_anything_else_is_refused_with_the_option_and_an_example(given: str) -> None:
    with pytest.raises(OperatorError, match=r"^--until .* is no time; write 30d, 12h or 2026-10-01T09:00$"):
        point_in_time("until", given)
