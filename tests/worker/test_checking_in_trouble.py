"""Checking when something is wrong: with Market, with a cabinet's key, with a rule."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

import rules
from rules import Finding, Message, RuleError
from tests.waiting import until
from tests.worker.bench import Bench
from worker.market.models import Message as ShopMessage
from worker.store import ChatContext, MessageKey

ASKS = "Напишите ваш номер телефона, перезвоним."
PHONE = "Звоните 8 912 000-11-22"


class TestTrouble:
    @pytest.mark.parametrize(
        ("fault", "reason"),
        [
            ({"status": 500}, "getChatHistory: HTTP 500"),
            ({"status": 503}, "getChatHistory: HTTP 503"),
            ({"status": 423}, "getChatHistory: HTTP 423"),
            ({"delay_s": 2}, "getChatHistory: no answer, ReadTimeout"),
            ({"cut": "before"}, "getChatHistory: no answer"),
            ({"cut": "inside"}, "getChatHistory: HTTP 200"),
            ({"body": "no-json"}, "the body is no JSON"),
            ({"body": "truncated"}, "the body is no JSON"),
            ({"body": "empty"}, "the body is no JSON"),
            ({"body": "null"}, "getChatMessage: HTTP 200"),
            ({"body": "wrong-shape"}, "getChatMessage: HTTP 200"),
            ({"body": "no-json", "status": 502}, "getChatHistory: HTTP 502"),
            ({"body": "no-json", "status": 404}, "getChatHistory: HTTP 404"),
            ({"status": 420}, "Hit rate limit of 4 parallel requests"),
        ],
    )
    def test_at_market_lets_the_message_wait_until_it_is_over(
        self, bench: Bench, fault: dict[str, Any], reason: str
    ) -> None:
        key = bench.market.say(ASKS)
        bench.market.fail(**fault)
        assert bench.check(key) == []
        row = bench.row(key)
        assert row["state"] == "waiting"
        assert reason in row["last_error"]
        assert timedelta(0) < bench.retry_at(key) - bench.clock.now() < timedelta(seconds=5)
        assert bench.take_up() == []
        bench.market.heal()
        bench.clock.forward(seconds=5)
        assert bench.take_up()
        assert bench.row(key)["state"] == "judged"
        assert bench.alarms == []

    def test_however_long_it_lasts_is_no_attempt_and_is_asked_less_and_less_often(self, bench: Bench) -> None:
        key = bench.market.say(ASKS)
        bench.market.fail(status=500)
        delays = []
        for _ in range(12):
            bench.check(key)
            delays.append(bench.retry_at(key) - bench.clock.now())
            bench.clock.ahead += delays[-1]
        assert delays[0] < timedelta(seconds=3)
        assert timedelta(minutes=3) < delays[-1] < timedelta(minutes=7)
        bench.market.heal()
        assert bench.check(key)

    def test_after_a_long_wait_in_line_is_soon_tried_again_and_the_delay_doubles(self, bench: Bench) -> None:
        key = bench.market.say(ASKS)
        bench.store.messages.expect([key], now=bench.clock.now(), due_at=bench.clock.now())
        bench.clock.forward(minutes=4)
        bench.market.fail(status=500)
        assert timedelta(seconds=1) < _delay(bench, key) < timedelta(seconds=3)
        for lasted_s in (8, 16):
            bench.clock.forward(seconds=8)
            assert 0.7 * lasted_s < _delay(bench, key).total_seconds() < 1.3 * lasted_s + 1

    def test_that_is_over_makes_no_later_delay_longer(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        key = bench.market.say(ASKS)
        bench.market.fail(status=500)
        bench.check(key)
        bench.market.heal()
        bench.check(key)
        bench.clock.forward(minutes=4)
        bench.market.fail(status=500)
        monkeypatch.setattr(rules, "RULE_SET", "newer")
        assert _delay(bench, key) < timedelta(seconds=3)

    def test_with_a_told_end_is_none_of_the_message(self, bench: Bench) -> None:
        stopped, spent, paused = (bench.market.say(ASKS) for _ in range(3))
        bench.market.fail(status=401)
        bench.check(stopped)
        bench.market.heal()
        bench.clock.forward(minutes=5)
        bench.market.limit(hourly={"getChatHistory": 0}, period_s=60)
        bench.check(spent, paused)
        for key, reason in ((stopped, "HTTP 401"), (spent, "HTTP 420"), (paused, "HTTP 420")):
            assert reason in bench.row(key)["last_error"]
            assert bench.store.messages.troubled_since(key) is None

    def test_of_a_kind_that_is_our_own_fault_gives_the_message_up_and_tells(self, bench: Bench) -> None:
        key = bench.market.say(ASKS)
        bench.market.fail(status=400)
        bench.check(key)
        assert bench.row(key)["state"] == "failed"
        [alarm] = bench.alarms
        assert alarm.startswith("Market refuses a request of Chatwarden's: getChatHistory: HTTP 400")

    def test_with_the_cabinets_budget_pauses_that_method_until_market_says(self, bench: Bench) -> None:
        keys = [bench.market.say(ASKS) for _ in range(3)]
        bench.market.limit(hourly={"getChatHistory": 1}, period_s=2)
        bench.check(*keys)
        assert [bench.row(key)["state"] for key in keys] == ["judged", "waiting", "waiting"]
        assert sum(bench.market.requests.values()) == 2
        assert "Hit rate limit of '1' requests" in bench.row(keys[2])["last_error"]
        assert bench.retry_at(keys[1]) == bench.retry_at(keys[2])
        pause = bench.store.pauses.find(1, "getChatHistory")
        assert pause is not None
        assert pause.until == bench.retry_at(keys[1])
        assert until(bench.take_up)
        assert bench.store.pauses.find(1, "getChatMessage") is None

    def test_with_the_budget_for_single_messages_reads_histories_instead(self, bench: Bench) -> None:
        keys = [bench.market.say(ASKS)]
        bench.check(keys[0])  # its chat is known from now on
        bench.market.limit(hourly={"getChatMessage": 1}, period_s=60)
        for _ in range(3):
            keys.append(bench.market.say(ASKS, chat_id=keys[0].chat_id))
            bench.check(keys[-1])
        assert [bench.row(key)["state"] for key in keys] == ["judged"] * 4
        assert bench.market.requests == {"getChatHistory": 3, "getChatMessage": 2}

    def test_of_one_cabinet_is_no_trouble_of_another(self, bench: Bench) -> None:
        bench.market.fail(status=401, business_id=1)
        bench.check(bench.market.say(ASKS))
        assert bench.check(MessageKey(2, 1, 1))


class TestStoppedCabinet:
    def test_is_told_once_asked_rarely_and_goes_on_by_itself(self, bench: Bench) -> None:
        keys = [bench.market.say(ASKS) for _ in range(4)]
        bench.market.revoke()
        bench.check(*keys)
        assert {bench.row(key)["state"] for key in keys} == {"waiting"}
        [alarm] = bench.alarms
        assert alarm.startswith("Cabinet 1 is stopped, its key does not work: getChatHistory: HTTP 401")
        assert bench.market.cabinet.api_key not in alarm
        # Each try that fails makes the pause longer, and nobody is told again.
        for minutes in (2, 6, 20):
            bench.clock.forward(minutes=minutes)
            bench.take_up()
        assert len(bench.alarms) == 1
        assert bench.store.figures.status([1])[0].waiting == 4
        bench.market.revoke(revoked=False)
        bench.clock.forward(hours=2)
        assert bench.take_up()
        assert {bench.row(key)["state"] for key in keys} == {"judged"}
        assert bench.store.pauses.find(1, "getChatHistory") is None

    def test_asks_market_once_however_many_messages_wait(self, bench: Bench) -> None:
        keys = [bench.market.say(ASKS) for _ in range(4)]
        bench.market.fail(status=403)
        bench.check(*keys, *keys)
        assert bench.market.requests == {"getChatHistory": 1}

    def test_is_told_again_when_it_stops_again(self, bench: Bench) -> None:
        for _ in range(2):
            bench.market.fail(status=403)
            bench.check(bench.market.say(ASKS))
            bench.market.heal()
            bench.clock.forward(minutes=5)
            bench.take_up()
        assert len(bench.alarms) == 2

    def test_whose_key_cannot_be_read_waits_as_well(self, bench: Bench) -> None:
        keys = [bench.market.say(ASKS) for _ in range(6)]
        bench.unreadable_keys.add(1)
        bench.check(*keys, *keys)
        assert {bench.row(key)["last_error"] for key in keys} == {"cabinet 1: the key cannot be read"}
        assert len(bench.alarms) == 1
        bench.unreadable_keys.clear()
        bench.clock.forward(hours=2)
        assert bench.take_up()

    def test_that_is_not_in_the_settings_waits_without_a_request(self, bench: Bench) -> None:
        key = MessageKey(99, 1, 1)
        assert bench.check(*[key] * 9) == []
        row = bench.row(key)
        assert (row["state"], row["last_error"]) == ("waiting", "cabinet 99 is not in the settings")
        assert bench.market.requests == {}


class TestBrokenJudging:
    def test_is_raised_noted_and_given_up_after_some_attempts(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch, every_log_line: pytest.LogCaptureFixture
    ) -> None:
        key = bench.market.say(PHONE)
        monkeypatch.setattr(rules, "check_chat", _raise(KeyError(PHONE)))
        for _ in range(4):
            with pytest.raises(KeyError):
                bench.check(key)
            row = bench.row(key)
            assert (row["state"], row["last_error"]) == ("waiting", "KeyError while judging")
            assert bench.take_up() == []
            bench.clock.forward(seconds=31)
        assert bench.check(key) == []
        assert (bench.row(key)["state"], bench.row(key)["last_error"]) == ("failed", "KeyError while judging")
        assert bench.alarms == [
            f"Message {key.message_id} of chat {key.chat_id} broke its judging 4 times and is given up"
        ]
        assert f"message 1/{key.chat_id}/{key.message_id} is given up after 4 attempts" in every_log_line.text
        assert "000-11-22" not in every_log_line.text + "".join(bench.alarms)

    def test_over_a_page_of_history_leaves_each_message_to_itself(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = bench.market.say(PHONE)
        page = (ShopMessage(message_id=key.message_id, created_at=bench.clock.now(), sender="PARTNER", text=PHONE),)
        with monkeypatch.context() as patch:
            patch.setattr(rules, "check_chat", _raise(RuleError("phone", "TimeoutError")))
            assert bench.checker.judge_page(key.business_id, key.chat_id, page, ChatContext()) == []
        assert bench.row(key)["state"] == "waiting"
        assert bench.take_up()

    def test_over_one_message_of_a_chat_does_not_hold_up_the_others(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = bench.market.say(PHONE)
        bad = bench.market.say("яд", chat_id=good.chat_id)
        real = rules.check_chat

        def check_chat(messages: Sequence[Message], **more: Any) -> list[Finding]:
            if any(message.text == "яд" for message in messages):
                raise RuleError("phone", "TimeoutError")
            return real(messages, **more)

        monkeypatch.setattr(rules, "check_chat", check_chat)
        assert bench.check(good)
        with pytest.raises(RuleError):
            bench.check(bad)
        assert bench.row(good)["state"] == "judged"
        assert bench.row(bad)["last_error"] == "RuleError while judging"


def _delay(bench: Bench, key: MessageKey) -> timedelta:
    bench.check(key)
    return bench.retry_at(key) - bench.clock.now()


def _raise(error: Exception) -> Any:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken
