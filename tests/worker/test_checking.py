from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import rules
from rules import Category, Finding, Message, RuleError, Severity
from tests.sandbox_market import Market
from tests.waiting import until
from tests.worker.bench import Bench, Clock
from tests.worker.test_reminders import REMINDER
from worker import checking
from worker.checking import Verdict, judge
from worker.store import MessageKey, Store

ASKS = "Напишите ваш номер телефона, перезвоним."
PHONE = "Звоните 8 912 000-11-22"
CLEAN = "Здравствуйте! Заказ собран, отправим сегодня."


@pytest.fixture
def bench(store: Store, market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    clock = Clock()
    monkeypatch.setattr(checking, "_now", clock.now)
    bench = Bench(store, market, clock, tmp_path / "store.sqlite")
    yield bench
    bench.close()


class TestVerdict:
    def test_takes_only_violations_for_flagged(self) -> None:
        sign, violation = _finding(severity=Severity.SIGN), _finding()
        assert not Verdict(()).flagged
        assert not Verdict((sign,)).flagged
        assert Verdict((sign, violation)).flagged

    def test_scores_from_nothing_to_certainty(self) -> None:
        assert Verdict(()).score == 0
        assert 0 < Verdict((_finding(confidence=0.4),)).score < Verdict((_finding(confidence=0.9),)).score <= 1

    def test_speaks_the_wanted_language(self) -> None:
        russian, english = (judge([Message(PHONE)], lang=lang).findings[0].reason for lang in ("ru", "en"))
        assert russian != english


def _finding(severity: Severity = Severity.VIOLATION, confidence: float = 0.5, message: int = 0) -> Finding:
    return Finding("phone", Category.CONTACT_OFFER, severity, confidence, 0, 1, "x", "Потому.", message)


class TestFirstLookAtAChat:
    def test_one_request_gives_every_message_of_it_its_verdict(self, bench: Bench) -> None:
        keys = [MessageKey(1, 1, number) for number in bench.market.cabinet.chats[1].messages]
        new = bench.check(keys[0])
        assert bench.check(*keys) == []
        assert bench.market.requests == {"getChatHistory": 1}
        found = list(bench.store.violations.find())
        violation = found[0]
        assert [violation.id for violation in found] == new
        assert {violation.message_id for violation in found} == {keys[-1].message_id}
        assert violation.order_id == bench.market.cabinet.chats[1].order_id
        assert violation.text is not None
        assert violation.text[violation.start : violation.end] == violation.evidence
        assert bench.store.figures.status([1])[0].requests == {"getChatHistory": 1}

    def test_an_id_before_more_than_a_page_is_asked_for_by_itself(self, bench: Bench) -> None:
        first = bench.market.say(PHONE)
        for number in range(100):
            bench.market.say(f"Ответ {number}", chat_id=first.chat_id)
        assert bench.check(first)
        assert bench.market.requests == {"getChatHistory": 1, "getChatMessage": 1}
        assert bench.store.figures.status([1])[0].judged == 101


class TestKnownChat:
    def test_a_later_message_costs_one_request_of_its_own(self, bench: Bench) -> None:
        key = bench.market.say(CLEAN)
        assert bench.check(key) == []
        later = bench.market.say(PHONE, chat_id=key.chat_id)
        assert bench.check(later)
        assert bench.market.requests == {"getChatHistory": 1, "getChatMessage": 1}

    def test_the_same_id_fifty_times_is_one_request_and_one_violation(self, bench: Bench) -> None:
        key = bench.market.say(ASKS)
        assert len(bench.check(*[key] * 50)) == len(list(bench.store.violations.find())) > 0
        assert sum(bench.market.requests.values()) == 1


class TestWhoIsJudged:
    @pytest.mark.parametrize("sender", ["CUSTOMER", "SUPPORT", "MARKET", "ROBOT"])
    def test_the_shop_alone(self, bench: Bench, sender: str) -> None:
        key = bench.market.say(PHONE, sender=sender)
        assert bench.check(key) == []
        row = bench.row(key)
        assert (row["state"], row["sender"], row["text"]) == ("judged", sender, None)
        assert row["file_names"] in (None, "null")

    def test_the_names_of_files_are_judged_like_words(self, bench: Bench) -> None:
        key = bench.market.say(None, file_names=("звоните 8 912 000-11-22.jpg",))
        assert bench.check(key)
        violation = next(bench.store.violations.find())
        assert violation.file_names == ("звоните 8 912 000-11-22.jpg",)

    def test_the_number_of_the_chats_own_order_is_no_phone(self, bench: Bench) -> None:
        text = "Заказ 89120001122 отправлен"
        own = bench.market.say(text, order_id=89120001122)
        later = bench.market.say(text, chat_id=own.chat_id)
        assert bench.check(own, later) == []

    def test_markets_reminder_is_remembered_and_its_words_are_not(self, bench: Bench) -> None:
        key = bench.market.say(REMINDER, sender="MARKET")
        other = bench.market.say("Покупатель открыл спор.", sender="MARKET", chat_id=key.chat_id)
        bench.check(key, other)
        assert len(bench.rows("reminders", *key)) == 1
        assert bench.rows("reminders", *other) == []
        assert bench.row(key)["text"] is None


class TestReadingTogether:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], int]]:
        asked = []

        def check_chat(messages: Sequence[Message], *, since: int, **_: object) -> list[Finding]:
            asked.append(([message.text for message in messages], since))
            whole = "".join(message.text for message in messages[-4:])
            return [_finding(message=len(messages) - 4)] if whole == "8912" else []

        monkeypatch.setattr(rules, "check_chat", check_chat)
        return asked

    def test_what_comes_in_pieces_is_put_together(self, bench: Bench, asked: list[tuple[list[str], int]]) -> None:
        key = bench.market.say("8")
        bench.check(key)
        for piece in ("9", "1"):
            assert bench.check(bench.market.say(piece, chat_id=key.chat_id)) == []
            bench.market.say("а зачем?", sender="CUSTOMER", chat_id=key.chat_id)
        assert len(bench.check(bench.market.say("2", chat_id=key.chat_id))) == 1
        assert asked == [(["8"], 0), (["8", "9"], 1), (["8", "9", "1"], 2), (["8", "9", "1", "2"], 3)]
        [violation] = bench.store.violations.find()
        assert violation.message_id == key.message_id

    def test_also_when_the_pieces_arrive_out_of_order(self, bench: Bench, asked: list[tuple[list[str], int]]) -> None:
        first = bench.market.say("здравствуйте")
        bench.check(first)
        keys = [bench.market.say(piece, chat_id=first.chat_id) for piece in "8912"]
        assert bench.check(keys[3], keys[0], keys[2]) == []
        assert len(bench.check(keys[1])) == 1
        assert asked[-1] == (["здравствуйте", "8", "9", "1", "2"], 0)

    def test_only_so_many_neighbours_are_read_again(self, bench: Bench, asked: list[tuple[list[str], int]]) -> None:
        key = bench.market.say("0")
        bench.check(key)
        for number in range(1, 12):
            bench.check(bench.market.say(str(number), chat_id=key.chat_id))
        assert asked[-1] == ([str(number) for number in range(3, 12)], 8)


class TestMissing:
    def test_a_chat_or_message_that_market_does_not_know_is_final(self, bench: Bench) -> None:
        known = bench.market.say(CLEAN)
        bench.check(known)
        no_chat, no_message = MessageKey(1, 4_000, 1), MessageKey(1, known.chat_id, 10**9)
        bench.check(no_chat, no_message)
        spent = sum(bench.market.requests.values())
        assert bench.check(no_chat, no_message) == []
        assert [bench.row(key)["state"] for key in (no_chat, no_message)] == ["missing", "missing"]
        assert "Can't find chat by id: '4000'" in bench.row(no_chat)["last_error"]
        assert sum(bench.market.requests.values()) == spent
        assert bench.alarms == []


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
            ({"body": "null"}, "getChatHistory: HTTP 200"),
            ({"body": "wrong-shape"}, "getChatHistory: HTTP 200"),
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


def _raise(error: Exception) -> Any:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken
