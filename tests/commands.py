"""Commands of Chatwarden's as processes of their own."""

import subprocess
import sys
from collections.abc import Mapping

from tests.leaks import assert_no_leak

CHATWARDEN = (sys.executable, "-m", "worker.cli")
COMMAND_S = 120.0


def run_command(
    *arguments: str, environment: Mapping[str, str], stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; AssertionError when it logged what must be in no log."""
    done = subprocess.run(
        [*CHATWARDEN, *arguments],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        check=False,
    )
    assert_no_leak(done.stderr)
    return done
