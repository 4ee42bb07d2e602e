"""Sentry away, at its limit or failing at random: every violation is told exactly once in the end."""

import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.reliability.system import System, assert_nothing_lost_or_doubled, running_system
from tests.sentry_sink import SentrySink
from tests.waiting import until


def test_sentry_down_for_the_whole_run(tmp_path: Path, measured: Callable[[str], None]) -> None:
    with _run(tmp_path) as system:
        with system.sink.refusing():
            _judge_all(system)
            assert not system.told()
        _told_once(system, measured)


@pytest.mark.slow
def test_sentry_at_its_limit(tmp_path: Path, measured: Callable[[str], None]) -> None:
    with _run(tmp_path) as system:
        system.sink.answer(429, headers={"Retry-After": "8"})
        _judge_all(system)
        asked = len(system.sink.envelopes)
        system.sink.answer()
        _told_once(system, measured)
        assert asked <= 4 * 5, "a limit was not kept"  # each of four processes may ask once in 8 s


@pytest.mark.slow
def test_sentry_failing_at_random(
    tmp_path: Path, rng: random.Random, monkeypatch: pytest.MonkeyPatch, measured: Callable[[str], None]
) -> None:
    take = SentrySink.take

    def at_random(sink: SentrySink, envelope: bytes) -> tuple[int, Mapping[str, str], dict[str, str]]:
        sink.answer(500 if rng.random() < 0.3 else 200)
        return take(sink, envelope)

    monkeypatch.setattr(SentrySink, "take", at_random)
    with _run(tmp_path) as system:
        _judge_all(system)
        _told_once(system, measured)


def _run(folder: Path) -> AbstractContextManager[System]:
    return running_system(folder, chats=50, messages_a_chat=20)


def _judge_all(system: System) -> None:
    system.enqueue(system.keys)
    until(lambda: system.judged(len(system.keys)), 60)


def _told_once(system: System, measured: Callable[[str], None]) -> None:
    took = system.wait_until_done(len(system.keys), 90)
    measured(f"all told {took:.1f} s after it was back, {system.repeats()} events sent again under their id")
    assert_nothing_lost_or_doubled(system)
