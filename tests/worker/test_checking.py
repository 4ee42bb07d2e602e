from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

import rules
from rules import Category, Finding, Message, Severity
from tests.worker.bench import Bench
from tests.worker.test_reminders import REMINDER
from worker.checking import Verdict, judge
from worker.store import MessageKey

PHONE = "Звоните 8 912 000-11-22"
CLEAN = "Здравствуйте! Заказ собран, отправим сегодня."


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

    def test_an_id_before_more_than_a_page_is_found_on_a_later_one(self, bench: Bench) -> None:
        first = bench.market.say(PHONE)
        for number in range(100):
            bench.market.say(f"Ответ {number}", chat_id=first.chat_id)
        assert bench.check(first)
        assert bench.market.requests == {"getChatHistory": 2}
        assert bench.store.figures.status([1])[0].judged == 101

    def test_a_history_that_cannot_be_read_does_not_hide_the_message(self, bench: Bench) -> None:
        key = bench.market.say(PHONE)
        bench.market.fail(method="getChatHistory", body="wrong-shape")
        assert bench.check(key)
        assert bench.market.requests == {"getChatHistory": 1, "getChatMessage": 1}


class TestKnownChat:
    def test_a_later_message_costs_one_request_of_its_own(self, bench: Bench) -> None:
        key = bench.market.say(CLEAN)
        assert bench.check(key) == []
        later = bench.market.say(PHONE, chat_id=key.chat_id)
        assert bench.check(later)
        assert bench.market.requests == {"getChatHistory": 1, "getChatMessage": 1}

    def test_the_same_id_fifty_times_is_one_request_and_one_violation(self, bench: Bench) -> None:
        key = bench.market.say(PHONE)
        assert len(bench.check(*[key] * 50)) == len(list(bench.store.violations.find())) > 0
        assert sum(bench.market.requests.values()) == 1


class TestSiblings:
    @pytest.fixture
    def keys(self, bench: Bench) -> list[MessageKey]:
        """Five ids of one chat that wait for their verdicts."""
        first = bench.market.say(CLEAN)
        keys = [first, *(bench.market.say(CLEAN, chat_id=first.chat_id) for _ in range(4))]
        bench.store.messages.expect(keys, now=bench.clock.now(), due_at=bench.clock.now())
        return keys

    def states(self, bench: Bench, keys: list[MessageKey]) -> list[str]:
        return [bench.row(key)["state"] for key in keys]

    def test_that_wait_in_the_chat_are_judged_with_the_asked_one(self, bench: Bench, keys: list[MessageKey]) -> None:
        bench.check(keys[2])
        assert self.states(bench, keys) == ["judged"] * 5
        assert bench.market.requests == {"getChatHistory": 1}
        assert bench.take_up() == []

    def test_wait_with_it_when_market_is_in_trouble(self, bench: Bench, keys: list[MessageKey]) -> None:
        bench.market.fail(status=500)
        bench.check(keys[0])
        assert self.states(bench, keys) == ["waiting"] * 5
        assert {bench.row(key)["last_error"] for key in keys} == {
            "getChatHistory: HTTP 500, INTERNAL_SERVER_ERROR: Fault injected by the sandbox"
        }
        assert sum(bench.market.requests.values()) == 1
        bench.market.heal()
        bench.clock.forward(seconds=5)
        bench.take_up()
        assert self.states(bench, keys) == ["judged"] * 5

    def test_are_missing_with_it_when_market_does_not_know_the_chat(self, bench: Bench) -> None:
        keys = [MessageKey(1, 4_000, number) for number in (1, 2, 3)]
        bench.store.messages.expect(keys, now=bench.clock.now(), due_at=bench.clock.now())
        bench.check(keys[0])
        assert self.states(bench, keys) == ["missing"] * 3
        assert sum(bench.market.requests.values()) == 1

    def test_that_market_does_not_know_are_asked_for_alone(self, bench: Bench, keys: list[MessageKey]) -> None:
        stranger = MessageKey(1, keys[0].chat_id, 10**9)
        bench.store.messages.expect([stranger], now=bench.clock.now(), due_at=bench.clock.now())
        bench.check(keys[0])
        assert self.states(bench, [*keys, stranger]) == ["judged"] * 5 + ["waiting"]
        bench.take_up()
        assert self.states(bench, [stranger]) == ["missing"]

    def test_are_judged_although_market_does_not_know_the_asked_one(self, bench: Bench, keys: list[MessageKey]) -> None:
        stranger = MessageKey(1, keys[0].chat_id, 10**9)
        bench.check(stranger)
        assert self.states(bench, [*keys, stranger]) == ["judged"] * 5 + ["missing"]
        assert bench.market.requests == {"getChatHistory": 1, "getChatMessage": 1}

    def test_are_not_taken_along_again_by_one_that_broke(
        self, bench: Bench, keys: list[MessageKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(rules, "check_chat", _out_of_order)
            with pytest.raises(KeyError):
                bench.check(keys[0])
        assert self.states(bench, keys) == ["waiting"] * 5
        bench.check(keys[0])
        assert self.states(bench, keys)[0] == "judged"
        bench.take_up()
        assert self.states(bench, keys) == ["judged"] * 5


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
        assert asked[-1] == (["здравствуйте", "8", "9", "1", "2"], 2)

    def test_also_when_a_piece_in_the_middle_has_its_verdict(
        self, bench: Bench, asked: list[tuple[list[str], int]]
    ) -> None:
        keys = [bench.market.say("8")]
        keys += [bench.market.say("9", chat_id=keys[0].chat_id)]
        assert bench.check(keys[1]) == []
        keys += [bench.market.say(piece, chat_id=keys[0].chat_id) for piece in "12"]
        now = datetime.now(UTC)
        bench.store.messages.expect([keys[0], *keys[2:]], now=now, due_at=now)
        assert len(bench.check(keys[0])) == 1
        assert asked[-1] == (["8", "9", "1", "2"], 0)

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


def _out_of_order(*_: object, **__: object) -> None:
    raise KeyError
