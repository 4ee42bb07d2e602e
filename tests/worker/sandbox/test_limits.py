from email.utils import parsedate_to_datetime

import pytest

from worker.sandbox.limits import HOURLY, HourlyLimitReachedError, Limits, ParallelLimitReachedError, Quota


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.25

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def until(quota: Quota) -> float:
    return parsedate_to_datetime(quota.headers(1, "getChat")["X-RateLimit-Resource-Until"]).timestamp()


def remaining(quota: Quota, business_id: int = 1, method: str = "getChat") -> int:
    return int(quota.headers(business_id, method)["X-RateLimit-Resource-Remaining"])


@pytest.mark.parametrize("window", ["fixed", "sliding"])
class TestHour:
    def quota(self, window: str, clock: Clock, limit: int = 3) -> Quota:
        return Quota(Limits.model_validate({"window": window, "hourly": {"getChat": limit}}), clock)

    def test_it_ends_with_the_last_request(self, window: str, clock: Clock) -> None:
        quota = self.quota(window, clock)
        for left in (2, 1, 0):
            quota.spend(1, "getChat")
            assert remaining(quota) == left

        with pytest.raises(HourlyLimitReachedError) as caught:
            quota.spend(1, "getChat")

        assert caught.value.message == "Hit rate limit of '3' requests per '1 hour' for resource 'getChat'"
        assert remaining(quota) == 0

    def test_waiting_until_the_time_told_is_enough(self, window: str, clock: Clock) -> None:
        quota = self.quota(window, clock, limit=1)
        quota.spend(1, "getChat")

        clock.now = until(quota)

        quota.spend(1, "getChat")
        assert remaining(quota) == 0

    def test_each_cabinet_and_method_has_its_own(self, window: str, clock: Clock) -> None:
        quota = self.quota(window, clock)
        quota.change(Limits.model_validate({"window": window, "hourly": {"getChat": 5, "getChats": 7}}))

        quota.spend(1, "getChat")

        assert (remaining(quota), remaining(quota, 2), remaining(quota, 1, "getChats")) == (4, 5, 7)

    def test_a_request_can_be_given_back(self, window: str, clock: Clock) -> None:
        quota = self.quota(window, clock)
        quota.spend(1, "getChat")
        quota.give_back(1, "getChat")
        quota.give_back(1, "getChat")

        assert remaining(quota) == 3

    def test_a_method_without_a_limit_has_no_headers(self, window: str, clock: Clock) -> None:
        quota = self.quota(window, clock)

        quota.spend(1, "getChats")
        quota.give_back(1, "getChats")

        assert quota.headers(1, "getChats") == {}


def test_a_fixed_window_begins_anew_as_a_whole(clock: Clock) -> None:
    quota = Quota(Limits(hourly={"getChat": 2}, period_s=60), clock)
    quota.spend(1, "getChat")
    clock.now += 59
    quota.spend(1, "getChat")
    clock.now += 1

    assert remaining(quota) == 2


def test_a_sliding_window_frees_one_request_after_the_other(clock: Clock) -> None:
    quota = Quota(Limits(hourly={"getChat": 2}, period_s=60, window="sliding"), clock)
    quota.spend(1, "getChat")
    clock.now += 59
    quota.spend(1, "getChat")
    clock.now += 1

    assert remaining(quota) == 1
    assert until(quota) == pytest.approx(clock.now + 59, abs=1)


def test_parallel_requests_are_counted_by_cabinet(clock: Clock) -> None:
    quota = Quota(Limits(parallel=2), clock)
    quota.enter(1)
    quota.enter(1)
    quota.enter(2)

    with pytest.raises(ParallelLimitReachedError) as caught:
        quota.enter(1)

    assert caught.value.message == "Hit rate limit of 2 parallel requests for businessId 1"
    quota.leave(1)
    quota.enter(1)


def test_no_limits_refuse_nothing(clock: Clock) -> None:
    quota = Quota(Limits.off(), clock)
    for _ in range(max(HOURLY.values()) + 1):
        quota.enter(1)
        quota.spend(1, "getChatHistory")

    assert quota.headers(1, "getChatHistory") == {}
