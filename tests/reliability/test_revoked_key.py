"""One cabinet's key is taken back in the middle: the others go on, and the one resumes when the key works."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.reliability.system import assert_nothing_lost_or_doubled, running_system
from tests.waiting import until


def test_a_revoked_key_stops_its_cabinet_alone(tmp_path: Path, measured: Callable[[str], None]) -> None:
    with running_system(tmp_path, cabinets=3, chats=20, messages_a_chat=10) as system:
        others = [key for key in system.keys if key.business_id != system.market.cabinet.business_id]
        halves = [[key for key in system.keys if key.chat_id % 2 == rest] for rest in (0, 1)]
        system.enqueue(halves[0])
        until(lambda: system.judged(1))
        system.market.revoke()
        system.enqueue(halves[1])  # so that the revoked cabinet has some left, however fast the workers are
        began = time.monotonic()
        until(lambda: system.store.messages.settled(others) == len(others), 60)
        slowed = time.monotonic() - began
        until(lambda: bool(system.sink.faults))
        system.market.revoke(revoked=False)
        resumed = system.wait_until_done(len(system.keys), 90)
        measured(f"the others done in {slowed:.1f} s, all {resumed:.1f} s after the key worked again")
        assert len(system.sink.faults) == 1
        assert_nothing_lost_or_doubled(system)
