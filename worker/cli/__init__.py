"""The command line.

Exit codes: 0 done; 1 something was found: flagged (`check`), wrong (`doctor`), not read (`sweep`); 2 bad use, settings
or input, with one line on stderr; 128 and the signal's number when stopped by one (130 for Ctrl-C).
"""

import sys
from typing import NoReturn


def main() -> None:
    """Run the command line: what a person must mend is one line on stderr and exit code 2, Ctrl-C no traceback."""
    if sys.stdout is None or sys.stderr is None:
        sys.exit(2)  # nothing could be said
    try:
        from worker.cli.commands import app
        from worker.errors import OperatorError

        try:
            app(prog_name="chatwarden")  # however it was started: shells complete by this name
        except OperatorError as error:
            _say(str(error))
        except OSError as error:
            _say(f"input or output failed ({error.strerror}); see where they lead to")
        except Exception as error:
            from sqlalchemy.exc import OperationalError  # only here: not every process needs a database

            if not isinstance(error, OperationalError):
                raise
            reason = " ".join(str(error.orig).split())
            _say(f"the database cannot be used now ({reason}); see that it is there and not locked, and try again")
    except KeyboardInterrupt:
        sys.exit(130)


def _say(error: str) -> NoReturn:
    print(f"chatwarden: {error}", file=sys.stderr)  # noqa: T201 - this is the place that prints errors
    sys.exit(2)
