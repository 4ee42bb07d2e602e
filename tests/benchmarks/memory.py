"""What the processes of `chatwarden up` hold after thousands of messages; Linux alone tells what they share.

    python -m tests.benchmarks.memory [--processes 2] [--chats 150]

PSS: what a process has alone, and its part of what it shares with others, so that the sum is what the machine needs.
"""

import argparse
import tempfile
from pathlib import Path

import psutil

from tests.reliability.system import System, up_in

PATIENCE_S = 300.0
MIB = 1024 * 1024


def held(system: System) -> list[tuple[str, int]]:
    """Return of each process of `chatwarden up` its name and the bytes it needs."""
    return [(_name(process), process.memory_full_info().pss) for process in reversed(system.processes("up"))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--chats", type=int, default=150, help="of 20 messages each")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        up_in(Path(folder), chats=options.chats, worker_processes=options.processes) as system,
    ):
        system.enqueue(system.keys)
        system.wait_until_done(len(system.keys), PATIENCE_S)
        found = held(system)
    for name, size in found:
        print(f"{name:<10} {size / MIB:6.1f} MiB")  # noqa: T201
    print(f"{'all':<10} {sum(size for _, size in found) / MIB:6.1f} MiB")  # noqa: T201


def _name(process: psutil.Process) -> str:
    """Return the command of Chatwarden's that a process runs, else the program."""
    words = process.cmdline()
    return words[-1] if "worker.cli" in words else process.name()


if __name__ == "__main__":
    main()
