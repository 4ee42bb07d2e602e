from typing import Any

import pytest

from tests.worker.sandbox.conftest import Sandbox


class TestFaults:
    def test_one_or_several_can_be_added_seen_and_removed(self, sandbox: Sandbox) -> None:
        assert sandbox.control("faults", {"status": 503, "method": "getChat"}) == [1]
        assert sandbox.control("faults", [{"cut": "before", "business_id": 2}, {"delay_s": 0.1, "count": 1}]) == [2, 3]
        assert sandbox.chat(1).status_code == 503
        assert sandbox.http.get("/sandbox/faults").json()[0] == {
            "id": 1,
            "method": "getChat",
            "status": 503,
            "shown": 1,
        }

        sandbox.http.delete("/sandbox/faults")

        assert sandbox.chat(1).status_code == 200
        assert sandbox.http.get("/sandbox/faults").json() == []


class TestMessages:
    def test_all_are_listed_a_line_each(self, sandbox: Sandbox) -> None:
        lines = sandbox.http.get("/sandbox/messages").text.splitlines()

        assert [tuple(map(int, line.split())) for line in lines] == list(sandbox.world.message_keys())

    def test_new_ones_can_be_read_at_once(self, sandbox: Sandbox) -> None:
        old, new = sandbox.control(
            "messages",
            [
                {"business_id": 1, "chat_id": 1, "sender": "CUSTOMER", "text": "Алло"},
                {"business_id": 1, "text": "Заказ собран"},
            ],
        )

        assert sandbox.message(old["chat_id"], old["message_id"]).json()["result"]["sender"] == "CUSTOMER"
        assert sandbox.message(new["chat_id"], new["message_id"]).json()["result"]["message"] == "Заказ собран"
        assert sandbox.chat(1).json()["result"]["status"] == "WAITING_FOR_PARTNER"

    def test_a_chat_without_a_number_is_a_new_one(self, sandbox: Sandbox) -> None:
        first, second = (sandbox.control("messages", {"business_id": 1, "text": "x"})[0] for _ in range(2))

        assert (first["chat_id"], second["chat_id"]) == (26, 27)


def test_limits_and_orders_can_be_changed(sandbox: Sandbox) -> None:
    sandbox.control("limits", {"hourly": {"getChatHistory": 2}, "parallel": None})
    sandbox.control("orders", {"history": "oldest_first"})

    history = sandbox.history(1)

    ids = [message["messageId"] for message in history.json()["result"]["messages"]]
    assert ids == sorted(ids)
    assert history.headers["X-RateLimit-Resource-Limit"] == "2"
    assert "X-RateLimit-Resource-Limit" not in sandbox.chat(1).headers


def test_statistics_can_begin_anew(sandbox: Sandbox) -> None:
    sandbox.chat(1)

    sandbox.http.delete("/sandbox/stats")

    assert sandbox.stats() == {"requests": {}, "answers": {}, "limited": {}, "max_in_flight": {}}


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("faults", {"stauts": 500}, "stauts: Extra inputs are not permitted"),
        ("limits", {"parallel": -1}, "parallel: Input should be greater than or equal to 0"),
        ("orders", {"history": "random"}, "history: Input should be 'newest_first' or 'oldest_first'"),
        ("keys", {"business_id": 9, "revoked": True}, "there is no cabinet 9"),
        ("keys", {}, "business_id: Field required"),
        ("messages", {"business_id": 9}, "there is no cabinet 9"),
        ("messages", [{"business_id": 1, "chat_id": 0}], "chat_id: Input should be greater than or equal to 1"),
    ],
)
def test_what_cannot_be_done_is_explained(sandbox: Sandbox, path: str, body: Any, says: str) -> None:
    answer = sandbox.http.post(f"/sandbox/{path}", json=body)

    assert answer.status_code == 400
    assert says in answer.json()["error"]
