from datetime import UTC, datetime, timedelta

import pytest

from worker.market.rate_limit import RateLimit

HEADERS = {
    "X-RateLimit-Resource-Limit": "1000",
    "X-RateLimit-Resource-Remaining": "7",
    "X-RateLimit-Resource-Until": "Mon, 23 Nov 2026 02:00:00 GMT",
}


@pytest.mark.parametrize(
    "until", ["Mon, 23 Nov 2026 02:00:00 GMT", "Mon, 23 Nov 2026 05:00:00 +0300", "Mon, 23 Nov 2026 02:00:00 -0000"]
)
def test_it_reads_the_three_headers_in_any_time_zone(until: str) -> None:
    rate = RateLimit.from_headers({**HEADERS, "X-RateLimit-Resource-Until": until})

    assert rate is not None
    assert (rate.limit, rate.remaining) == (1000, 7)
    assert rate.until == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert rate.until.tzinfo is not None


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("value", [None, "", "soon"])
def test_it_is_none_when_a_header_is_absent_or_makes_no_sense(name: str, value: str | None) -> None:
    headers = {key: text for key, text in {**HEADERS, name: value}.items() if text is not None}

    assert RateLimit.from_headers(headers) is None


@pytest.mark.parametrize(
    ("ahead_s", "moved_s"), [(0, 0), (4, 0), (-4, 0), (600, 600), (-600, -600), (86_400 * 365, 86_400 * 365)]
)
def test_it_tells_the_end_by_this_machines_clock(ahead_s: int, moved_s: int) -> None:
    date = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    headers = {**HEADERS, "Date": "Mon, 23 Nov 2026 01:30:00 GMT"}

    rate = RateLimit.from_headers(headers, now=date + timedelta(seconds=ahead_s))

    assert rate is not None
    assert rate.until == datetime(2026, 11, 23, 2, tzinfo=UTC) + timedelta(seconds=moved_s)


def test_an_end_beyond_all_time_is_none() -> None:
    headers = {**HEADERS, "X-RateLimit-Resource-Until": "Fri, 31 Dec 9999 23:59:59 GMT"}

    assert RateLimit.from_headers({**headers, "Date": "Mon, 23 Nov 2020 01:30:00 GMT"}) is None


def test_a_date_that_makes_no_sense_is_as_none() -> None:
    assert RateLimit.from_headers({**HEADERS, "Date": "today"}) == RateLimit.from_headers(HEADERS)
