"""The quota, over a real Redis and with real processes."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event

import pytest
import redis

from tests.waiting import until
from worker.market import quota as quotas
from worker.market.errors import NoBudgetError, NoSlotError
from worker.market.quota import HOURLY, Quota
from worker.market.rate_limit import RateLimit

MESSAGE = "getChatMessage"
CONTEXT = multiprocessing.get_context("spawn")


@pytest.fixture
def url(queue: redis.Redis, environment: pytest.MonkeyPatch) -> str:
    """An empty Redis."""
    return os.environ["CHATWARDEN_REDIS_URL"]


@pytest.fixture
def parts() -> Iterator[ExitStack]:
    with ExitStack() as parts:
        yield parts


def opened(parts: ExitStack, url: str, *, bulk: bool = False, patience_s: float = 0.1, parallel: int = 3) -> Quota:
    quota = Quota(url, 7, parallel=parallel, reserve=0.3, bulk=bulk, patience_s=patience_s)
    parts.callback(quota.close)
    return quota


def told(remaining: int, *, limit: int = 1000, seconds: float = 60) -> RateLimit:
    return RateLimit(limit, remaining, datetime.now(UTC) + timedelta(seconds=seconds))


def spend(quota: Quota, said: RateLimit | None = None) -> None:
    with quota.slot(MESSAGE) as slot:
        slot.told = said


class TestSlots:
    def test_are_no_more_than_allowed_and_come_back_with_the_answer(self, url: str, parts: ExitStack) -> None:
        quota = opened(parts, url)
        with (
            quota.slot(MESSAGE),
            quota.slot("getChats"),
            quota.slot(MESSAGE),
            pytest.raises(NoSlotError),
            quota.slot(MESSAGE),
        ):
            pass
        spend(quota)

    def test_come_back_when_a_request_breaks(self, url: str, parts: ExitStack) -> None:
        quota = opened(parts, url, parallel=1)
        for _ in range(3):
            with pytest.raises(ValueError, match="broken"), quota.slot(MESSAGE):
                raise ValueError("broken")

    def test_of_cabinets_are_their_own(self, url: str, parts: ExitStack) -> None:
        other = Quota(url, 8, parallel=1, reserve=0, patience_s=0.1)
        parts.callback(other.close)
        with opened(parts, url, parallel=1).slot(MESSAGE), other.slot(MESSAGE):
            pass

    def test_of_a_killed_holder_come_back_by_themselves(
        self, url: str, parts: ExitStack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        holding = CONTEXT.Event()
        holder = CONTEXT.Process(target=_hold, args=(url, holding))
        holder.start()
        assert holding.wait(30)
        os.kill(holder.pid or 0, signal.SIGKILL)
        holder.join()
        began = time.monotonic()
        spend(opened(parts, url, parallel=1, patience_s=10))
        assert time.monotonic() - began < 3

    def test_are_kept_by_eight_processes_together(self, url: str, queue: redis.Redis) -> None:
        workers = [CONTEXT.Process(target=_work, args=(url,)) for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert [worker.exitcode for worker in workers] == [0] * 8
        assert queue.get("done") == b"160"
        assert int(max(queue.lrange("in flight", 0, -1), key=int)) == 3


class TestBudget:
    def test_told_by_market_is_kept_until_its_end(self, url: str, parts: ExitStack) -> None:
        quota = opened(parts, url)
        said = told(2)
        spend(quota, said)
        spend(quota)
        spend(quota)
        with pytest.raises(NoBudgetError) as refused:
            spend(quota)
        assert refused.value.retry_at
        assert abs(refused.value.retry_at - said.until) < timedelta(seconds=3)

    def test_is_new_when_the_period_is_over(self, url: str, parts: ExitStack) -> None:
        quota = opened(parts, url)
        spend(quota, told(0, seconds=1))
        with pytest.raises(NoBudgetError):
            spend(quota)
        until(lambda: _may(quota))

    def test_of_bulk_work_leaves_a_share_to_live_messages(self, url: str, parts: ExitStack) -> None:
        live, bulk = opened(parts, url), opened(parts, url, bulk=True)
        spend(live, told(300))
        with pytest.raises(NoBudgetError):
            spend(bulk)
        spend(live)

    def test_spent_by_another_program_is_believed(self, url: str, parts: ExitStack) -> None:
        quota = opened(parts, url)
        spend(quota, told(900))
        spend(quota, told(0))
        with pytest.raises(NoBudgetError):
            spend(quota)

    def test_an_old_answer_gives_nothing_back(self, url: str, parts: ExitStack) -> None:
        quota = opened(parts, url)
        early, late = told(5), told(0)
        spend(quota, late)
        with pytest.raises(NoBudgetError):
            spend(quota)
        with opened(parts, url).slot("getChats") as slot:
            slot.told = early  # of another method: no matter
        with pytest.raises(NoBudgetError):
            spend(quota)

    def test_is_counted_by_ourselves_until_market_tells(
        self, url: str, parts: ExitStack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(HOURLY, MESSAGE, 10)
        live, bulk = opened(parts, url), opened(parts, url, bulk=True)
        for _ in range(7):
            spend(bulk)
        with pytest.raises(NoBudgetError):
            spend(bulk)
        for _ in range(3):
            spend(live)
        with pytest.raises(NoBudgetError) as refused:
            spend(live)
        assert refused.value.retry_at
        assert refused.value.retry_at > datetime.now(UTC) + timedelta(minutes=50)


def test_without_redis_nothing_is_sent(parts: ExitStack) -> None:
    quota = opened(parts, "redis://:secret@127.0.0.1:1/0")
    with pytest.raises(NoSlotError) as refused:
        spend(quota)
    assert "Redis" in str(refused.value)
    assert "secret" not in str(refused.value)


def _may(quota: Quota) -> bool:
    try:
        spend(quota)
    except NoBudgetError:
        return False
    return True


def _hold(url: str, holding: Event) -> None:
    quotas.SLOT_S = 1.0
    with Quota(url, 7, parallel=1, reserve=0).slot(MESSAGE):
        holding.set()
        time.sleep(60)


def _work(url: str) -> None:
    """Spend twenty requests, counting in Redis how many are in flight."""
    quota = Quota(url, 7, parallel=3, reserve=0, patience_s=50)
    with redis.Redis.from_url(url) as client:
        for _ in range(20):
            with quota.slot(MESSAGE):
                client.rpush("in flight", client.incr("now"))
                time.sleep(0.02)  # so long that on a busy machine too all slots are held at once
                client.decr("now")
                client.incr("done")
    quota.close()
