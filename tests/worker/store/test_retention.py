from datetime import timedelta

from tests.worker.store.records import KEY, NOW, claim, found, reading, said
from worker.store import ChatContext, Claim, JudgedMessage, Store

LATER = NOW + timedelta(days=1)


def kept_texts(store: Store) -> list[str | None]:
    return [one.text for one in store.messages.shop_messages_around(*KEY, KEY.message_id, limit=9)]


def test_old_texts_go_and_their_verdicts_stay(store: Store) -> None:
    store.messages.record(reading(said(), violations=(found(),)), now=NOW)
    assert store.retention.delete_texts(before=NOW, now=LATER) == 0
    assert kept_texts(store) == ["звоните"]
    assert store.retention.delete_texts(before=LATER, now=LATER) == 1
    assert kept_texts(store) == []
    assert store.violations.count() == 1
    assert claim(store) is Claim.SETTLED


def test_old_violations_go(store: Store) -> None:
    new = found(701, created_at=LATER)
    store.messages.record(reading(said(), said(701), violations=(found(), new)), now=NOW)
    assert store.retention.delete_violations(before=LATER, now=LATER) == 1
    assert [violation.message_id for violation in store.violations.find()] == [701]


def test_what_ended_audits_noted_goes_and_their_figures_stay(store: Store) -> None:
    run_id = store.audits.open("asked", {7: "rules-1"}, since=NOW, until=LATER, now=NOW)
    audit = store.audits.find(run_id, 7)
    store.audits.note_page(audit, [70], None)
    assert store.retention.delete_steps(before=LATER, now=LATER) == 0
    store.audits.finish(audit, now=NOW)
    store.audits.note_told(run_id, figures={"judged": 3}, now=NOW)
    assert store.retention.delete_steps(before=LATER, now=LATER) == 1
    assert store.audits.find(run_id, 7).figures == {"judged": 3}


def test_a_forgotten_chat_leaves_its_number_alone(store: Store) -> None:
    context = ChatContext("ORDER", 5, None)
    other = KEY._replace(chat_id=71)
    store.messages.record(reading(said(), said(701), violations=(found(),), context=context), now=NOW)
    store.messages.record(reading(said(), violations=(found(),), key=other), now=NOW)
    reminder = JudgedMessage(702, NOW, "MARKET", is_reminder=True)
    store.messages.record(reading(reminder), now=NOW)
    assert store.retention.forget_chat(*KEY[:2], now=LATER) == 3
    assert store.messages.context(*KEY[:2]) == ChatContext()
    assert [violation.chat_id for violation in store.violations.find()] == [71]
    assert list(store.reminders.find(KEY.business_id, since=NOW, until=LATER)) == []
    assert store.retention.forgotten_up_to(*KEY[:2]) == 702
    assert store.retention.forgotten_up_to(*other[:2]) == 0


def test_every_deletion_is_recorded(store: Store) -> None:
    store.messages.record(reading(said(), violations=(found(),), context=ChatContext("ORDER", 5, None)), now=NOW)
    store.retention.delete_texts(before=LATER, now=LATER)
    store.retention.delete_texts(before=LATER, now=LATER)  # nothing is left to delete
    store.retention.forget_chat(*KEY[:2], now=LATER)
    told = [(one.what, one.count, one.before, one.business_id, one.chat_id) for one in store.retention.deletions()]
    assert told == [("texts", 1, LATER, None, None), ("chat", 1, None, 7, 70)]
