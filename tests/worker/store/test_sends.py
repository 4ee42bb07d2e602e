from dataclasses import replace
from datetime import timedelta

import pytest

from tests.worker.store.records import NOW
from worker.store import Outcome, Sending, Store

SENDING = Sending(7, 70, "hash", "crm", [{"rule": "phone", "start": 0}], None)
AN_HOUR_AGO = NOW - timedelta(hours=1)


def begin(store: Store, sending: Sending = SENDING) -> int | None:
    return store.sends.begin(sending, now=NOW, unless_unclear_since=AN_HOUR_AGO)


def test_outcomes_are_counted(store: Store) -> None:
    store.sends.prevent(SENDING, now=NOW)
    for outcome, reason in ((Outcome.SENT, "because"), (Outcome.SENT, None), (Outcome.REFUSED, None)):
        store.sends.settle(begin(store, replace(SENDING, override_reason=reason)) or 0, outcome)
    assert store.sends.count() == {
        (7, "prevented", False): 1,
        (7, "sent", True): 1,
        (7, "sent", False): 1,
        (7, "refused", False): 1,
    }


@pytest.mark.parametrize("outcome", [None, Outcome.UNKNOWN])
def test_what_may_have_been_sent_is_not_begun_again(store: Store, outcome: Outcome | None) -> None:
    first = begin(store)
    if first and outcome:
        store.sends.settle(first, outcome)
    assert begin(store) is None
    for other in ({"text_hash": "other"}, {"chat_id": 71}, {"business_id": 8}):
        assert begin(store, replace(SENDING, **other))
    assert store.sends.begin(SENDING, now=NOW, unless_unclear_since=None)


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.REFUSED])
def test_what_is_known_may_be_begun_again(store: Store, outcome: Outcome) -> None:
    store.sends.settle(begin(store) or 0, outcome)
    assert begin(store)


def test_what_is_long_ago_is_no_longer_unclear(store: Store) -> None:
    begin(store)
    assert store.sends.begin(SENDING, now=NOW, unless_unclear_since=NOW + timedelta(seconds=1))
