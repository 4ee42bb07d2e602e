from typing import Any

import pytest
from pydantic import ValidationError

from worker.sandbox.faults import Fault, Faults


def test_a_fault_meets_only_its_method_and_cabinet() -> None:
    fault = Fault(method="getChat", business_id=1, status=503)
    faults = Faults((fault,))

    assert faults.draw("getChat", 1) == (0, fault)
    assert faults.draw("getChats", 1) == (0, None)
    assert faults.draw("getChat", 2) == (0, None)


def test_a_fault_is_shown_as_often_as_it_says() -> None:
    faults = Faults((Fault(status=503, count=2),))

    assert [faults.draw("getChat", 1)[1] is not None for _ in range(4)] == [True, True, False, False]
    assert faults.listed() == [{"id": 1, "status": 503, "count": 2, "shown": 2}]


def test_a_probable_fault_is_shown_now_and_then_and_the_same_way_each_time() -> None:
    def shown() -> list[bool]:
        faults = Faults((Fault(cut="before", probability=0.3),), seed=7)
        return [faults.draw("getChat", 1)[1] is not None for _ in range(1000)]

    assert 250 < sum(shown()) < 350
    assert shown() == shown()


def test_delays_add_up_and_the_first_answer_wins() -> None:
    first, second = Fault(delay_s=0.5, status=500), Fault(status=503, count=1)
    faults = Faults((Fault(delay_s=0.25), first, second))

    assert faults.draw("getChat", 1) == (0.75, first)
    assert faults.listed()[2]["shown"] == 0


def test_faults_can_be_switched_off() -> None:
    faults = Faults()
    assert (faults.add(Fault(status=500)), faults.add(Fault(status=503))) == (1, 2)

    faults.clear()

    assert faults.listed() == []
    assert faults.draw("getChat", 1) == (0, None)


@pytest.mark.parametrize(
    "bad", [{"probability": 2}, {"status": 99}, {"body": "odd"}, {"cut": "after"}, {"count": 0}, {"delay": 1}]
)
def test_a_fault_that_cannot_be_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Fault.model_validate(bad)
