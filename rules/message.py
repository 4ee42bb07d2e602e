"""A message as the rules see it."""

from typing import NamedTuple

from rules.finding import Category
from rules.text import Text


class Message(NamedTuple):
    """What somebody wrote in a chat, with the names of the files attached; only PARTNER (the shop) is judged."""

    text: str
    sender: str = "PARTNER"
    file_names: tuple[str, ...] = ()

    @property
    def document(self) -> str:
        """The one string that all offsets point into: the text, then each file name on a line of its own."""
        return "\n".join((self.text, *self.file_names)) if self.file_names else self.text

    def __repr__(self) -> str:
        return f"Message({self.sender}, {len(self.text)} characters, {len(self.file_names)} files)"


class Said(NamedTuple):
    """A message of a chat, read: its place in the chat, who sent it, its text."""

    at: int
    sender: str
    text: Text


class Part(NamedTuple):
    """A stretch of one message of a chat."""

    message: int
    start: int
    end: int


class Told(NamedTuple):
    """What messages of a chat tell together, and what breach that is."""

    parts: list[Part]
    category: Category
