import itertools
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.waiting import until
from worker.processes import SOON_S, Child, Children, Revival, StopRequest, stop_signals

ROOT = Path(__file__).parents[2]
IGNORE = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(99)"
)


@pytest.fixture
def children() -> Iterator[Children]:
    with Children(grace_s=5) as children:
        yield children


def start(children: Children, code: str, log: Path | None = None, stdin: bytes = b"") -> Child:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return children.start("child", command, log=log, stdin=stdin)


def gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class TestRevival:
    def test_waits_longer_each_time_that_a_child_soon_ends_again(self, children: Children) -> None:
        child = start(children, "")
        revival = Revival(children)
        waited = []
        for _ in range(9):
            child.process.wait()
            before, now = child.process.pid, itertools.count()
            while child.process.pid == before:
                seconds = next(now)
                revival.look(child.started_at + seconds)
            waited.append(seconds)
        assert waited == [0, 1, 2, 4, 8, 16, 32, 60, 60]

    def test_forgets_the_trouble_of_one_that_lived(self, children: Children) -> None:
        child = start(children, "")
        revival = Revival(children)
        for _ in range(5):
            child.process.wait()
            before = child.process.pid
            revival.look(child.started_at + SOON_S + 1)
            assert child.process.pid != before


class TestChildren:
    def test_end_with_the_block(self, children: Children) -> None:
        with Children() as inner:
            child = start(inner, "import time; time.sleep(99)")
            assert inner.dead() == []
        assert child.process.returncode == -signal.SIGTERM

    def test_that_do_not_listen_are_killed_after_the_grace_time(self, tmp_path: Path) -> None:
        with Children(grace_s=0.2) as children:
            child = start(children, IGNORE, tmp_path / "log")
            until(lambda: child.log_tail == "ready")
        assert child.process.returncode == -signal.SIGKILL

    def test_take_their_own_children_with_them(self, tmp_path: Path) -> None:
        code = f"""
            import subprocess, sys, time
            grandchild = subprocess.Popen([sys.executable, "-c", {IGNORE!r}], stdout=subprocess.PIPE)
            grandchild.stdout.readline()
            print(grandchild.pid, flush=True)
            time.sleep(99)
        """
        with Children() as children:
            child = start(children, code, tmp_path / "log")
            until(lambda: child.log_tail.isdigit())
            grandchild = int(child.log_tail)
            assert not gone(grandchild)
        until(lambda: gone(grandchild))

    def test_end_in_reverse_order_of_their_start(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        code = """
            import signal, sys, time
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("end {0}", flush=True)))
            print("begin {0}", flush=True)
            time.sleep(99)
        """
        with Children() as children:
            for name in "abc":
                child = start(children, code.format(name), log)
                until(lambda child=child, name=name: child.log_tail == f"begin {name}")  # type: ignore[misc]
        assert log.read_text().split("\n")[3:6] == ["end c", "end b", "end a"]

    def test_get_their_input_whole_and_leave_their_output_in_the_log(self, children: Children, tmp_path: Path) -> None:
        code = "import sys; text = sys.stdin.read(); print(len(text)); print(text[-5:], file=sys.stderr)"
        child = start(children, code, tmp_path / "log", stdin=b"x" * 200_000 + b"the end")
        assert child.process.wait(30) == 0
        assert (tmp_path / "log").read_text() == "200007\ne end\n"
        assert child.log_tail == "e end"

    def test_that_say_nothing_leave_no_last_words(self, children: Children, tmp_path: Path) -> None:
        child = start(children, "", tmp_path / "log")
        child.process.wait(30)
        assert child.log_tail == start(children, "").log_tail == "it wrote nothing"

    def test_that_die_are_known_and_can_be_started_again(self, children: Children, tmp_path: Path) -> None:
        child = start(children, "print('here', flush=True); exit(3)", tmp_path / "log")
        assert until(children.dead) == [child]
        first = child.process
        children.restart(child)
        assert first.returncode == 3
        assert child.process.pid != first.pid
        assert child.process.wait(30) == 3
        assert (tmp_path / "log").read_text() == "here\nhere\n"

    def test_are_not_reached_by_ctrl_c_on_the_terminal(self, children: Children) -> None:
        child = start(children, "import time; time.sleep(99)")
        assert os.getsid(child.process.pid) == child.process.pid != os.getsid(0)

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
    def test_die_with_a_parent_that_is_killed(self) -> None:
        code = """
            import sys, time
            from worker.processes import Children
            children = Children()
            child = children.start("child", [sys.executable, "-c", "import time; time.sleep(99)"])
            print(child.process.pid, flush=True)
            time.sleep(99)
        """
        command = [sys.executable, "-c", textwrap.dedent(code)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
            assert parent.stdout is not None
            child = int(parent.stdout.readline())
            assert not gone(child)
            parent.kill()
        until(lambda: gone(child))


class TestStopSignals:
    @pytest.mark.parametrize(
        ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str
    )
    def test_become_a_request_to_stop(self, number: int, code: int) -> None:
        before = signal.getsignal(number)
        with stop_signals() as stop:
            assert not stop.wait(0)
            os.kill(os.getpid(), number)
            assert stop.wait(30)
            assert stop.asked
            assert stop.exit_code == code
        assert signal.getsignal(number) is before

    def test_count_by_the_first_of_them(self) -> None:
        with stop_signals() as stop:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGINT):
                os.kill(os.getpid(), number)
            assert stop.exit_code == 143

    def test_that_nobody_sent_are_no_request(self) -> None:
        assert StopRequest().exit_code == 128
