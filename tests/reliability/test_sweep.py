"""A sweep over a whole history: few requests, flat memory."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.commands import CHATWARDEN
from tests.reliability.system import System, running_system

GROWTH_BYTES = 20 * 1024**2
WARM = 0.1  # of the messages, after which memory must no longer grow


@pytest.mark.parametrize(
    ("chats", "messages"), [(60, 100), pytest.param(500, 200, marks=pytest.mark.slow)], ids=["6,000", "100,000"]
)
def test_a_sweep_reads_many_messages_a_request_in_flat_memory(
    tmp_path: Path, measured: Callable[[str], None], chats: int, messages: int
) -> None:
    count = chats * messages
    with running_system(tmp_path, chats=chats, messages_a_chat=messages, start=[]) as system:
        memory = _Memory(system, WARM * count)
        began = time.monotonic()
        system.start("sweep", *CHATWARDEN, "sweep")
        memory.watch(system.processes("sweep")[-1])
        took = time.monotonic() - began
        a_request = count / system.requests()
        growth = memory.growth / 1024**2
        measured(f"{count} messages in {took:.0f} s, {a_request:.0f} a request, memory grew by {growth:.1f} MiB")
        assert system.judged(count)
        assert a_request >= 60
        assert memory.growth < GROWTH_BYTES


class _Memory:
    """How much a process's memory grows once it is warm."""

    def __init__(self, system: System, warm: float) -> None:
        self._system = system
        self._warm = warm
        self._first = 0
        self.growth = 0

    def watch(self, process: psutil.Process) -> None:
        """Look at a process until it ends."""
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            resident = process.memory_info().rss
            if not self._first and self._system.judged(int(self._warm)):
                self._first = resident
            if self._first:
                self.growth = max(self.growth, resident - self._first)
            threading.Event().wait(0.5)
