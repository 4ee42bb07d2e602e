"""What the doctor says of one thing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class State(StrEnum):
    """How a thing is: well, worth a look, or to be mended before Chatwarden does all its work."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        part: which, in a word.
        said: what was seen, without secrets.
        remedy: how to mend it; empty where all is well.
    """

    part: str
    state: State
    said: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.said}; {self.remedy}" if self.remedy else self.said

    @classmethod
    def ok(cls, part: str, said: str) -> Self:
        """All is well."""
        return cls(part, State.OK, said)

    @classmethod
    def warning(cls, part: str, said: str, remedy: str) -> Self:
        """Chatwarden works, but not as well as it could."""
        return cls(part, State.WARNING, said, remedy)

    @classmethod
    def wrong(cls, part: str, said: str, remedy: str) -> Self:
        """Something is not done until this is mended."""
        return cls(part, State.WRONG, said, remedy)

    @classmethod
    def of_error(cls, part: str, error: Exception) -> Self:
        """What an OperatorError says: its last clause is the remedy."""
        said, _, remedy = str(error).rpartition("; ")
        return cls.wrong(part, said, remedy)
