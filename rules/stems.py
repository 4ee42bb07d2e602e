"""Beginnings of words, looked up by their first letters."""

from rules.first_look import HEAD


class Stems:
    """Beginnings of words, each with its sign."""

    def __init__(self) -> None:
        self.signs: dict[str, str] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, stem: str, sign: str) -> str:
        """Give a stem its sign unless it has one, and return the one it has."""
        if stem not in self.signs:
            lengths = {*self._lengths.get(stem[:HEAD], ()), len(stem)}
            self._lengths[stem[:HEAD]] = sorted(lengths, reverse=True)
        return self.signs.setdefault(stem, sign)

    def find(self, word: str, shortest: int = 0) -> str | None:
        """Give the sign of the longest stem that ``word`` begins with, of those with so many letters."""
        for length in self._lengths.get(word[:HEAD], ()):
            if length >= shortest and (sign := self.signs.get(word[:length])):
                return sign
        return None
