"""Waiting in tests: by polling, with a deadline that a busy machine can keep."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 30.0

_T = TypeVar("_T")


def until(what: Callable[[], _T], timeout_s: float = PATIENCE_S, *, every_s: float = 0.02) -> _T:
    """Return the first true value of `what`; AssertionError when it stays false for `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while not (value := what()):
        assert time.monotonic() < deadline, f"not within {timeout_s} s"
        time.sleep(every_s)
    return value
