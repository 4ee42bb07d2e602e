from typing import Any

import httpx
import pytest

from tests.worker.sandbox.conftest import Sandbox, Start, message_of
from worker.sandbox.orders import Orders


def pages(ask: Any, what: str, **params: Any) -> list[list[dict[str, Any]]]:
    """All pages of a list, asked one after another."""
    found: list[list[dict[str, Any]]] = []
    token: dict[str, str] = {}
    while True:
        result = ask(**params, **token).raise_for_status().json()["result"]
        found.append(result[what])
        if "nextPageToken" not in result["paging"]:
            return found
        token = {"pageToken": result["paging"]["nextPageToken"]}


class TestMessage:
    def test_it_is_answered_as_it_was_written(self, sandbox: Sandbox) -> None:
        made = sandbox.control(
            "messages",
            {
                "business_id": 1,
                "chat_id": 1,
                "text": "Смотрите файл",
                "file_names": ["чек.pdf"],
                "created_at": "2026-11-20T09:00:00Z",
            },
        )[0]

        result = sandbox.message(1, made["message_id"]).json()["result"]

        (file,) = result.pop("payload")
        assert result == {
            "messageId": made["message_id"],
            "createdAt": "2026-11-20T12:00:00+03:00",
            "sender": "PARTNER",
            "message": "Смотрите файл",
        }
        assert (file["name"], file["size"] > 0) == ("чек.pdf", True)

    def test_a_message_of_files_alone_has_no_text(self, sandbox: Sandbox) -> None:
        made = sandbox.control("messages", {"business_id": 1, "chat_id": 1, "file_names": ["a.jpg"]})[0]

        assert "message" not in sandbox.message(1, made["message_id"]).json()["result"]

    def test_what_is_not_there_is_said_in_markets_words(self, sandbox: Sandbox) -> None:
        no_chat, no_message = sandbox.message(999, 1), sandbox.message(1, 999)

        assert (no_chat.status_code, no_message.status_code) == (404, 404)
        assert message_of(no_chat) == "Can't find chat by id: '999'"
        assert message_of(no_message) == "Can't find message by id: '999' for chat '1'"

    def test_a_message_is_found_in_its_own_chat_only(self, sandbox: Sandbox) -> None:
        message_id = next(iter(sandbox.cabinet.chats[2].messages))

        assert sandbox.message(1, message_id).status_code == 404

    @pytest.mark.parametrize("bad", ["", "x", "0", "-1", "1.5", str(2**63)])
    def test_an_id_must_be_a_number_of_64_bits(self, sandbox: Sandbox, bad: str) -> None:
        assert sandbox.message(1, bad).status_code == 400
        assert sandbox.message(bad, 1).status_code == 400

    def test_an_id_must_be_there(self, sandbox: Sandbox) -> None:
        answer = sandbox.http.get("/v2/businesses/1/chats/message", params={"chatId": 1})

        assert (answer.status_code, message_of(answer)) == (400, "Missing required parameter 'messageId'")


class TestHistory:
    @pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
    @pytest.mark.parametrize("limit", [1, 3, 8, 100])
    def test_its_pages_give_each_message_once_in_order(self, start: Start, order: Any, limit: int) -> None:
        sandbox = start(orders=Orders(history=order))

        found = pages(lambda **params: sandbox.history(1, **params), "messages", limit=limit)

        ids = [message["messageId"] for page in found for message in page]
        assert ids == sorted(sandbox.cabinet.chats[1].messages, reverse=order == "newest_first")
        assert max(map(len, found)) <= limit

    @pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
    def test_message_id_from_is_inclusive_and_holds_on_every_page(self, start: Start, order: Any) -> None:
        sandbox = start(orders=Orders(history=order))
        wanted = list(sandbox.cabinet.chats[1].messages)[3:]

        found = pages(lambda **params: sandbox.history(1, {"messageIdFrom": wanted[0]}, **params), "messages", limit=2)

        assert sorted(message["messageId"] for page in found for message in page) == wanted

    def test_a_message_that_comes_between_two_pages_shifts_nothing(self, sandbox: Sandbox) -> None:
        before = set(sandbox.cabinet.chats[1].messages)
        first = sandbox.history(1, limit=4).json()["result"]
        sandbox.control("messages", {"business_id": 1, "chat_id": 1, "text": "Ещё одно"})

        second = sandbox.history(1, limit=4, pageToken=first["paging"]["nextPageToken"]).json()["result"]

        assert {message["messageId"] for message in first["messages"] + second["messages"]} == before

    def test_it_tells_what_the_chat_is_about(self, sandbox: Sandbox) -> None:
        sandbox.control("messages", {"business_id": 1, "chat_id": 70, "text": "x", "context": "RETURN", "order_id": 7})
        sandbox.control("messages", {"business_id": 1, "chat_id": 71, "text": "x", "context": "DIRECT"})

        of_return, direct = (sandbox.history(number).json()["result"]["context"] for number in (70, 71))

        assert (of_return["type"], of_return["orderId"], of_return["returnId"]) == ("RETURN", 7, 70)
        assert of_return["campaignId"] == sandbox.cabinet.campaign_id
        assert of_return["customer"]["name"]
        assert set(direct) == {"type", "customer"}

    @pytest.mark.parametrize(
        ("params", "body"),
        [
            ({"limit": 0}, {}),
            ({"limit": 101}, {}),
            ({"limit": "x"}, {}),
            ({"pageToken": "x"}, {}),
            ({"pageToken": "e30="}, {}),
            ({"pageToken": "WzEsMl0="}, {}),
            ({}, {"messageIdFrom": -5}),
            ({}, {"messageIdFrom": True}),
            ({}, [1]),
        ],
    )
    def test_bad_questions_are_refused(self, sandbox: Sandbox, params: dict[str, Any], body: Any) -> None:
        assert sandbox.history(1, body, **params).status_code == 400

    def test_a_body_is_required(self, sandbox: Sandbox) -> None:
        answer = sandbox.http.post("/v2/businesses/1/chats/history", params={"chatId": 1})

        assert answer.status_code == 400


class TestChats:
    @pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
    def test_its_pages_give_each_chat_once_in_order(self, start: Start, order: Any) -> None:
        sandbox = start(orders=Orders(chats=order))
        sandbox.control("messages", {"business_id": 1, "chat_id": 3, "text": "Снова я"})

        found = pages(sandbox.chats, "chats", limit=10)

        chats = [chat for page in found for chat in page]
        assert sorted(chat["chatId"] for chat in chats) == sorted(sandbox.cabinet.chats)
        assert chats[0 if order == "newest_first" else -1]["chatId"] == 3

    def test_ten_chats_are_a_page_unless_said_otherwise(self, sandbox: Sandbox) -> None:
        assert len(sandbox.chats().json()["result"]["chats"]) == 10

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            ({"statuses": ["WAITING_FOR_PARTNER"]}, {30}),
            ({"statuses": ["FINISHED"]}, set()),
            ({"types": ["ARBITRAGE"]}, set()),
            ({"contextTypes": ["RETURN", "DIRECT"]}, {30, 31}),
            ({"contexts": [{"type": "ORDER", "id": 777}]}, {30}),
            ({"contexts": [{"type": "RETURN", "id": 30}, {"type": "RETURN", "id": 777}]}, {30}),
            ({"statuses": None, "contextTypes": ["DIRECT"]}, {31}),
        ],
    )
    def test_filters_choose(self, sandbox: Sandbox, body: dict[str, Any], found: set[int]) -> None:
        returned = {"business_id": 1, "chat_id": 30, "sender": "CUSTOMER", "context": "RETURN", "order_id": 777}
        sandbox.control("messages", [returned, {"business_id": 1, "chat_id": 31, "context": "DIRECT"}])

        chats = sandbox.chats(body).raise_for_status().json()["result"]["chats"]

        assert {chat["chatId"] for chat in chats} == found

    @pytest.mark.parametrize(
        "body",
        [
            {"statuses": []},
            {"statuses": ["OPEN"]},
            {"statuses": [{}]},
            {"types": "CHAT"},
            {"contextTypes": ["GIFT"]},
            {"contexts": []},
            {"contexts": [5]},
            {"contexts": [{"type": "DIRECT", "id": 1}]},
            {"contexts": [{"type": "ORDER"}]},
        ],
    )
    def test_bad_filters_are_refused(self, sandbox: Sandbox, body: dict[str, Any]) -> None:
        assert sandbox.chats(body).status_code == 400

    def test_more_than_twenty_are_refused(self, sandbox: Sandbox) -> None:
        assert sandbox.chats(limit=21).status_code == 400

    def test_one_chat_is_answered_as_in_the_list(self, sandbox: Sandbox) -> None:
        listed = sandbox.chats(limit=1).json()["result"]["chats"][0]

        assert sandbox.chat(listed["chatId"]).json()["result"] == listed


class TestSending:
    def send(self, sandbox: Sandbox, text: Any) -> httpx.Response:
        return sandbox.http.post("/v2/businesses/1/chats/message", params={"chatId": 1}, json={"message": text})

    def test_a_message_of_the_shop_is_added(self, sandbox: Sandbox) -> None:
        assert self.send(sandbox, "Добрый день").json() == {"status": "OK"}

        last = sandbox.history(1, limit=1).json()["result"]["messages"][0]
        assert (last["sender"], last["message"]) == ("PARTNER", "Добрый день")
        assert sandbox.chat(1).json()["result"]["status"] == "WAITING_FOR_CUSTOMER"

    @pytest.mark.parametrize("text", ["", "x" * 4097, None, 5])
    def test_its_length_is_limited(self, sandbox: Sandbox, text: Any) -> None:
        assert self.send(sandbox, text).status_code == 400

    def test_a_key_that_only_reads_may_not_send(self, sandbox: Sandbox) -> None:
        sandbox.control("keys", {"business_id": 1, "scopes": ["ALL_METHODS_READ_ONLY"]})

        refused = self.send(sandbox, "Добрый день")

        assert (refused.status_code, sandbox.chat(1).status_code) == (403, 200)
        assert message_of(refused).startswith("Token does not have any of the scopes")


def test_the_key_is_asked_without_a_cabinet(sandbox: Sandbox) -> None:
    token = sandbox.http.post("/v2/auth/token").json()["result"]["apiKey"]
    (campaign,) = sandbox.http.get("/v2/campaigns").json()["campaigns"]

    assert token["authScopes"] == ["COMMUNICATION"]
    assert campaign["business"] == {"id": 1, "name": "Магазин 1"}


def test_anything_else_is_no_method(sandbox: Sandbox) -> None:
    unknown, wrong_verb = sandbox.http.get("/v2/businesses/1/orders"), sandbox.http.put("/v2/campaigns")

    assert (unknown.status_code, wrong_verb.status_code) == (404, 405)
    assert message_of(unknown) == "No such method: /v2/businesses/1/orders"
