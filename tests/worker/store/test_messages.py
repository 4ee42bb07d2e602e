import multiprocessing
from datetime import datetime, timedelta, timezone
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import text

from tests.worker.store.records import KEY, LEASE, NOW, claim, found, reading, said
from worker.store import ChatContext, Claim, JudgedMessage, MessageKey, Store
from worker.store.engine import open_engine

OTHER = MessageKey(7, 70, 701)
LATER = NOW + timedelta(minutes=1)
MOSCOW = timezone(timedelta(hours=3))


def status(store: Store) -> dict[str, int]:
    [cabinet] = store.figures.status([7])
    return {name: getattr(cabinet, name) for name in ("judged", "waiting", "missing", "failed")}


class TestClaim:
    def test_is_taken_by_the_first_and_busy_for_all_others(self, store: Store) -> None:
        assert claim(store, owner="a") is Claim.TAKEN
        assert claim(store, owner="b") is Claim.BUSY
        assert claim(store, OTHER, owner="b") is Claim.TAKEN
        assert status(store)["waiting"] == 2

    def test_may_be_taken_again_by_its_owner(self, store: Store) -> None:
        assert claim(store, owner="a") is Claim.TAKEN
        assert claim(store, owner="a") is Claim.TAKEN

    def test_is_free_when_the_lease_is_over(self, store: Store) -> None:
        claim(store, owner="a")
        assert claim(store, owner="b", after_s=89) is Claim.BUSY
        assert claim(store, owner="b", after_s=91) is Claim.TAKEN
        assert claim(store, owner="a", after_s=92) is Claim.BUSY

    def test_is_exhausted_after_too_many_attempts_without_an_end(self, store: Store) -> None:
        attempts = [claim(store, owner="a") for _ in range(4)]
        assert attempts == [Claim.TAKEN] * 3 + [Claim.EXHAUSTED]

    def test_is_settled_once_there_is_a_verdict(self, store: Store) -> None:
        claim(store)
        store.messages.record(reading(said()), now=NOW)
        assert claim(store) is Claim.SETTLED
        assert claim(store, owner="b", after_s=1e6) is Claim.SETTLED

    def test_is_taken_anew_for_another_rule_set_and_waits_until_that_has_judged(self, store: Store) -> None:
        store.messages.record(reading(said()), now=NOW)
        assert claim(store, rules="rules-2") is Claim.TAKEN
        store.messages.wait(KEY, reason="Market is down", retry_at=NOW)
        assert store.messages.take_due(now=NOW, hold=LEASE, limit=9) == [KEY]
        store.messages.record(reading(said(), rules="rules-2"), now=NOW)
        assert claim(store, rules="rules-2") is Claim.SETTLED

    def test_of_one_message_goes_to_exactly_one_of_many_processes(self, store: Store, database_url: str) -> None:
        processes = 4
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(processes)
        with context.Pool(processes, initializer=_join, initargs=(barrier,)) as pool:
            claims = pool.starmap(_claim_all, [(database_url, f"owner-{n}") for n in range(processes)], chunksize=1)
            pool.close()
            pool.join()
        for of_one_message in zip(*claims, strict=True):
            assert sorted(of_one_message) == [Claim.BUSY] * (processes - 1) + [Claim.TAKEN]


_barrier: Barrier


def _join(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _claim_all(url: str, owner: str) -> list[Claim]:
    store = Store.open(url)
    _barrier.wait(30)
    claims = [claim(store, MessageKey(1, 1, number), owner) for number in range(1, 21)]
    store.close()
    return claims


class TestRecord:
    def test_gives_every_message_of_the_reading_its_verdict(self, store: Store) -> None:
        claim(store)
        new = store.messages.record(reading(said(), said(701, "до свидания"), violations=(found(),)), now=NOW)
        assert len(new) == 1
        assert status(store) == {"judged": 2, "waiting": 0, "missing": 0, "failed": 0}
        assert claim(store, OTHER, owner="b") is Claim.SETTLED

    def test_twice_changes_nothing(self, store: Store) -> None:
        first = store.messages.record(reading(said(), violations=(found(),)), now=NOW)
        again = store.messages.record(reading(said(text="other"), violations=(found(),)), now=NOW)
        assert (len(first), again) == (1, [])
        assert store.violations.count() == 1
        [violation] = store.violations.find()
        assert violation.text == "звоните"

    def test_keeps_violations_apart_by_rule_place_and_message(self, store: Store) -> None:
        violations = (found(), found(start=9), found(rule="link"), found(701))
        assert len(store.messages.record(reading(said(), said(701), violations=violations), now=NOW)) == 4
        assert store.messages.record(reading(violations=violations[::-1]), now=NOW) == []

    def test_of_another_rule_set_replaces_the_verdict(self, store: Store) -> None:
        store.messages.record(reading(said()), now=NOW)
        new = store.messages.record(reading(said(), violations=(found(),), rules="rules-2"), now=NOW)
        assert len(new) == 1
        assert claim(store, rules="rules-2") is Claim.SETTLED

    def test_brings_a_claim_to_an_end_with_no_attempt_left_counted(self, store: Store) -> None:
        for number in range(10):
            assert claim(store, rules=f"rules-{number}") is Claim.TAKEN
            store.messages.record(reading(said(), rules=f"rules-{number}"), now=NOW)

    def test_keeps_no_text_but_that_of_the_shop(self, store: Store, database_url: str) -> None:
        buyer = JudgedMessage(701, NOW, "CUSTOMER")
        market = JudgedMessage(702, NOW, "MARKET", is_reminder=True)
        store.messages.record(reading(said(text="слова магазина"), buyer, market), now=NOW)
        engine = open_engine(database_url)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT message_id, text FROM messages ORDER BY 1")).all()
            reminders = connection.execute(text("SELECT message_id FROM reminders")).scalars().all()
        engine.dispose()
        assert rows == [(700, "слова магазина"), (701, None), (702, None)]
        assert reminders == [702]

    def test_counts_requests_by_method(self, store: Store) -> None:
        for _ in range(2):
            store.messages.record(reading(getChatMessage=1, getChatHistory=2), now=NOW)
        [cabinet] = store.figures.status([])
        assert cabinet.requests == {"getChatMessage": 2, "getChatHistory": 4}

    def test_of_nothing_is_nothing(self, store: Store) -> None:
        assert store.messages.record(reading(), now=NOW) == []
        assert store.figures.status([]) == []

    def test_with_an_error_in_it_leaves_nothing_behind(self, store: Store) -> None:
        broken = found(rule=None)  # type: ignore[arg-type]
        with pytest.raises(Exception, match=r"NOT NULL|not-null") as caught:
            store.messages.record(reading(said(), violations=(found(), broken)), now=NOW)
        assert "звоните" not in str(caught.value)
        assert store.violations.count() == 0
        assert store.figures.status([]) == []


class TestEnds:
    def test_waiting_is_no_attempt(self, store: Store) -> None:
        for number in range(10):
            assert claim(store, owner=str(number)) is Claim.TAKEN
            store.messages.wait(KEY, reason="Market is down", retry_at=NOW, spent={"getChatMessage": 1})
        assert status(store)["waiting"] == 1
        assert store.figures.status([])[0].requests == {"getChatMessage": 10}

    def test_breaking_off_is_an_attempt(self, store: Store) -> None:
        for number in range(3):
            assert claim(store, owner=str(number)) is Claim.TAKEN
            store.messages.break_off(KEY, reason="KeyError while judging", retry_at=NOW, now=NOW)
        assert claim(store, owner="last") is Claim.EXHAUSTED

    def test_missing_and_failed_are_final(self, store: Store) -> None:
        claim(store)
        store.messages.miss(KEY, reason="404", spent={"getChatMessage": 1})
        claim(store, OTHER)
        store.messages.fail(OTHER, reason="400")
        assert status(store) == {"judged": 0, "waiting": 0, "missing": 1, "failed": 1}
        assert claim(store, rules="rules-2") is claim(store, OTHER) is Claim.SETTLED
        assert store.messages.take_due(now=NOW + timedelta(days=9), hold=LEASE, limit=9) == []


class TestTakeDue:
    def test_gives_what_waits_once_in_the_order_of_its_time(self, store: Store) -> None:
        for number, delay_s in ((1, 30), (2, 10), (3, 600)):
            key = MessageKey(7, 70, number)
            claim(store, key)
            store.messages.wait(key, reason="later", retry_at=NOW + timedelta(seconds=delay_s))
        soon = NOW + timedelta(seconds=60)
        assert store.messages.take_due(now=NOW, hold=LEASE, limit=9) == []
        due = store.messages.take_due(now=soon, hold=LEASE, limit=9)
        assert [key.message_id for key in due] == [2, 1]
        assert store.messages.take_due(now=soon, hold=LEASE, limit=9) == []
        again = store.messages.take_due(now=soon + LEASE, hold=LEASE, limit=1)
        assert len(again) == 1

    def test_gives_what_a_lost_process_had_claimed_when_its_lease_is_over(self, store: Store) -> None:
        claim(store)
        assert store.messages.take_due(now=NOW, hold=LEASE, limit=9) == []
        over = NOW + LEASE + timedelta(seconds=1)
        assert store.messages.take_due(now=over, hold=LEASE, limit=9) == [KEY]


def test_the_context_of_a_chat_is_known_after_its_first_reading(store: Store) -> None:
    assert store.messages.context(7, 70) is None
    for context in (ChatContext("ORDER", 50_000_000_001), ChatContext("RETURN", 50_000_000_001, 12)):
        store.messages.record(reading(context=context), now=NOW)
        assert store.messages.context(7, 70) == context
    assert context.own_numbers == ("50000000001", "12")


def test_the_messages_around_are_the_nearest_of_the_shop(store: Store) -> None:
    messages = [said(number, str(number), "PARTNER") for number in range(1, 10)]
    messages[4] = JudgedMessage(5, NOW, "CUSTOMER")
    store.messages.record(reading(*messages), now=NOW)
    store.messages.record(reading(said(2), key=MessageKey(7, 71, 2)), now=NOW)
    around = store.messages.shop_messages_around(7, 70, 6, 7, limit=2)
    assert sorted(str(message.text) for message in around) == ["3", "4", "6", "7", "8", "9"]


def test_settled_counts_what_no_longer_waits_however_many_are_asked(store: Store) -> None:
    keys = [MessageKey(7, 70, number) for number in range(1, 701)]
    store.messages.record(reading(*(said(number) for number in range(1, 601))), now=NOW)
    claim(store, keys[-1])
    assert store.messages.settled(keys) == 600


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    claim(store)
    store.messages.wait(KEY, reason="no answer", retry_at=NOW, troubled_since=NOW.astimezone(MOSCOW))
    since = store.messages.troubled_since(KEY)
    assert since == NOW
    assert since.utcoffset() == timedelta(0)


class TestTrouble:
    def wait(self, store: Store, key: MessageKey, since: datetime | None, *siblings: int) -> None:
        claim(store, key)
        store.messages.wait(key, reason="no answer", retry_at=NOW, troubled_since=since, siblings=siblings)

    def test_began_with_the_first_failure_whatever_comes_after(self, store: Store) -> None:
        claim(store)
        assert store.messages.troubled_since(KEY) is None
        for since in (None, NOW, LATER, None):
            self.wait(store, KEY, since)
        assert store.messages.troubled_since(KEY) == NOW

    def test_of_siblings_is_the_same_unless_theirs_began_before(self, store: Store) -> None:
        store.messages.expect([KEY, OTHER], now=NOW, due_at=NOW)
        self.wait(store, OTHER, NOW)
        third = MessageKey(7, 70, 702)
        claim(store, third)
        self.wait(store, KEY, LATER, 701, 702)
        assert [store.messages.troubled_since(key) for key in (OTHER, KEY, third)] == [NOW, LATER, LATER]

    @pytest.mark.parametrize("end", ["record", "leftover", "put_back", "break_off", "miss", "fail"])
    def test_is_over_when_market_answered(self, store: Store, end: str) -> None:
        self.wait(store, KEY, NOW)
        claim(store)
        match end:
            case "record":
                store.messages.record(reading(said()), now=LATER)
            case "leftover":
                store.messages.record(reading(), now=LATER, leftover=[KEY.message_id])
            case "put_back":
                store.messages.put_back(*KEY[:2], [KEY.message_id], now=LATER)
            case "break_off":
                store.messages.break_off(KEY, reason="KeyError while judging", retry_at=LATER, now=LATER)
            case "miss":
                store.messages.miss(KEY, reason="404")
            case _:
                store.messages.fail(KEY, reason="400")
        assert store.messages.troubled_since(KEY) is None


class TestExpect:
    def test_what_is_expected_waits_until_its_time(self, store: Store) -> None:
        store.messages.expect([KEY, OTHER, KEY], now=NOW, due_at=NOW + LEASE)
        assert status(store)["waiting"] == 2
        assert store.messages.take_due(now=NOW, hold=LEASE, limit=9) == []
        assert store.messages.take_due(now=NOW + LEASE, hold=LEASE, limit=9) == [KEY, OTHER]

    def test_what_is_known_stays_as_it_is(self, store: Store) -> None:
        store.messages.record(reading(said()), now=NOW)
        store.messages.expect([KEY], now=NOW, due_at=NOW)
        assert claim(store) is Claim.SETTLED

    def test_nothing_may_be_expected(self, store: Store) -> None:
        store.messages.expect([], now=NOW, due_at=NOW)
        assert store.figures.status([]) == []


class TestSiblings:
    def siblings(self, store: Store, owner: str = "a") -> list[int] | None:
        return store.messages.claim_siblings(KEY, owner, now=NOW, lease=LEASE)

    def test_are_what_waits_free_in_the_same_chat(self, store: Store) -> None:
        elsewhere, busy, judged = MessageKey(7, 71, 1), MessageKey(7, 70, 702), MessageKey(7, 70, 703)
        store.messages.expect([KEY, OTHER, elsewhere, busy, judged], now=NOW, due_at=NOW)
        store.messages.record(reading(said(703)), now=NOW)
        claim(store, busy, owner="b")
        claim(store)
        assert self.siblings(store) == [701]
        assert claim(store, OTHER, owner="b") is Claim.BUSY

    def test_are_none_for_a_message_that_was_begun_before(self, store: Store) -> None:
        store.messages.expect([KEY, OTHER], now=NOW, due_at=NOW)
        claim(store)
        assert self.siblings(store) == [701]
        claim(store)
        assert self.siblings(store) is None
        assert claim(store, OTHER, owner="b") is Claim.TAKEN

    def test_that_the_reading_did_not_bring_are_due_at_once(self, store: Store) -> None:
        store.messages.expect([KEY, OTHER], now=NOW, due_at=NOW)
        claim(store)
        store.messages.record(reading(said()), now=NOW, leftover=self.siblings(store) or [])
        assert store.messages.take_due(now=NOW, hold=LEASE, limit=9) == [OTHER]

    def test_share_the_end_of_the_one_they_were_claimed_with(self, store: Store) -> None:
        store.messages.expect([KEY, OTHER], now=NOW, due_at=NOW)
        claim(store)
        store.messages.miss(KEY, reason="404", siblings=self.siblings(store) or [])
        assert status(store)["missing"] == 2


def test_what_failed_may_be_tried_again_as_if_new(store: Store) -> None:
    for key in (KEY, MessageKey(8, 80, 800)):
        for _ in range(4):
            claim(store, key)
        store.messages.fail(key)
    assert store.messages.retry_failed(8, now=NOW) == 1
    assert store.messages.retry_failed(None, now=NOW) == 1
    assert store.messages.retry_failed(None, now=NOW) == 0
    assert [claim(store, owner="b", after_s=100) for _ in range(3)] == [Claim.TAKEN] * 3
