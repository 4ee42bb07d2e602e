"""What was worked out before, kept within bounds."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(dict[Key, Value], Generic[Key, Value]):
    """Values by key, each worked out when it is first asked for; once they are too many, all are forgotten.

    To look one up is to look into a dict: ``functools.lru_cache`` also moves what it has found to the front of a list,
    and so touches the memory of its neighbours.
    """

    def __init__(self, work_out: Callable[[Key], Value], most: int = 20_000) -> None:
        super().__init__()
        self._work_out, self._most = work_out, most

    def __missing__(self, key: Key) -> Value:
        value = self._work_out(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value


class KeptShort(Kept[str, Value]):
    """The same by texts, of which those that are long, and hardly ever come again, are worked out each time."""

    def __init__(self, work_out: Callable[[str], Value], longest: int) -> None:
        super().__init__(work_out)
        self._longest = longest

    def __missing__(self, key: str) -> Value:
        return super().__missing__(key) if len(key) <= self._longest else self._work_out(key)
