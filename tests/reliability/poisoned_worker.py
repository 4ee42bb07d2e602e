"""A worker whose judging of one text kills its process: `python -m tests.reliability.poisoned_worker worker`."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rules
from worker import checking
from worker.checking import Verdict
from worker.cli import main

POISON = "яд"
BEGUN = "POISON_BEGUN"  # the environment variable that names a file: a byte for every time

_judge = checking.judge


def judge(messages: Sequence[rules.Message], **options: Any) -> Verdict:
    """Judge, or die of the poison."""
    if any(message.text == POISON for message in messages):
        with Path(os.environ[BEGUN]).open("ab") as begun:
            begun.write(b".")
        os.kill(os.getpid(), signal.SIGKILL)
    return _judge(messages, **options)


if __name__ == "__main__":
    checking.judge = judge
    main()
