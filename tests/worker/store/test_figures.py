from tests.worker.store.records import NOW, claim, found, reading, said
from worker.store import CabinetStatus, MessageKey, Store


def test_a_new_store_has_figures_of_the_asked_cabinets_alone(store: Store) -> None:
    assert store.figures.status([]) == []
    assert store.figures.status([9, 7]) == [CabinetStatus(7), CabinetStatus(9)]


def test_everything_is_counted_by_cabinet(store: Store) -> None:
    new = store.messages.record(
        reading(said(1), said(2), violations=(found(1), found(2)), getChatHistory=1, getChatMessage=2), now=NOW
    )
    alert = store.alerts.prepare(new[0], now=NOW)
    assert alert is not None
    store.alerts.mark_sent(alert, now=NOW)
    for number in (3, 4, 5):
        claim(store, MessageKey(7, 70, number))
    store.messages.miss(MessageKey(7, 70, 4), reason="404", spent={"getChatMessage": 1})
    store.messages.fail(MessageKey(7, 70, 5))
    claim(store, MessageKey(5, 50, 1))
    assert store.figures.status([9]) == [
        CabinetStatus(5, waiting=1),
        CabinetStatus(
            7,
            judged=2,
            waiting=1,
            missing=1,
            failed=1,
            violations=2,
            unsent_alerts=1,
            requests={"getChatHistory": 1, "getChatMessage": 3},
        ),
        CabinetStatus(9),
    ]
