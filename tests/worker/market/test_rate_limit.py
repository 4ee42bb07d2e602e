from datetime import UTC, datetime

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
