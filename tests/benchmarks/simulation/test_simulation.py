"""A tiny day: what must hold of every one."""

from collections import Counter

import pytest

from tests.benchmarks.simulation import day
from tests.benchmarks.simulation.__main__ import simulate
from tests.benchmarks.simulation.day import Burst
from tests.benchmarks.simulation.workers import SHARE, Costs, Workers
from worker.sandbox.limits import HOURLY

COSTS = Costs(transport=0.002, check=0.01, message=0.001, settled=0.003, market=0.1)
DAILY = day.sizes(12, 12_000)
BURST = Burst(day.BEGIN + day.PEAK * day.HOUR_S + 600.0, 1, 600)
SMALL = 12


def busiest_hour(processes: int, *, seed: int = 1, bursts: tuple[Burst, ...] = (BURST,)) -> Workers:
    return simulate(DAILY, COSTS, processes, hours=[day.PEAK], seed=seed, bursts=bursts)


@pytest.fixture(scope="module")
def workers() -> Workers:
    return busiest_hour(4)


def p95(workers: Workers) -> float:
    return sorted(workers.verdict_after)[int(len(workers.verdict_after) * 0.95)]


def test_every_message_gets_one_verdict(workers: Workers) -> None:
    written = Counter(key[0] for key, ids in workers.market.chats.items() for _ in ids)
    assert Counter(workers.cabinet) == written
    assert written.total() == pytest.approx(12_000 * day.CURVE[day.PEAK] / sum(day.CURVE) + BURST.messages, abs=1)


def test_markets_limits_are_kept(workers: Workers) -> None:
    assert workers.market.limited == 0
    assert workers.market.most_in_flight == SHARE
    for (_, method, _), spent in workers.market.requests.items():
        assert spent <= HOURLY[method]


def test_a_cabinet_that_needs_more_than_market_allows_waits_alone() -> None:
    many = Burst(BURST.at, 1, HOURLY["getChatMessage"] + HOURLY["getChatHistory"])
    workers = busiest_hour(4, bursts=(many,))
    assert workers.market.limited == 0
    others = [one.seconds for one in workers.delays if one.business_id != 1]
    assert sorted(others)[int(len(others) * 0.95)] < 1


def test_more_processes_are_no_slower() -> None:
    few, some, many = (p95(busiest_hour(processes)) for processes in (1, 2, 8))
    assert few > some >= many


def test_a_small_cabinet_waits_hardly_longer_beside_a_huge_one(workers: Workers) -> None:
    alone = simulate(DAILY, COSTS, 4, hours=[day.PEAK], seed=1, only=SMALL)
    beside = [one.seconds for one in workers.delays if one.business_id == SMALL and one.arrived_at > BURST.at]
    assert max(beside) <= 2 * max(alone.verdict_after)


def test_the_same_seed_gives_the_same_day(workers: Workers) -> None:
    assert busiest_hour(4).verdict_after == workers.verdict_after
    assert busiest_hour(4, seed=2).verdict_after != workers.verdict_after
