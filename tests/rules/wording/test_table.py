"""The file of weights."""

from zlib import crc32

from rules.wording.table import bucket, dumps, loads, rounded


def test_a_bucket_is_the_same_everywhere() -> None:
    assert bucket("wцена", 1000) == crc32("wцена".encode()) % 1000
    assert 0 <= bucket("w\ud800", 7) < 7


def test_it_is_read_as_it_was_written() -> None:
    weights = bytes(range(256))
    assert loads(dumps({"unit": 0.5, "data": "a\nb"}, weights)) == ({"unit": 0.5, "data": "a\nb"}, weights)


def test_five_figures_are_left() -> None:
    assert rounded(0.123456789) == 0.12346
    assert rounded(-12345678.0) == -12346000.0
