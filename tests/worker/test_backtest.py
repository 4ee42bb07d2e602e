import pickle
from datetime import timedelta

from rules import RULES, Severity
from tests.worker.store.records import NOW, reading
from worker import backtest
from worker.allowances import NOTHING, Allowances
from worker.backtest import Flag, Verdicts
from worker.store import ChatContext, FoundViolation, JudgedMessage, MessageKey, Store

LONG_AGO = NOW - timedelta(days=30)
PHONE = "8 912 000-11-22"


def keep(store: Store, chat_id: int, *texts: str, order_id: int | None = None) -> None:
    key = MessageKey(7, chat_id, 0)
    said = [
        JudgedMessage(number, NOW + timedelta(seconds=number), "PARTNER", text) for number, text in enumerate(texts, 1)
    ]
    store.messages.record(reading(*said, key=key, context=ChatContext("ORDER", order_id, None)), now=NOW)


def judged(store: Store, allowances: Allowances = NOTHING) -> Verdicts:
    verdicts = Verdicts()
    for some in backtest.run(store, [7], lambda _: allowances, since=LONG_AGO, processes=1):
        verdicts += some
    return verdicts


def test_what_is_kept_is_judged_as_it_is_live(store: Store) -> None:
    keep(store, 70, "Здравствуйте", f"Звоните {PHONE}")
    keep(store, 71, "Ваш заказ 89120001122 собран", order_id=89120001122)
    keep(store, 72, "мой номер восемь девятьсот двенадцать", "ноль ноль ноль одиннадцать двадцать два")
    verdicts = judged(store)
    assert verdicts.messages == 5
    assert {(flag.chat_id, flag.message_id) for flag in verdicts.flags} == {(70, 2), (72, 1), (72, 2)}
    assert {flag.evidence for flag in verdicts.flags if flag.rule == "phone"} == {PHONE}


def test_rules_that_are_off_find_nothing(store: Store) -> None:
    keep(store, 70, f"Звоните {PHONE}")
    off = Allowances(off=frozenset(RULES) - {"call-or-write"})
    assert {flag.rule for flag in judged(store, off).flags} <= {"call-or-write"}


def test_what_is_older_is_context_and_not_judged(store: Store) -> None:
    keep(store, 70, f"Звоните {PHONE}", "Здравствуйте")
    [verdicts] = backtest.run(store, [7], lambda _: NOTHING, since=NOW + timedelta(seconds=2), processes=1)
    assert (verdicts.messages, verdicts.flags) == (1, [])


def test_what_stands_in_the_store_is_what_is_compared_with(store: Store) -> None:
    found = FoundViolation(1, NOW, "old-rule", "contact-offer", "violation", 0.9, 0, 7, "Звоните", "Нельзя.")
    message = JudgedMessage(1, NOW, "PARTNER", f"Звоните {PHONE}")
    store.messages.record(reading(message, violations=(found,), key=MessageKey(7, 70, 1)), now=NOW)
    before = backtest.known(store, [7], since=LONG_AGO)
    change = backtest.compare(before, judged(store).flags)
    assert change.gone == before == [Flag(7, 70, 1, "old-rule", "Звоните")]
    assert "phone" in {flag.rule for flag in change.new}
    assert backtest.compare(change.new, change.new) == ([], [])


def test_allowances_reach_other_processes() -> None:
    allowances = Allowances(hosts=frozenset({"shop.example"}), severity={"payment": Severity.SIGN})
    assert pickle.loads(pickle.dumps(allowances)) == allowances
