"""The hand-written dialogues that the sandbox's chats are made of: one JSON object a line in `chats/*.jsonl`."""

import json
import re
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError, field_validator, model_validator

# What the builder of a world fills in.
SLOTS = frozenset({"{order}", "{name}", "{shop}", "{manager}"})

_SLOT = re.compile(r"\{\w+\}")


class DialogueError(ValueError):
    """A line of a dialogue file cannot be used; says which and why."""


class Line(BaseModel):
    """One message of a dialogue, `after_s` seconds after the one before; None lets the builder choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: Literal["CUSTOMER", "PARTNER", "MARKET", "SUPPORT"] = Field(alias="from")
    text: str | None = None
    after_s: NonNegativeInt | None = None
    files: tuple[str, ...] = ()

    @field_validator("text")
    @classmethod
    def _known_slots(cls, text: str | None) -> str | None:
        if unknown := sorted(set(_SLOT.findall(text or "")) - SLOTS):
            raise ValueError(f"unknown slot {unknown[0]}; there are {', '.join(sorted(SLOTS))}")
        return text

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.files:
            raise ValueError("a message needs text or files")
        return self


class Dialogue(BaseModel):
    """One chat as a person wrote it; `violates` says whether the shop breaks the chat policy in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    context: Literal["ORDER", "RETURN", "DIRECT"]
    goods: str = Field(min_length=1)
    violates: bool
    messages: tuple[Line, ...] = Field(min_length=1)


def load_dialogues(folder: Traversable | None = None) -> list[Dialogue]:
    """Read all dialogues of a folder, in the order of file names and lines.

    Args:
        folder: where the `*.jsonl` files are; by default the package's own.

    Raises:
        DialogueError: a line is no JSON or no dialogue, or there is no dialogue at all.
    """
    folder = folder or resources.files("worker.sandbox") / "chats"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".jsonl")), key=lambda file: file.name)
    dialogues = [dialogue for file in files for dialogue in _read(file)]
    if not dialogues:
        raise DialogueError(f"no dialogues in {folder}")
    return dialogues


def _read(file: Traversable) -> list[Dialogue]:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    return [_parse(line, f"{file.name} line {number}") for number, line in lines if line.strip()]


def _parse(line: str, place: str) -> Dialogue:
    try:
        return Dialogue.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise DialogueError(f"{place}: no JSON: {error}") from None
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "dialogue"
        raise DialogueError(f"{place}: {where}: {problem['msg']}") from None
