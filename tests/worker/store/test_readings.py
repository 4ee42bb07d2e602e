import pytest
from sqlalchemy.exc import IntegrityError

from tests.worker.store.records import KEY, NOW, found, reading, said
from worker.store import ChatContext, JudgedMessage, Store


def test_a_reading_recorded_twice_is_one(store: Store) -> None:
    first = store.messages.record(reading(said(), violations=(found(),)), now=NOW)
    second = store.messages.record(reading(said(), violations=(found(),)), now=NOW)
    assert (len(first), second) == (1, [])
    [status] = store.figures.status([])
    assert (status.judged, status.violations) == (1, 1)


def test_only_new_violations_are_told(store: Store) -> None:
    [known] = store.messages.record(reading(said(), violations=(found(),)), now=NOW)
    [new] = store.messages.record(reading(said(), violations=(found(), found(start=9), found())), now=NOW)
    assert [violation.id for violation in store.violations.find()] == [known, new]


def test_a_reading_is_recorded_whole_or_not_at_all(store: Store) -> None:
    unwritable = found(rule=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        store.messages.record(reading(said(), violations=(found(), unwritable), getChatHistory=1), now=NOW)
    assert store.figures.status([]) == []


def test_requests_are_counted_with_what_they_brought(store: Store) -> None:
    store.messages.record(reading(said(), getChatHistory=2), now=NOW)
    store.messages.record(reading(said(701), getChatHistory=1), now=NOW)
    assert store.figures.status([])[0].requests == {"getChatHistory": 3}


def test_the_newest_context_stands_and_none_changes_nothing(store: Store) -> None:
    store.messages.record(reading(said(), context=ChatContext("ORDER", 5)), now=NOW)
    store.messages.record(reading(said(), context=ChatContext("RETURN", 5, 6)), now=NOW)
    store.messages.record(reading(said()), now=NOW)
    assert store.messages.context(KEY.business_id, KEY.chat_id) == ChatContext("RETURN", 5, 6)


def test_another_rule_set_replaces_the_verdict_and_the_same_does_not(store: Store) -> None:
    store.messages.record(reading(said(text="раз")), now=NOW)
    store.messages.record(reading(said(text="два")), now=NOW)
    assert texts(store) == ["раз"]
    store.messages.record(reading(said(text="три"), rules="rules-2"), now=NOW)
    assert texts(store) == ["три"]


def test_a_reminder_is_kept_once(store: Store) -> None:
    reminder = JudgedMessage(KEY.message_id, NOW, "MARKET", is_reminder=True)
    for _ in range(2):
        assert store.messages.record(reading(reminder), now=NOW) == []


def test_an_empty_reading_is_none(store: Store) -> None:
    assert store.messages.record(reading(), now=NOW) == []
    assert store.figures.status([]) == []


def texts(store: Store) -> list[str | None]:
    around = store.messages.shop_messages_around(KEY.business_id, KEY.chat_id, 0, 10**6, limit=9)
    return [message.text for message in around]
