import ast
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from celery.exceptions import Reject
from kombu.exceptions import OperationalError

from tests.sandbox_market import Market
from worker import fair_queue, tasks
from worker.app import MESSAGES, app, lists_of, waiting
from worker.market.client import MarketClient
from worker.pipeline import Pipeline
from worker.store import MessageKey, State, Store

GUILTY = "Звоните 8 912 000-11-22"
SHARE = 3  # of a cabinet, as `parallel_requests` has it


@pytest.fixture
def rooms(
    market: Market, queue: redis.Redis, environment: pytest.MonkeyPatch, clients: list[MarketClient]
) -> Iterator[Pipeline]:
    """The rooms that the tasks of this process work in: one cabinet of the sandbox."""
    cabinet = f'[[cabinets]]\nbusiness_id = {market.cabinet.business_id}\napi_key_env = "ONE"\n'
    Path("chatwarden.toml").write_text(f'market_url = "{market.url}"\n{cabinet}')
    environment.setenv("ONE", market.cabinet.api_key)
    tasks._rooms_of.cache_clear()
    rooms = tasks._rooms()
    yield rooms
    rooms.store.close()
    tasks._rooms_of.cache_clear()


def queued(queue: redis.Redis, name: str) -> list[tuple[str, list[Any]]]:
    """Return what waits in a queue: names of tasks and their arguments, live before bulk, first in first."""
    waiting = [task for part in lists_of(name) for task in reversed(queue.lrange(part, 0, -1))]
    found = [json.loads(task)["headers"] for task in waiting]
    return [(task["task"], list(ast.literal_eval(task["argsrepr"]))) for task in found]


def test_a_process_keeps_its_rooms(rooms: Pipeline) -> None:
    assert tasks._rooms() is rooms


class TestCheckMessage:
    def test_hands_what_it_found_on(self, rooms: Pipeline, market: Market, queue: redis.Redis) -> None:
        key = market.say(GUILTY)
        tasks.check_message.apply(args=key, throw=True)
        found = [violation.id for violation in rooms.store.violations.find()]
        assert found
        assert queued(queue, "reports") == [("report_violations", found)]

    def test_of_a_settled_message_does_nothing(self, rooms: Pipeline, market: Market, queue: redis.Redis) -> None:
        key = market.say(GUILTY)
        for _ in range(3):
            tasks.check_message.apply(args=key, throw=True)
        assert sum(len(ids) for _, ids in queued(queue, "reports")) == rooms.store.violations.count()
        assert market.requests == {"getChatHistory": 1}

    def test_is_done_although_redis_is_away_when_it_hands_on(
        self, rooms: Pipeline, market: Market, environment: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> None:
            raise OperationalError("Connection refused")

        environment.setattr(tasks.report_violations, "delay", away)
        tasks.check_message.apply(args=market.say(GUILTY), throw=True)
        assert rooms.store.violations.count_unreported() == rooms.store.violations.count() > 0

    def test_goes_back_to_the_queue_while_the_database_is_lost(
        self, rooms: Pipeline, market: Market, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setattr(tasks, "DATABASE_DELAY_S", 0)
        rooms.store.close()
        for file in Path("chatwarden-data").glob("chatwarden.sqlite*"):
            file.unlink()
        with pytest.raises(Reject) as caught:
            tasks.check_message.run(*market.say(GUILTY))
        assert caught.value.args == ("OperationalError", True)  # back to the queue


class TestReport:
    def test_of_one_violation_is_made_once(
        self, rooms: Pipeline, market: Market, caplog: pytest.LogCaptureFixture
    ) -> None:
        [number, *_] = rooms.checker.check(market.say(GUILTY), owner="a").violations
        for _ in range(2):
            tasks.report_violations.apply(args=(number,), throw=True)
        assert sum(line.startswith("Магазин") for line in caplog.messages) == 1

    def test_of_all_that_is_unreported_is_made_by_the_schedule(self, rooms: Pipeline, market: Market) -> None:
        rooms.checker.check(market.say(GUILTY), owner="a")
        tasks.report_unreported.apply(throw=True)
        assert rooms.store.violations.count_unreported() == 0


class TestTakeUpWaiting:
    KEYS = tuple(MessageKey(1, 1, number) for number in (1, 2, 3))

    def test_queues_what_is_due(self, rooms: Pipeline, queue: redis.Redis) -> None:
        now = datetime.now(UTC)
        rooms.store.messages.expect(self.KEYS, now=now, due_at=now)
        for _ in range(2):
            tasks.take_up_waiting.apply(throw=True)
        assert queued(queue, "messages") == [("check_message", list(key)) for key in self.KEYS]

    def test_adds_nothing_to_a_line_that_is_long(self, rooms: Pipeline, queue: redis.Redis) -> None:
        many = [MessageKey(1, 2, number) for number in range(1, tasks.TAKE_UP_AT_ONCE + SHARE + 1)]
        other = MessageKey(2, 1, 1)
        tasks.enqueue(rooms.store, many)
        now = datetime.now(UTC)
        rooms.store.messages.expect([*self.KEYS, other], now=now, due_at=now)
        tasks.take_up_waiting.apply(throw=True)
        assert queued(queue, "messages")[SHARE:] == [("check_message", list(other))]
        assert waiting(queue, MESSAGES) == len(many) + 1

    def test_goes_on_with_a_line_whose_workers_were_killed(
        self, rooms: Pipeline, queue: redis.Redis, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setattr(fair_queue, "ADMITTED_S", 0)
        keys = [MessageKey(1, 2, number) for number in range(1, SHARE + 2)]
        tasks.enqueue(rooms.store, keys)
        queue.delete(*lists_of("messages"))
        tasks.take_up_waiting.apply(throw=True)
        assert queued(queue, "messages") == [("check_message", list(keys[-1]))]


class TestSweep:
    def test_begins_with_every_cabinet(self, rooms: Pipeline, queue: redis.Redis) -> None:
        tasks.sweep_all.apply(throw=True)
        assert queued(queue, "sweeps") == [("sweep_cabinet", [1])]

    def test_goes_on_step_by_step_until_all_is_judged(
        self, rooms: Pipeline, market: Market, queue: redis.Redis
    ) -> None:
        tasks.sweep_all.apply(throw=True)
        while steps := queued(queue, "sweeps"):
            queue.delete(*lists_of("sweeps"))
            for _, arguments in steps:
                tasks.sweep_cabinet.apply(args=tuple(arguments), throw=True)
        judged = rooms.store.figures.status([1])[0].judged
        assert judged == sum(len(chat.messages) for chat in market.cabinet.chats.values())


def test_enqueuing_keeps_the_ids_in_the_store_and_queues_them(rooms: Pipeline, queue: redis.Redis) -> None:
    keys = [MessageKey(1, 1, number) for number in range(1, tasks.ENQUEUE_AT_ONCE + 11)]
    assert tasks.enqueue(rooms.store, iter(keys)) == len(keys)
    assert waiting(queue, MESSAGES) == len(keys)
    assert rooms.store.figures.status([1])[0].waiting == len(keys)


def test_enqueuing_refuses_what_will_never_be_judged(rooms: Pipeline, queue: redis.Redis) -> None:
    missing, failed, new = (MessageKey(1, 1, number) for number in (1, 2, 3))
    now = datetime.now(UTC)
    rooms.store.messages.expect([missing, failed], now=now, due_at=now)
    rooms.store.messages.miss(missing, reason="HTTP 404")
    rooms.store.messages.fail(failed, reason="HTTP 400")
    refused: list[tuple[MessageKey, State]] = []
    assert tasks.enqueue(rooms.store, [missing, failed, new], refuse=lambda *what: refused.append(what)) == 1
    assert refused == [(missing, State.MISSING), (failed, State.FAILED)]
    assert queued(queue, "messages") == [("check_message", list(new))]


def test_chats_that_moved_are_looked_at(rooms: Pipeline, market: Market, queue: redis.Redis) -> None:
    key = market.say(GUILTY)
    now = datetime.now(UTC)
    rooms.store.hints.note([], {key[:2]: now}, now=now, due_at=now)
    for _ in range(2):
        tasks.look_at_moved.apply(throw=True)
    assert queued(queue, "sweeps") == [("look_at_chat", list(key[:2]))]
    tasks.look_at_chat.apply(args=key[:2], throw=True)
    assert rooms.store.violations.count()


def test_chats_are_not_looked_at_while_many_wait_for_it(rooms: Pipeline, queue: redis.Redis) -> None:
    now = datetime.now(UTC)
    rooms.store.hints.note([], {(1, 1): now}, now=now, due_at=now)
    queue.lpush("sweeps", *["{}"] * tasks.LOOK_AT_ONCE)
    tasks.look_at_moved.apply(throw=True)
    assert queue.llen("sweeps") == waiting(queue, "sweeps") == tasks.LOOK_AT_ONCE


def test_an_audit_goes_step_by_step_and_is_told_at_its_end(rooms: Pipeline, queue: redis.Redis) -> None:
    tasks.audit_all.apply(args=("audit",), throw=True)
    [begun] = queued(queue, "audits")
    run_id, business_id = begun[1]
    for _ in range(9):
        tasks.audit_cabinet.apply(args=(run_id, business_id), throw=True)
    assert len(queued(queue, "audits")) == 1 + 2  # after each of two rounds of the listing
    tasks.go_on_auditing.apply(throw=True)
    [audit] = rooms.store.audits.run(run_id)
    assert audit.told_at
    tasks.delete_old.apply(throw=True)


class TestFairness:
    def test_a_cabinet_with_many_ids_makes_anothers_few_wait_behind_its_share_at_most(
        self, store: Store, queue: redis.Redis
    ) -> None:
        many = [MessageKey(1, 1, number) for number in range(1, 301)]
        few = [MessageKey(2, 1, number) for number in range(1, 4)]
        for keys in (many, few):
            assert tasks.enqueue(store, keys) == len(keys)
        assert waiting(queue, MESSAGES) == 303
        assert queued(queue, "messages") == [("check_message", list(key)) for key in (*many[:SHARE], *few)]

    def test_whose_turn_comes_after_standing_in_line_lets_who_just_came_go_ahead(
        self, rooms: Pipeline, market: Market, queue: redis.Redis
    ) -> None:
        keys = [MessageKey(1, 10**6, number) for number in range(1, SHARE + 2)]  # a chat that Market does not know
        tasks.enqueue(rooms.store, keys)
        queue.delete(*lists_of("messages"))
        tasks.check_message.apply(args=keys[0], throw=True)
        new = MessageKey(2, 1, 1)
        tasks.enqueue(rooms.store, [new])
        assert queued(queue, "messages")[0] == ("check_message", list(new))

    def test_what_was_judged_along_with_another_leaves_the_line(
        self, rooms: Pipeline, market: Market, queue: redis.Redis
    ) -> None:
        keys = [market.say(GUILTY, chat_id=1) for _ in range(SHARE + 5)]
        tasks.enqueue(rooms.store, keys)
        tasks.check_message.apply(args=keys[0], throw=True)
        assert fair_queue.lengths(queue) == {}
        assert market.requests == {"getChatHistory": 1}


def test_the_workers_may_be_asked_before_ids_are_queued(rooms: Pipeline, market: Market, queue: redis.Redis) -> None:
    key = market.say(GUILTY)
    for _ in range(3):
        app.control.inspect(timeout=0.2).active_queues()
        tasks.enqueue(rooms.store, [key])
    assert queued(queue, MESSAGES)[0] == ("check_message", [*key])
