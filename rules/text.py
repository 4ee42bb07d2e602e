"""A text and its readings."""

from collections.abc import Collection
from functools import cached_property
from typing import Any


class Text:
    """The original and its canonical views, each made once and only when asked for."""

    def __init__(self, original: str, own_numbers: Collection[str] = ()) -> None:
        self.original = original
        self.own_numbers = own_numbers
        self.found: list[tuple[str, Any]] = []

    @cached_property
    def folded(self) -> str:
        """The original in small letters."""
        return self.original.lower()
