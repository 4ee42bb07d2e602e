"""Secrets that lie in files: `SENTRY_DSN_FILE=/run/secrets/sentry_dsn` says where `SENTRY_DSN` is kept."""

import os
from collections.abc import Iterable
from pathlib import Path

from worker.errors import OperatorError

SUFFIX = "_FILE"


def read_secrets(variables: Iterable[str]) -> dict[str, str]:
    """Read those of the environment variables whose value lies in a file; an empty file counts as none.

    OperatorError when a file cannot be read, or a variable is given both ways.
    """
    found = {}
    for variable in variables:
        path = os.environ.get(variable + SUFFIX)
        if not path:
            continue
        if os.environ.get(variable):
            raise OperatorError(f"both {variable} and {variable}{SUFFIX} are set; remove one of them")
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise OperatorError(
                f"the file {path} that {variable}{SUFFIX} names cannot be read ({reason}); "
                "put the secret there, readable by this user"
            ) from None
        if secret:
            found[variable] = secret
    return found
