import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.waiting import until
from tests.worker.web.conftest import Handed
from worker.store import MessageKey, Store

MESSAGE = {"notificationType": "CHAT_MESSAGE_SENT", "businessId": 7, "chatId": 70, "messageId": "700"}
KEY = MessageKey(7, 70, 700)
SOON = timedelta(minutes=10)


def post(doors: httpx.Client, body: Any, path: str = "/notification") -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return doors.post(path, content=content, headers={"Content-Type": "application/json"})


@pytest.fixture
def flooded(environment: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> httpx.Client:
    environment.setenv("CHATWARDEN_NOTIFICATIONS_PER_MINUTE", "5")
    doors: httpx.Client = request.getfixturevalue("doors")
    return doors


def looks(store: Store, *, after: timedelta = SOON) -> list[tuple[int, int]]:
    return store.hints.take_due(now=datetime.now(UTC) + after, again_after=(), limit=100)


def waiting(store: Store) -> int:
    return sum(row.waiting for row in store.figures.status([]))


@pytest.mark.parametrize(
    "path", ["/notification", "/", "/notification/notification", "/notification/", "///notification"]
)
def test_a_ping_is_answered_with_name_version_and_time(doors: httpx.Client, path: str) -> None:
    answer = post(doors, {"notificationType": "PING", "time": "2026-11-23T09:00:00Z"}, path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert (set(said), said["name"]) == ({"version", "name", "time"}, "chatwarden")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(said["time"])) < SOON
    assert said["time"].endswith("Z")


@pytest.mark.parametrize("message_id", ["700", 700])
def test_a_message_stands_in_the_store_and_the_queue(
    doors: httpx.Client, store: Store, handed: Handed, message_id: object
) -> None:
    answer = post(doors, {**MESSAGE, "messageId": message_id, "sentAt": "2026-11-23T09:00:00Z", "more": [1]})

    assert answer.status_code == 200
    assert waiting(store) == 1
    until(lambda: handed.keys == [KEY])
    assert looks(store, after=timedelta(seconds=5)) == []
    assert looks(store) == [(7, 70)]


def test_a_message_that_is_told_twice_is_one(doors: httpx.Client, store: Store) -> None:
    for _ in range(3):
        assert post(doors, MESSAGE).status_code == 200
    assert waiting(store) == 1


@pytest.mark.parametrize("kind", ["CHAT_CREATED", "CHAT_ARBITRAGE_STARTED", "CHAT_ARBITRAGE_FINISHED"])
def test_a_chat_that_moved_is_looked_at_at_once(doors: httpx.Client, store: Store, kind: str) -> None:
    assert post(doors, {"notificationType": kind, "businessId": 7, "chatId": "70"}).status_code == 200
    assert looks(store, after=timedelta(seconds=1)) == [(7, 70)]
    assert waiting(store) == 0


@pytest.mark.parametrize(
    "body",
    [
        {"notificationType": "ORDER_CREATED", "orderId": 5, "campaignId": 6, "items": [{"offerId": "a", "count": 1}]},
        {"notificationType": "SOMETHING_NEW"},
        {"notificationType": "CHAT_SOMETHING_NEW", "businessId": "seven"},
        {"notificationType": "GOODS_FEEDBACK_CREATED", "businessId": 8},
    ],
)
def test_what_is_not_about_chats_is_answered_and_left(doors: httpx.Client, store: Store, body: Any) -> None:
    assert post(doors, body).status_code == 200
    assert waiting(store) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is no JSON object"),
        (b"\xff\xfe", "the body is no JSON object"),
        (b"[" * 20_000, "the body is no JSON object"),
        (b'{"a":' * 9_000, "the body is no JSON object"),
        (b"null", "the body is no JSON object"),
        ([MESSAGE], "the body is no JSON object"),
        ({}, "notificationType: Field required"),
        ({"notificationType": 5}, "notificationType: Input should be a valid string"),
        ({**MESSAGE, "chatId": None}, "chatId: not an id"),
        ({**MESSAGE, "chatId": 70.0}, "chatId: not an id"),
        ({**MESSAGE, "chatId": True}, "chatId: not an id"),
        ({**MESSAGE, "chatId": 2**63}, "chatId: Input should be less than or equal to 9223372036854775807"),
        ({**MESSAGE, "messageId": "9" * 40}, "messageId: not an id"),
        ({**MESSAGE, "messageId": "٧"}, "messageId: not an id"),
        ({**MESSAGE, "messageId": 0}, "messageId: Input should be greater than or equal to 1"),
        (b'{"notificationType":"CHAT_CREATED","businessId":1e400,"chatId":1}', "businessId: not an id"),
        ({"notificationType": "CHAT_MESSAGE_SENT", "businessId": 7}, "chatId: Field required"),
        ({**MESSAGE, "businessId": 8}, "businessId: not a cabinet that is watched here"),
    ],
)
def test_what_is_malformed_is_refused_for_good(doors: httpx.Client, store: Store, body: Any, said: str) -> None:
    answer = post(doors, body)

    assert answer.status_code == 400
    assert answer.json() == {"error": {"type": "WRONG_EVENT_FORMAT", "message": said}}
    assert waiting(store) == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused_for_good(doors: httpx.Client, kind: str) -> None:
    answer = doors.post("/notification", content=json.dumps(MESSAGE), headers={"Content-Type": kind})
    assert answer.status_code == 400


def test_without_a_queue_the_ids_wait_in_the_store(doors: httpx.Client, store: Store, handed: Handed) -> None:
    handed.away = True
    assert post(doors, MESSAGE).status_code == 200
    assert waiting(store) == 1
    due = store.messages.take_due(now=datetime.now(UTC) + SOON, hold=SOON, limit=9)
    assert due == [KEY]


def test_a_flood_is_left_to_a_sweep(flooded: httpx.Client, store: Store, handed: Handed) -> None:
    for message_id in range(1, 20):
        assert post(flooded, {**MESSAGE, "messageId": message_id}).status_code == 200
    assert waiting(store) == 5
    assert handed.swept == [7]
