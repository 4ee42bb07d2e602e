"""Sweeps over a real sandbox: found is what was written, read is only what has moved."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox_market import Market, sandbox_market
from tests.worker.bulk_bench import CHATS, MESSAGES, BulkBench, past_world
from worker import bulk
from worker.bulk import Bulk
from worker.errors import OperatorError
from worker.market.client import MarketClient
from worker.market.errors import NoBudgetError
from worker.store import WHOLE_CABINET, MessageKey, Store
from worker.sweep import Step, Sweeper

SINCE = datetime.now(UTC) - timedelta(days=30)


class Bench(BulkBench):
    """A sweeper of the first cabinet of a sandbox, and the steps it took."""

    def __init__(self, store: Store, market: Market) -> None:
        super().__init__(store, market)
        self.sweeper = Sweeper(store, self.checker, self.bulk)

    def sweep(self, *, since: datetime = SINCE) -> list[Step]:
        return list(self.sweeper.run(self.business_id, owner="a", since=since))

    def step(self, owner: str = "a", *, begin: bool = True) -> Step:
        return self.sweeper.step(self.business_id, owner=owner, since=SINCE, begin=begin)


@pytest.fixture
def bench(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(bulk, "AGAIN_AFTER_S", (0.0, 0.0, 0.0))
    with sandbox_market(past_world()) as market:
        bench = Bench(store, market)
        yield bench
        bench.close()


def test_all_is_found_with_few_requests(bench: Bench) -> None:
    steps = bench.sweep()
    assert [(step.chats, step.read, step.messages, step.done) for step in steps] == [
        (20, 20, 160, False),
        (20, 20, 160, False),
        (5, 5, 40, True),
    ]
    assert bench.judged == CHATS * MESSAGES
    assert bench.store.violations.count() == CHATS
    assert bench.market.requests == {"getChats": 3, "getChatHistory": CHATS}
    [status] = bench.store.figures.status([])
    assert status.requests == bench.market.requests


@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
def test_the_order_of_chats_and_messages_does_not_matter(bench: Bench, order: str) -> None:
    bench.market._post("orders", {"chats": order, "history": order})
    bench.sweep()
    assert bench.judged == CHATS * MESSAGES
    assert bench.store.violations.count() == CHATS


def test_only_what_has_moved_is_read_again_from_the_last_message_on(bench: Bench) -> None:
    bench.sweep()
    said = bench.market.say("Напишите в вотсап", chat_id=3)
    steps = bench.sweep()
    assert sum(step.read for step in steps) == 1
    assert sum(step.messages for step in steps) == 2
    assert bench.store.violations.count() == CHATS + len(bench.violations_of(said)) > CHATS


def test_chats_older_than_asked_are_left_out_and_a_longer_look_back_finds_them(bench: Bench) -> None:
    assert sum(step.read for step in bench.sweep(since=datetime.now(UTC))) == 0
    assert sum(step.read for step in bench.sweep()) == CHATS


def test_a_sweep_goes_on_where_it_was_stopped(bench: Bench) -> None:
    assert not bench.step().done
    bench.step("another process")
    assert bench.judged == 40 * MESSAGES
    assert bench.step("a third one", begin=False).done
    assert bench.market.requests["getChats"] == 3


def test_a_longer_look_back_does_not_go_on_with_a_shorter_one(bench: Bench) -> None:
    bench.step()
    steps = bench.sweep(since=SINCE - timedelta(days=300))
    assert [step.chats for step in steps] == [20, 20, 5]


def test_nothing_is_begun_by_one_that_only_goes_on(bench: Bench) -> None:
    assert bench.step(begin=False) == Step(done=True)
    bench.sweep()
    assert bench.step(begin=False) == Step(done=True)
    assert bench.market.requests["getChats"] == 3


def test_two_at_once_are_one(bench: Bench) -> None:
    now = datetime.now(UTC)
    bench.store.sweeps.claim(bench.business_id, "b", since=SINCE, now=now, lease=timedelta(minutes=1))
    assert bench.step().trouble == "another sweep of this cabinet is under way"
    assert bench.market.requests == {}


def test_a_fault_of_markets_is_asked_again(bench: Bench) -> None:
    bench.market.fail(status=500, count=3)
    assert bench.sweep()[-1].trouble is None
    assert bench.judged == CHATS * MESSAGES


def test_a_market_that_is_down_is_left_alone_for_a_while(bench: Bench) -> None:
    bench.step()
    bench.market.fail(status=500)
    assert "HTTP 500" in (bench.step().trouble or "")
    spent = bench.market.requests
    assert bench.step().trouble
    assert bench.market.requests == spent
    bench.market.heal()
    bench.store.pauses.end(bench.business_id, "getChats")
    bench.sweep()
    assert bench.judged == CHATS * MESSAGES


def test_a_chat_that_cannot_be_read_does_not_end_the_sweep(bench: Bench) -> None:
    bench.market.fail(method="getChatHistory", status=404, count=1)
    bench.sweep()
    assert bench.judged == (CHATS - 1) * MESSAGES
    bench.sweep()
    assert bench.judged == CHATS * MESSAGES


def test_a_key_that_does_not_work_stops_the_cabinet_and_is_told_once(bench: Bench) -> None:
    bench.market.revoke()
    assert "HTTP 401" in (bench.step().trouble or "")
    assert bench.step().done
    assert len(bench.alarms) == 1
    bench.market.revoke(revoked=False)
    now = datetime.now(UTC)
    bench.store.pauses.begin(bench.business_id, WHOLE_CABINET, now=now, until=now, reason="over")
    bench.sweep()
    assert bench.store.pauses.find(bench.business_id, WHOLE_CABINET) is None


def test_a_budget_kept_for_live_messages_stops_the_sweep_and_no_live_message(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept_back(*_: object, **__: object) -> None:
        raise NoBudgetError("getChatHistory", retry_at=datetime.now(UTC) + timedelta(hours=1))

    monkeypatch.setattr(bench.client, "get_chat_history", kept_back)
    assert "getChatHistory" in (bench.step().trouble or "")
    assert bench.store.pauses.find(bench.business_id, "getChatHistory") is None


@pytest.mark.parametrize("client_for", ["none", "no key"])
def test_a_cabinet_without_a_client_is_told(bench: Bench, client_for: str) -> None:
    def no_client(_: int) -> MarketClient | None:
        if client_for == "no key":
            raise OperatorError("the key cannot be read")
        return None

    sweeper = Sweeper(bench.store, bench.checker, Bulk(bench.store, bench.checker, no_client))
    step = sweeper.step(7, owner="a", since=SINCE)
    assert step.done
    assert step.trouble in {"cabinet 7 is not in the settings", "the key cannot be read"}


def test_what_was_begun_before_is_left_to_be_judged_alone(bench: Bench) -> None:
    key = MessageKey(bench.business_id, 3, min(bench.market.cabinet.chats[3].messages) + 1)
    now = datetime.now(UTC) - timedelta(minutes=1)
    lease = timedelta(seconds=1)
    bench.store.messages.claim(key, "killed", rule_set="any", now=now, lease=lease, max_attempts=4)
    bench.sweep()
    assert bench.judged == CHATS * MESSAGES - 1
    assert bench.store.messages.take_due(now=datetime.now(UTC), hold=lease, limit=9) == [key]


def violations_of(bench: Bench, key: MessageKey) -> list[object]:
    return [row for row in bench.store.violations.find() if row.message_id == key.message_id]


class TestLook:
    def test_reads_what_came_since_the_last_reading(self, bench: Bench) -> None:
        bench.sweep()
        judged, spent = bench.judged, bench.market.requests
        key = bench.market.say("Звоните 8 912 000-11-22", chat_id=1)

        assert bench.sweeper.look(bench.business_id, 1) == 2  # and the last one of the reading before

        assert bench.judged == judged + 1
        assert [one.message_id for one in bench.store.violations.find() if one.chat_id == 1][-1] == key.message_id
        assert bench.market.requests == {**spent, "getChatHistory": spent["getChatHistory"] + 1}

    def test_of_a_chat_that_was_never_read_brings_all_of_it(self, bench: Bench) -> None:
        assert bench.sweeper.look(bench.business_id, 2) == MESSAGES
        assert bench.judged == MESSAGES

    def test_spares_the_next_sweep_the_chat(self, bench: Bench) -> None:
        bench.sweeper.look(bench.business_id, 2)
        assert sum(step.read for step in bench.sweep()) == CHATS - 1

    def test_forgets_a_chat_that_is_not_there(self, bench: Bench) -> None:
        now = datetime.now(UTC)
        bench.store.hints.note([], {(bench.business_id, 999): now}, now=now, due_at=now)
        assert bench.sweeper.look(bench.business_id, 999) == 0
        assert bench.store.hints.take_due(now=now, again_after=(), limit=9) == []
        assert bench.store.figures.status([])[0].requests == bench.market.requests

    def test_leaves_a_cabinet_alone_that_is_stopped_or_unknown(self, bench: Bench) -> None:
        bench.market.revoke()
        assert bench.sweeper.look(bench.business_id, 1) == 0
        assert len(bench.alarms) == 1
        bench.market.revoke(revoked=False)
        assert bench.sweeper.look(bench.business_id, 1) == 0
        assert bench.market.requests == {}
        if bench.client:
            bench.client.close()
        bench.client = None
        assert bench.sweeper.look(bench.business_id, 1) == 0
