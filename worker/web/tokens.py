"""Who may use the API: bearer tokens by name, compared as hashes and in constant time."""

import base64
import binascii
import hashlib
import hmac
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from worker.errors import OperatorError
from worker.web.settings import WebSettings, read_tokens

logger = logging.getLogger(__name__)


class Caller(NamedTuple):
    """Whose token it was, and whether it may send what the rules flag."""

    name: str
    may_override: bool


class Tokens:
    """The tokens of the settings and of their file, which is read again when it changes: a token taken out is void.

    OperatorError when the file cannot be used at the start.
    """

    def __init__(self, settings: WebSettings) -> None:
        self._own = _hashed(settings.api_tokens)
        self._overriding = frozenset(settings.override_tokens)
        self._path = settings.api_tokens_file
        self._of_file: dict[str, bytes] = {}
        self._read: tuple[int, int] | None = None
        if self._path is not None:
            try:
                self._read_file(self._path)
            except (OSError, ValueError) as error:
                raise OperatorError(f"api_tokens_file {_unusable(self._path, error)}") from None
        if unknown := sorted(self._overriding - {*self._own, *self._of_file}):
            raise OperatorError(f"override_tokens names {unknown[0]!r}, which no token is called; mend one of the two")

    def __len__(self) -> int:
        return len({**self._own, **self._of_file})

    def caller(self, authorization: str | None) -> Caller | None:
        """Return who an Authorization header names, None when its token is not known.

        Bearer, or Basic with the token as password, for browsers.
        """
        given = hashlib.sha256((_token(authorization) or "").encode()).digest()
        self._refresh()
        known: str | None = None
        for name, digest in {**self._own, **self._of_file}.items():
            if hmac.compare_digest(digest, given):  # all are compared: the time tells nothing of which it was
                known = name
        return Caller(known, known in self._overriding) if known else None

    def _refresh(self) -> None:
        if self._path is None:
            return
        try:
            stat = self._path.stat()
            if (stat.st_mtime_ns, stat.st_ino) != self._read:
                self._read_file(self._path)
        except (OSError, ValueError) as error:
            if self._of_file:
                logger.error("its tokens are void: api_tokens_file %s", _unusable(self._path, error))
            self._of_file, self._read = {}, None

    def _read_file(self, path: Path) -> None:
        stat = path.stat()
        self._of_file = _hashed(read_tokens(path.read_text(encoding="utf-8")))
        self._read = stat.st_mtime_ns, stat.st_ino


def _hashed(tokens: Mapping[str, SecretStr]) -> dict[str, bytes]:
    return {name: hashlib.sha256(token.get_secret_value().encode()).digest() for name, token in tokens.items()}


def _token(authorization: str | None) -> str | None:
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def _unusable(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
    if isinstance(error, ValueError) and not isinstance(error, UnicodeDecodeError):
        reason = str(error)
    return f"{path} cannot be used ({reason}); write lines of name:token into it"
