"""A cabinet as the settings name it: its number, where its Api-Key is kept, and what it allows itself."""

import os
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from worker.errors import OperatorError


class Allowed(BaseModel):
    """What may be written although a rule finds it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: frozenset[Annotated[str, Field(min_length=3)]] = frozenset()
    phones: frozenset[Annotated[str, Field(pattern=r"(\d\D*){5}")]] = frozenset()
    addresses: frozenset[Annotated[str, Field(min_length=1)]] = frozenset()
    phrases: frozenset[Annotated[str, Field(min_length=1)]] = frozenset()


class Cabinet(BaseModel):
    """One seller's cabinet and where its Api-Key is kept; the key itself is never part of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    business_id: Annotated[int, Field(ge=1, lt=2**63)]
    name: str = ""
    # A key that was put here by mistake is refused before it can be shown as a name.
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    api_key_file: Path | None = None
    allowed: Allowed = Allowed()

    @model_validator(mode="after")
    def _one_place_for_the_key(self) -> Self:
        if (self.api_key_env is None) == (self.api_key_file is None):
            raise ValueError("exactly one of api_key_env and api_key_file must be given")
        return self

    @property
    def title(self) -> str:
        """The cabinet as people call it."""
        return f"{self.name} ({self.business_id})" if self.name else str(self.business_id)

    @property
    def key_place(self) -> str:
        """Where the Api-Key is kept."""
        return f"the environment variable {self.api_key_env}" if self.api_key_env else f"the file {self.api_key_file}"

    def read_key(self) -> SecretStr:
        """Read the Api-Key from its place; OperatorError when there is none."""
        if self.api_key_file is not None:
            try:
                key = self.api_key_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is not text"
                raise OperatorError(
                    f"cabinet {self.title}: api_key_file {self.api_key_file} cannot be read ({reason}); "
                    "put the Api-Key there, readable by this user"
                ) from None
        else:
            key = os.environ.get(self.api_key_env or "", "").strip()
        if not key or not key.isascii() or any(c.isspace() for c in key):
            problem = "holds no Api-Key" if not key else "holds something that cannot be an Api-Key"
            raise OperatorError(f"cabinet {self.title}: {self.key_place} {problem}; put the key (ACMA:...) there")
        return SecretStr(key)
