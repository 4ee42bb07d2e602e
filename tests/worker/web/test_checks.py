import json
from typing import Any

import httpx
import pytest

from tests.worker.store.records import reading, said
from worker.store import ChatContext, MessageKey, Store

GUILTY = "Звоните 8 912 000-11-22"


def check(doors: httpx.Client, **question: Any) -> Any:
    answer = doors.post("/v1/check", json=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_text_is_judged_with_reasons_and_hints(doors: httpx.Client) -> None:
    answer = check(doors, text=GUILTY)

    assert answer["flagged"]
    assert answer["score"] > 0.9
    [phone] = [one for one in answer["findings"] if one["rule"] == "phone"]
    assert phone | {"confidence": 0, "reason": "", "hint": ""} == {
        "rule": "phone",
        "category": "contact-offer",
        "severity": "violation",
        "confidence": 0,
        "message": 0,
        "start": 8,
        "end": 23,
        "evidence": "8 912 000-11-22",
        "reason": "",
        "hint": "",
    }
    assert phone["reason"] == "В сообщении есть номер телефона."
    assert "Напишите нам здесь" in phone["hint"]


@pytest.mark.parametrize("text", ["", "Здравствуйте! Заказ отправим сегодня.", "а" * 4096, "Заказ собран. " * 1_100])
def test_an_innocent_text_passes(doors: httpx.Client, text: str) -> None:
    assert not check(doors, text=text)["flagged"]


def test_file_names_are_judged_too(doors: httpx.Client) -> None:
    answer = check(doors, text="Инструкция", file_names=["скидки shop-deshevo.ru.pdf"])
    assert answer["flagged"]


def test_what_the_shop_wrote_last_in_the_chat_counts_too(doors: httpx.Client, store: Store) -> None:
    key = MessageKey(7, 70, 1)
    store.messages.record(
        reading(said(1, "8 912"), key=key, context=ChatContext("ORDER", 89120001133)), now=said(1).created_at
    )

    alone = check(doors, text="000-11-22")
    together = check(doors, text="000-11-22", business_id=7, chat_id=70)

    assert not alone["flagged"]
    assert ("conversation", 0) in [(one["rule"], one["message"]) for one in together["findings"]]
    assert not check(doors, text="89120001133", business_id=7, chat_id=70)["flagged"]  # the order's own number


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 16_385}, "text"),
        ({"text": "а", "lang": "ru"}, "lang"),
        ({"text": "а", "business_id": 0}, "business_id"),
        ({"text": "а", "business_id": 2**63}, "business_id"),
        ({"text": "а", "business_id": 8}, "business_id"),
        ({"text": "а", "chat_id": 8}, "chat_id"),
    ],
)
def test_a_bad_question_is_refused_without_quoting_it(doors: httpx.Client, question: Any, where: str) -> None:
    answer = doors.post("/v1/check", json=question)
    assert answer.status_code == 422
    assert where in answer.text
    assert "xxx" not in answer.text


def test_half_a_surrogate_pair_is_refused(doors: httpx.Client) -> None:
    answer = doors.post("/v1/check", content=b'{"text": "\\ud800"}', headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


class TestBatch:
    def test_answers_in_the_order_of_the_texts(self, doors: httpx.Client) -> None:
        texts = [GUILTY if number % 3 == 0 else f"Заказ {number} собран" for number in range(1000)]
        answer = doors.post("/v1/check/batch", json={"texts": texts})
        assert answer.status_code == 200
        assert [one["flagged"] for one in answer.json()["results"]] == [text == GUILTY for text in texts]

    def test_takes_texts_with_their_cabinet(self, doors: httpx.Client) -> None:
        for body in ({"texts": ["а", {"text": GUILTY, "business_id": 7}]}, ["а", {"text": GUILTY}]):
            answer = doors.post("/v1/check/batch", json=body)
            assert [one["flagged"] for one in answer.json()["results"]] == [False, True]

    @pytest.mark.parametrize(
        "body", [{"texts": ["а"] * 1001}, {"texts": [5]}, {"texts": [{"text": "а", "business_id": 8}]}]
    )
    def test_refuses_too_many_and_others(self, doors: httpx.Client, body: Any) -> None:
        assert doors.post("/v1/check/batch", content=json.dumps(body)).status_code == 422
