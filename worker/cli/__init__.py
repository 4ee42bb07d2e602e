"""The command line. Exit codes: 0 done, 1 something was flagged (`check`), 2 bad use or bad input."""

import sys


def main() -> None:
    """Run the command line: an OperatorError is one line on stderr and exit code 2, Ctrl-C no traceback."""
    try:
        from worker.cli.commands import app
        from worker.errors import OperatorError

        try:
            app()
        except OperatorError as error:
            print(f"chatwarden: {error}", file=sys.stderr)  # noqa: T201 - this is the place that prints errors
            sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
