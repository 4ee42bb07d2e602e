import random
import time
from typing import Any, cast

import pytest
import redis

from tests.benchmarks.simulation.virtual_redis import VirtualRedis
from worker import fair_queue
from worker.fair_queue import admit
from worker.store import MessageKey

SHARE = 3


def keys(business_id: int, count: int, *, first: int = 1) -> list[MessageKey]:
    return [MessageKey(business_id, 10, number) for number in range(first, first + count)]


class TestAdmitting:
    def test_lets_a_cabinet_have_its_share_and_the_next_when_one_leaves(self, queue: redis.Redis) -> None:
        many = keys(1, 5)
        assert admit(queue, 1, share=SHARE, joining=many) == many[:3]
        assert admit(queue, 1, share=SHARE) == []
        assert admit(queue, 1, share=SHARE, leaving=many[1:2]) == many[3:4]
        assert fair_queue.lengths(queue) == {1: 1}
        assert admit(queue, 1, share=SHARE, leaving=many[2:4]) == many[4:]
        assert fair_queue.lengths(queue) == {}

    def test_knows_every_cabinet_apart(self, queue: redis.Redis) -> None:
        admit(queue, 1, share=SHARE, joining=keys(1, 1000))
        assert admit(queue, 2, share=SHARE, joining=keys(2, 2)) == keys(2, 2)
        assert fair_queue.lengths(queue) == {1: 997}

    def test_keeps_the_order_in_which_they_came(self, queue: redis.Redis) -> None:
        one, two = keys(1, 300, first=900), keys(1, 300, first=1)
        came = [*admit(queue, 1, share=SHARE, joining=one), *admit(queue, 1, share=SHARE, joining=two)]
        while following := admit(queue, 1, share=SHARE, leaving=came[-SHARE:]):
            came += following
        assert came == one + two

    def test_lets_nobody_stand_in_line_twice_or_while_at_the_workers(self, queue: redis.Redis) -> None:
        many = keys(1, 5)
        admit(queue, 1, share=SHARE, joining=many)
        assert admit(queue, 1, share=SHARE, joining=many) == []
        assert fair_queue.lengths(queue) == {1: 2}

    def test_takes_out_of_the_line_what_was_done_along_with_another(self, queue: redis.Redis) -> None:
        many = keys(1, 6)
        admit(queue, 1, share=SHARE, joining=many)
        assert admit(queue, 1, share=SHARE, leaving=[many[0], *many[3:5]]) == many[5:]

    def test_lets_a_message_in_again_that_has_left(self, queue: redis.Redis) -> None:
        [one] = admit(queue, 1, share=SHARE, joining=keys(1, 1))
        admit(queue, 1, share=SHARE, leaving=[one])
        assert admit(queue, 1, share=SHARE, joining=[one]) == [one]

    def test_goes_on_when_those_at_the_workers_are_lost(
        self, queue: redis.Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fair_queue, "ADMITTED_S", 0.05)
        many = keys(1, 4)
        admit(queue, 1, share=SHARE, joining=many)
        time.sleep(0.1)
        assert admit(queue, 1, share=SHARE) == many[3:]


def test_the_simulation_admits_as_redis_does(queue: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "ADMITTED_S", 1000.0)
    virtual = cast("Any", VirtualRedis(time.time))
    rng = random.Random(1)
    at_work: list[MessageKey] = []
    for _ in range(300):
        joining = keys(1, rng.randrange(3), first=rng.randrange(1, 60))
        leaving = rng.sample(at_work, rng.randrange(len(at_work) + 1))
        admitted = admit(queue, 1, share=SHARE, joining=joining, leaving=leaving)
        assert admit(virtual, 1, share=SHARE, joining=joining, leaving=leaving) == admitted
        assert fair_queue.lengths(virtual) == fair_queue.lengths(queue)
        at_work = [key for key in at_work if key not in leaving] + admitted
