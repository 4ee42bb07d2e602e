"""Child processes of one parent: started, watched, and all ended with it."""

import contextlib
import ctypes
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, TypeVar

logger = logging.getLogger(__name__)

SOON_S = 60.0  # a child that ends sooner after its start than this is in trouble
LONGEST_WAIT_S = 60.0

_T = TypeVar("_T")

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # prctl(2)


def in_a_child(work: Callable[..., _T], *arguments: object) -> _T:
    """Return what `work` returns, or raise what it raises, of a child that takes all it loaded with it when it ends."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        return pool.submit(work, *arguments).result()


@contextlib.contextmanager
def stop_signals() -> Iterator["StopRequest"]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into a request to stop, for as long as the block runs.

    Nothing is interrupted midway: whoever waits asks the request, so that no child is started and then forgotten.
    """
    request = StopRequest()
    before = {
        number: signal.signal(number, request.receive) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class StopRequest:
    """Whether somebody asked this process to stop, and by which signal."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.signal: int | None = None

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal; a handler for `signal.signal`."""
        self.signal = self.signal or number
        self._event.set()

    @property
    def asked(self) -> bool:
        """Whether to stop now."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait that long or until somebody asks to stop; True when to stop."""
        return self._event.wait(seconds)

    @property
    def exit_code(self) -> int:
        """What a shell expects of a process ended by that signal."""
        return 128 + (self.signal or 0)


@dataclass(slots=True)
class Child:
    """A child process and how to start it again; `started_at` is a time of `time.monotonic`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None
    stdin: bytes
    process: subprocess.Popen[bytes]
    started_at: float

    @property
    def log_tail(self) -> str:
        """The last line that the child wrote, for an error."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log and self.log.exists() else []
        return lines[-1].strip() if lines else "it wrote nothing"


class Children:
    """The children of this process, ended in reverse order of their start; a context manager."""

    def __init__(self, grace_s: float = 8.0) -> None:
        self._grace_s = grace_s
        self._children: list[Child] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] = os.environ,
        log: Path | None = None,
        stdin: bytes = b"",
    ) -> Child:
        """Start a child in a session of its own, so that Ctrl-C reaches this process alone.

        `log` takes what it prints (else it goes where ours goes); `stdin` is handed to it whole.
        """
        process = _spawn(command, environment, log, stdin)
        child = Child(name, command, dict(environment), log, stdin, process, time.monotonic())
        self._children.append(child)
        return child

    def dead(self) -> list[Child]:
        """Return the children that have ended by themselves."""
        return [child for child in self._children if child.process.poll() is not None]

    def restart(self, child: Child) -> None:
        """Start a dead child again."""
        _end_group(child.process, signal.SIGKILL)
        child.process = _spawn(child.command, child.environment, child.log, child.stdin)
        child.started_at = time.monotonic()

    def stop(self) -> None:
        """End all children: ask, wait for the grace time, then kill whatever is left of their process groups."""
        for child in reversed(self._children):
            _end_group(child.process, signal.SIGTERM)
            deadline = time.monotonic() + self._grace_s
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            _end_group(child.process, signal.SIGKILL)
            child.process.wait()
        self._children.clear()

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Revival:
    """Starts children again that ended by themselves: at once, or when they keep ending, at growing intervals."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._waits: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def look(self, now: float) -> None:
        """Start again what has ended and whose time has come; `now` is a time of `time.monotonic`."""
        for child in self._children.dead():
            if child.name not in self._due:
                self._due[child.name] = now + self._wait_for(child, now)
            if self._due[child.name] <= now:
                del self._due[child.name]
                self._children.restart(child)

    def _wait_for(self, child: Child, now: float) -> float:
        wait = 0.0
        if now - child.started_at < SOON_S and child.name in self._waits:
            wait = min(LONGEST_WAIT_S, max(1.0, 2 * self._waits[child.name]))
        self._waits[child.name] = wait
        code = child.process.returncode
        logger.error("%s ended by itself with code %s and is started again in %.0f s", child.name, code, wait)
        return wait


def _spawn(
    command: Sequence[str], environment: Mapping[str, str], log: Path | None, stdin: bytes
) -> subprocess.Popen[bytes]:
    with contextlib.ExitStack() as files:
        output: IO[bytes] | None = files.enter_context(log.open("ab")) if log else None
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=_die_with_parent if _LIBC else None,
        )
    if process.stdin:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(stdin)
            process.stdin.close()
    return process


def _die_with_parent() -> None:
    """Ask Linux to end this child when its parent is gone, even by SIGKILL."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
