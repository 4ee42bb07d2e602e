"""Audits over a real sandbox: what Market's history holds is what adds up."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from rules import Message, RuleError
from tests.sandbox_market import Market, sandbox_market
from tests.worker.bulk_bench import CHATS, MESSAGES, BulkBench, past_world
from worker import bulk, checking
from worker.audit import auditor as auditing
from worker.audit.auditor import Auditor, Period, Step
from worker.audit.outcome import CabinetOutcome, gather
from worker.store import FoundViolation, JudgedMessage, MessageKey, Reading, Store, UnderWayError

NOW = datetime.now(UTC)
MONTH = Period(NOW - timedelta(days=30), NOW + timedelta(days=1), "a month")
REMINDER = (
    "Пожалуйста, не запрашивайте у покупателей контакты, не присылайте ссылки на другие сайты. Мы видим переписку и "
    "скрываем товары с витрины, когда правила общения в чатах нарушаются."
)


class Bench(BulkBench):
    """An auditor of the first cabinet of a sandbox."""

    def __init__(self, store: Store, market: Market) -> None:
        super().__init__(store, market)
        self.auditor = Auditor(store, self.checker, self.bulk)

    def open(self, period: Period = MONTH) -> str:
        return self.auditor.open([self.business_id], period)

    def step(self, run_id: str, owner: str = "a") -> Step:
        return self.auditor.step(run_id, self.business_id, owner=owner)

    def audit(self, period: Period = MONTH, *, owner: str = "a") -> CabinetOutcome:
        run_id = self.open(period)
        for _ in self.auditor.run(run_id, self.business_id, owner=owner):
            pass
        return self.outcome(run_id)

    def outcome(self, run_id: str) -> CabinetOutcome:
        [cabinet] = gather(self.store, run_id, lambda _: "").cabinets
        return cabinet


@pytest.fixture
def bench(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(bulk, "AGAIN_AFTER_S", (0.0, 0.0, 0.0))
    monkeypatch.setattr(auditing, "POLL_S", 0.01)
    monkeypatch.setattr(auditing, "PATIENCE_S", 0.0)
    with sandbox_market(past_world()) as market:
        bench = Bench(store, market)
        yield bench
        bench.close()


def test_all_that_market_holds_adds_up(bench: Bench) -> None:
    found = bench.audit()
    assert found.whole
    assert found.sums == (CHATS, CHATS * MESSAGES, CHATS * MESSAGES // 2)
    assert found.judged == found.sums.partner_messages
    assert len(found.violations) == CHATS
    assert found.not_judged == []


def test_what_was_swept_before_is_held_against_market_again(bench: Bench) -> None:
    bench.audit()
    requests = bench.market.requests
    assert bench.audit(Period(MONTH.since, MONTH.until, "once more")).judged == CHATS * MESSAGES // 2
    assert bench.market.requests == {name: 2 * count for name, count in requests.items()}


def test_messages_outside_the_period_are_judged_and_not_counted(bench: Bench) -> None:
    long_ago, before = NOW - timedelta(days=40), NOW - timedelta(days=2)
    chat = bench.market.say("Давно", created_at=long_ago.isoformat()).chat_id
    bench.market.say("Недавно", chat_id=chat, created_at=before.isoformat())
    bench.market.say("Потом", chat_id=chat)
    found = bench.audit(Period(NOW - timedelta(days=30), NOW - timedelta(days=1), "some days"))
    assert found.sums == (1, 1, 1)
    assert found.judged == 1


@pytest.mark.parametrize("status", ["FINISHED", "WAITING_FOR_ARBITER"])
def test_finished_chats_are_read_too(bench: Bench, status: str) -> None:
    for chat in bench.market.cabinet.chats.values():
        chat.status = status
    assert bench.audit().sums.chats == CHATS


def test_a_chat_that_moves_while_it_is_listed_is_not_lost(bench: Bench) -> None:
    bench.market._post("orders", {"chats": "newest_first"})
    run_id = bench.open()
    bench.step(run_id)
    bench.market.say("Здравствуйте", chat_id=1)  # from a later page to the first one
    while not bench.step(run_id).done:
        pass
    assert bench.outcome(run_id).sums.chats == CHATS


def test_an_audit_that_was_stopped_goes_on_where_it_was(bench: Bench) -> None:
    whole = bench.audit(Period(MONTH.since, MONTH.until, "another"))
    run_id = bench.open()
    for _ in range(7):
        bench.step(run_id, "killed")
    read_by_then = bench.store.audits.progress(run_id, bench.business_id)[0]
    spent = bench.market.requests["getChatHistory"]
    assert 0 < read_by_then < CHATS
    found = bench.audit(owner="started again")
    assert bench.market.requests["getChatHistory"] - spent == CHATS - read_by_then
    assert (found.sums, found.judged, found.violations) == (whole.sums, whole.judged, whole.violations)


def test_another_rule_set_begins_anew(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = bench.open()
    bench.step(run_id)
    monkeypatch.setattr(bench.checker, "rule_set", lambda _: "newer")
    assert bench.open() != run_id


class TestTwoAtOnce:
    def test_are_refused_when_asked_in_other_words(self, bench: Bench) -> None:
        run_id = bench.open()
        bench.store.audits.claim(run_id, bench.business_id, "b", now=NOW, lease=timedelta(days=2))
        with pytest.raises(UnderWayError, match=f"an audit of cabinet {bench.business_id} is under way since 20"):
            bench.open(Period(MONTH.since, MONTH.until, "other words"))

    def test_are_refused_in_the_same_words_while_the_first_is_alive(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = bench.open()
        audit = bench.store.audits.claim(run_id, bench.business_id, "b", now=NOW, lease=timedelta(days=2))
        assert audit

        def alive(_: float) -> None:
            bench.store.audits.prolong(audit, until=datetime.now(UTC) + timedelta(days=2))

        monkeypatch.setattr(time, "sleep", alive)
        with pytest.raises(UnderWayError):
            bench.audit()

    def test_the_lease_of_one_that_was_killed_is_waited_for(self, bench: Bench) -> None:
        run_id = bench.open()
        now = datetime.now(UTC)
        bench.store.audits.claim(run_id, bench.business_id, "killed", now=now, lease=timedelta(seconds=0.3))
        assert bench.audit().whole

    def test_one_that_nobody_goes_on_with_makes_place(self, bench: Bench) -> None:
        bench.step(bench.open())
        assert bench.audit(Period(MONTH.since, MONTH.until, "other words")).whole

    def test_a_scheduled_one_is_gone_on_with(self, bench: Bench) -> None:
        bench.auditor.open([bench.business_id], MONTH, scheduled=True)
        with pytest.raises(UnderWayError):
            bench.open(Period(MONTH.since, MONTH.until, "other words"))


class TestNotJudged:
    def test_tells_what_failed_and_why(self, bench: Bench) -> None:
        key = bench.market.say("Здравствуйте", chat_id=3)
        bench.store.messages.expect([key], now=NOW, due_at=NOW)
        bench.store.messages.fail(key, reason="RuleError while judging")
        found = bench.audit()
        assert found.not_judged == [(3, key.message_id, "failed: RuleError while judging")]
        assert found.judged + 1 == found.sums.partner_messages

    def test_tells_what_breaks_its_judging(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = bench.market.say("сломано", chat_id=3)
        judge = checking.judge

        def breaks(messages: list[Message], **more: object) -> checking.Verdict:
            if any("сломано" in message.text for message in messages):
                raise RuleError("phone", "TimeoutError")
            return judge(messages, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(checking, "judge", breaks)
        found = bench.audit()
        assert (3, broken.message_id, "waiting: RuleError while judging") in found.not_judged
        assert found.judged + len(found.not_judged) == found.sums.partner_messages

    def test_forgets_what_was_judged_meanwhile(self, bench: Bench) -> None:
        key = bench.market.say("Здравствуйте", chat_id=3)
        lease = timedelta(minutes=5)
        claim = {"rule_set": "any", "now": datetime.now(UTC), "lease": lease, "max_attempts": 4}
        bench.store.messages.claim(key, "live", **claim)  # type: ignore[arg-type]
        run_id = bench.open()
        while not bench.store.audits.progress(run_id, bench.business_id)[0]:
            bench.step(run_id)
        assert list(bench.store.audits.not_judged(bench.store.audits.find(run_id, bench.business_id)))
        bench.checker.check(key, owner="live")
        while not bench.step(run_id).done:
            pass
        assert bench.outcome(run_id).not_judged == []

    def test_what_market_did_not_know_once_is_judged_when_its_history_has_it(self, bench: Bench) -> None:
        key = bench.market.say("Звоните 8 912 000-11-22", chat_id=3)
        bench.store.messages.expect([key], now=NOW, due_at=NOW)
        bench.store.messages.miss(key, reason="HTTP 404")
        assert bench.audit().not_judged == []
        assert bench.violations_of(key)

    def test_tells_of_a_chat_that_cannot_be_read(self, bench: Bench) -> None:
        bench.market.fail(method="getChatHistory", status=404, count=1)
        found = bench.audit()
        [(_, message_id, why)] = found.not_judged
        assert (message_id, found.sums.chats) == (None, CHATS - 1)
        assert why.startswith("the chat could not be read: getChatHistory: HTTP 404")

    def test_tells_of_what_a_revoked_key_leaves_unread(self, bench: Bench) -> None:
        run_id = bench.open()
        for _ in range(7):
            bench.step(run_id)
        bench.market.revoke()
        found = bench.audit()
        read = bench.store.audits.progress(run_id, bench.business_id)[0]
        assert not found.whole
        assert "HTTP 401" in (found.trouble or "")
        assert len(found.not_judged) == CHATS - read
        assert len(bench.alarms) == 1


def test_what_an_older_rule_set_judged_is_judged_again_and_keeps_its_violations(bench: Bench) -> None:
    key = bench.market.say("Звоните 8 912 000-11-22", chat_id=3)
    numbers = bench.checker.check(key, owner="a").violations
    message = JudgedMessage(key.message_id, NOW, "PARTNER", "Звоните 8 912 000-11-22")
    old = FoundViolation(key.message_id, NOW, "old-rule", "contact-offer", "violation", 0.9, 0, 7, "Звоните", "Нельзя.")
    bench.store.messages.record(Reading(*key[:2], "older", [message], [old]), now=NOW)
    found = bench.audit()
    assert found.judged == found.sums.partner_messages
    told = [violation for violation in found.violations if violation.message_id == key.message_id]
    assert len({violation.id for violation in told}.difference(numbers)) == 1
    assert {violation.rule for violation in told} >= {"phone", "old-rule"}
    assert bench.store.messages.verdicts(*key[:2])[key.message_id].rule_set == bench.checker.rule_set(key.business_id)


class TestReminders:
    def remind(self, bench: Bench, *said: str, report: bool = True) -> CabinetOutcome:
        chat = bench.market.say("Здравствуйте", sender="CUSTOMER").chat_id
        for text in said:
            key = bench.market.say(text, chat_id=chat)
            for number in bench.checker.check(key, owner="a").violations if report else []:
                self._report(bench, number)
        later = datetime.now(UTC) + timedelta(minutes=5)
        bench.market.say(REMINDER, sender="MARKET", chat_id=chat, created_at=later.isoformat())
        return bench.audit()

    def _report(self, bench: Bench, number: int) -> None:
        alert = bench.store.alerts.prepare(number, now=datetime.now(UTC))
        if alert:
            bench.store.alerts.mark_sent(alert, now=datetime.now(UTC))

    def test_after_a_report_are_told_with_the_lead(self, bench: Bench) -> None:
        [reminder] = self.remind(bench, "Звоните 8 912 000-11-22").reminders
        assert not reminder.missed
        assert reminder.ahead_s is not None
        assert 290 < reminder.ahead_s <= 300

    def test_after_what_was_found_and_not_reported_have_no_lead(self, bench: Bench) -> None:
        [reminder] = self.remind(bench, "Звоните 8 912 000-11-22", report=False).reminders
        assert (reminder.missed, reminder.ahead_s) == (False, None)

    def test_after_what_was_not_found_are_missed(self, bench: Bench) -> None:
        [reminder] = self.remind(bench, "Добрый день").reminders
        assert reminder.missed

    def test_are_each_of_what_was_said_since_the_one_before(self, bench: Bench) -> None:
        [first] = self.remind(bench, "Звоните 8 912 000-11-22").reminders
        later = (datetime.now(UTC) + timedelta(minutes=9)).isoformat()
        say = partial(bench.market.say, chat_id=first.key.chat_id, created_at=later)
        again = say(REMINDER, sender="MARKET")  # nothing was said since: of the same words
        say("Добрый день")
        missed = say(REMINDER, sender="MARKET")
        found = bench.audit(Period(MONTH.since, MONTH.until, "once more"))
        assert {one.key: one.missed for one in found.reminders} == {first.key: False, again: False, missed: True}


def test_a_key_names_its_run(bench: Bench) -> None:
    with pytest.raises(LookupError):
        bench.store.audits.find("no such run", MessageKey(1, 2, 3).business_id)
