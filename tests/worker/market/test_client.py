import json
import socket
import threading
import traceback
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.worker.market.conftest import Sandbox
from tests.worker.market.raw_server import answering, http
from worker.market import errors
from worker.market.client import MarketClient
from worker.market.errors import MarketError

KEY = "ACMA:secret-of-the-shop:0123456789"
OK = b'{"status":"OK","result":{"messageId":2,"createdAt":"2026-11-20T12:00:00+03:00","sender":"MARKET"}}'


def client_of(url: str, **options: Any) -> MarketClient:
    return MarketClient(1, SecretStr(KEY), base_url=url, **{"timeout_s": 2, **options})


def failure_of(url: str, **options: Any) -> MarketError:
    with client_of(url, **options) as client, pytest.raises(MarketError) as caught:
        client.get_chat_message(1, 2)
    return caught.value


class TestResults:
    def test_a_message(self, sandbox: Sandbox) -> None:
        known = next(message for message in sandbox.chat.messages.values() if message.sender == "PARTNER")

        message = sandbox.client.get_chat_message(sandbox.chat.chat_id, known.message_id)

        assert (message.message_id, message.sender, message.text) == (known.message_id, "PARTNER", known.text)

    def test_a_history_page_by_page(self, sandbox: Sandbox) -> None:
        first = sandbox.client.get_chat_history(1, limit=5)
        second = sandbox.client.get_chat_history(1, limit=5, page_token=first.next_page_token)

        assert {message.message_id for message in first.messages + second.messages} == set(sandbox.chat.messages)
        assert (len(first.messages), second.next_page_token) == (5, None)
        assert first.context.own_numbers == (str(sandbox.chat.order_id),)

    def test_a_history_from_a_message_on(self, sandbox: Sandbox) -> None:
        *_, last_but_one, last = sandbox.chat.messages

        history = sandbox.client.get_chat_history(1, message_id_from=last_but_one)

        assert {message.message_id for message in history.messages} == {last_but_one, last}

    def test_all_chats_page_by_page(self, sandbox: Sandbox) -> None:
        page = sandbox.client.get_chats()
        chats = list(page.chats)
        while page.next_page_token:
            page = sandbox.client.get_chats(page_token=page.next_page_token)
            chats += page.chats

        assert sorted(chat.chat_id for chat in chats) == sorted(sandbox.cabinet.chats)

    def test_chats_of_a_filter(self, sandbox: Sandbox) -> None:
        order_id = sandbox.chat.order_id
        assert order_id is not None

        page = sandbox.client.get_chats(
            contexts=[("ORDER", order_id)], context_types=["ORDER"], types=["CHAT"], statuses=["WAITING_FOR_CUSTOMER"]
        )

        assert [chat.chat_id for chat in page.chats] == [1]

    def test_a_chat(self, sandbox: Sandbox) -> None:
        chat = sandbox.client.get_chat(7)

        assert (chat.chat_id, chat.type, chat.context.campaign_id) == (7, "CHAT", sandbox.cabinet.campaign_id)
        assert chat.updated_at.tzinfo is not None

    def test_the_key(self, sandbox: Sandbox) -> None:
        token = sandbox.client.get_auth_token_info()

        assert token.can_read_chats
        assert token.scopes == ("COMMUNICATION",)

    def test_the_shops(self, sandbox: Sandbox) -> None:
        (campaign,) = sandbox.client.get_campaigns().campaigns

        assert (campaign.business_id, campaign.name) == (1, sandbox.cabinet.name)


class TestRequests:
    def test_they_carry_the_key_and_say_who_asks(self) -> None:
        with answering(http(200, OK)) as server, client_of(server.url) as client:
            client.get_chat_message(1, 2)

        assert server.requests[0].startswith(b"GET /v2/businesses/1/chats/message?chatId=1&messageId=2 HTTP/1.1\r\n")
        assert f"\r\nApi-Key: {KEY}\r\n".encode() in server.requests[0]
        assert b"\r\nX-Market-Integration: chatwarden/" in server.requests[0]

    def test_they_leave_out_filters_that_are_not_set(self) -> None:
        with answering(http(200, b'{"result":{"chats":[]}}')) as server, client_of(server.url) as client:
            client.get_chats(statuses=["NEW"])

        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert head.startswith(b"POST /v2/businesses/1/chats?limit=20 HTTP/1.1\r\n")
        assert json.loads(body) == {"statuses": ["NEW"]}

    def test_they_share_a_connection(self, sandbox: Sandbox, every_log_line: pytest.LogCaptureFixture) -> None:
        for message_id in sandbox.chat.messages:
            sandbox.client.get_chat_message(1, message_id)

        assert every_log_line.text.count("connect_tcp.started") == 1


class TestCounting:
    def test_every_answer_is_told_once_with_its_limit(self, sandbox: Sandbox) -> None:
        sandbox.client.get_chat(1)
        with pytest.raises(errors.NotFoundError):
            sandbox.client.get_chat(999)

        (first, second) = sandbox.answers
        assert (first[:2], second[:2]) == (("getChat", 200), ("getChat", 404))
        assert first[2] is not None
        assert second[2] is not None
        assert (first[2].limit, first[2].remaining, second[2].remaining) == (1000, 999, 998)

    def test_a_request_without_an_answer_is_told_too(self) -> None:
        told: list[object] = []
        with answering(b"") as server:
            failure_of(server.url, on_answer=lambda *answer: told.append(answer))

        assert told == [("getChatMessage", None, None)]

    def test_an_answer_that_breaks_off_is_told_with_its_status(self) -> None:
        told: list[object] = []
        with answering(http(200, OK)[:-10]) as server:
            failure_of(server.url, on_answer=lambda *answer: told.append(answer))

        assert told == [("getChatMessage", 200, None)]

    def test_a_connection_that_was_never_made_is_no_request(self, free_port: int) -> None:
        told: list[object] = []
        failure_of(f"http://127.0.0.1:{free_port}", on_answer=lambda *answer: told.append(answer))

        assert told == []


class TestFailures:
    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            ({"status": 400}, errors.BadRequestError),
            ({"status": 401}, errors.UnauthorizedError),
            ({"status": 403}, errors.ForbiddenError),
            ({"status": 404}, errors.NotFoundError),
            ({"status": 404, "body": "no-json"}, errors.GatewayError),
            ({"status": 405}, errors.RefusedError),
            ({"status": 420}, errors.ParallelLimitError),
            ({"status": 423}, errors.MigrationError),
            ({"status": 500}, errors.ServerError),
            ({"status": 502, "body": "no-json"}, errors.ServerError),
            ({"status": 503}, errors.ServerError),
            ({"cut": "before"}, errors.BrokenConnectionError),
            ({"cut": "inside"}, errors.BrokenConnectionError),
            ({"body": "no-json"}, errors.NotJsonError),
            ({"body": "truncated"}, errors.NotJsonError),
            ({"body": "empty"}, errors.NotJsonError),
            ({"body": "null"}, errors.WrongShapeError),
            ({"body": "wrong-shape"}, errors.WrongShapeError),
        ],
        ids=str,
    )
    def test_each_has_its_own_error_and_is_over_with_the_next_request(
        self, sandbox: Sandbox, fault: dict[str, object], kind: type[MarketError]
    ) -> None:
        httpx.post(f"{sandbox.url}/sandbox/faults", json=fault | {"count": 1}).raise_for_status()

        with pytest.raises(kind) as caught:
            sandbox.client.get_chat(1)

        assert type(caught.value) is kind
        assert caught.value.method == "getChat"
        assert sandbox.client.get_chat(1).chat_id == 1

    def test_the_hourly_limit_says_until_when(self, sandbox: Sandbox) -> None:
        httpx.post(f"{sandbox.url}/sandbox/limits", json={"hourly": {"getChat": 1}}).raise_for_status()
        sandbox.client.get_chat(1)

        with pytest.raises(errors.HourlyLimitError) as caught:
            sandbox.client.get_chat(1)

        rate = sandbox.answers[-1][2]
        assert rate is not None
        assert (rate.remaining, caught.value.retry_at) == (0, rate.until)

    def test_the_parallel_limit_has_no_time(self, sandbox: Sandbox) -> None:
        httpx.post(f"{sandbox.url}/sandbox/limits", json={"parallel": 0}).raise_for_status()

        with pytest.raises(errors.ParallelLimitError) as caught:
            sandbox.client.get_chat(1)

        assert caught.value.retry_at is None

    def test_a_slow_answer_is_a_timeout(self) -> None:
        with answering(b"", http(200, OK), pause_s=0.4) as server:
            error = failure_of(server.url, timeout_s=0.2)

        assert type(error) is errors.MarketTimeoutError

    def test_an_answer_that_trickles_is_a_timeout_too(self) -> None:
        trickle = [bytes([byte]) for byte in http(200, OK)[-30:]]
        with answering(http(200, OK)[:-30], *trickle, pause_s=0.05) as server:
            error = failure_of(server.url, timeout_s=0.3)

        assert type(error) is errors.MarketTimeoutError
        assert error.status == 200

    def test_no_server_is_a_broken_connection(self, free_port: int) -> None:
        error = failure_of(f"http://127.0.0.1:{free_port}")

        assert type(error) is errors.NoConnectionError
        assert str(error) == "getChatMessage: no answer, ConnectError"

    @pytest.mark.parametrize(
        "body",
        [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"status":"OK"', b"1" * 5000],
        ids=["empty", "page", "no utf-8", "too deep", "half", "too long a number"],
    )
    def test_a_body_that_is_no_json(self, body: bytes) -> None:
        with answering(http(200, body)) as server:
            assert type(failure_of(server.url)) is errors.NotJsonError

    @pytest.mark.parametrize(
        "body",
        [
            b"null",
            b"[]",
            b'"text"',
            b"{}",
            b'{"result":null}',
            b'{"result":[]}',
            b'{"status":"ERROR","errors":null}',
            b'{"result":{"messageId":"x","createdAt":"2026-11-20T12:00:00+03:00","sender":"PARTNER"}}',
            b'{"result":{"messageId":2,"createdAt":"yesterday, said the buyer","sender":"PARTNER"}}',
        ],
    )
    def test_a_body_of_another_shape_names_places_but_no_values(self, body: bytes) -> None:
        with answering(http(200, body)) as server:
            error = failure_of(server.url)

        assert type(error) is errors.WrongShapeError
        assert "buyer" not in str(error)

    def test_another_message_than_was_asked_for_is_no_answer(self) -> None:
        with answering(http(200, OK.replace(b":2,", b":3,"))) as server:
            assert type(failure_of(server.url)) is errors.WrongShapeError

    def test_an_error_answer_of_any_shape_is_understood(self) -> None:
        for body in (b"", b"[]", b'{"errors":"x"}', b'{"errors":[7]}', b'{"errors":[{"code":1,"message":null}]}'):
            with answering(http(503, body)) as server:
                assert str(failure_of(server.url)) == "getChatMessage: HTTP 503"


class TestSecrecy:
    def test_the_key_is_in_no_repr(self) -> None:
        with client_of("http://127.0.0.1:1") as client:
            shown = repr(client) + repr(vars(client)) + repr(vars(client._http))

        assert KEY not in shown

    @pytest.mark.parametrize(
        "answer",
        [
            http(401, json.dumps({"status": "ERROR", "errors": [{"code": KEY, "message": f"bad {KEY}"}]}).encode()),
            http(500, KEY.encode()),
            http(200, KEY.encode()),
            b"",
            b"HTTP/1.1 nonsense\r\n\r\n",
        ],
    )
    def test_the_key_is_in_no_log_and_no_error(self, answer: bytes, every_log_line: pytest.LogCaptureFixture) -> None:
        with answering(answer) as server:
            error = failure_of(server.url)

        # A cause or context of httpx's would hold the request, and with it the key.
        assert (error.__cause__, error.__context__) == (None, None)
        shown = every_log_line.text + "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
        assert KEY in server.requests[0].decode()
        assert "secret-of-the-shop" not in shown

    def test_the_key_is_in_no_log_of_success_either(self, every_log_line: pytest.LogCaptureFixture) -> None:
        with answering(http(200, OK)) as server, client_of(server.url) as client:
            client.get_chat_message(1, 2)

        assert "HTTP Request: GET" in every_log_line.text
        assert "secret-of-the-shop" not in every_log_line.text

    def test_a_redirect_is_not_followed(self) -> None:
        with answering(http(200, OK)) as other, answering(http(302, b"", f"Location: {other.url}/")) as server:
            error = failure_of(server.url)

        assert type(error) is errors.GatewayError
        assert other.requests == []

    def test_an_unencrypted_request_goes_past_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with answering(http(200, OK)) as proxy, answering(http(200, OK)) as server:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            monkeypatch.delenv("NO_PROXY")
            with client_of(server.url) as client:
                client.get_chat_message(1, 2)

        assert proxy.requests == []


def test_threads_may_share_a_client(sandbox: Sandbox) -> None:
    def ask() -> None:
        for _ in range(20):
            sandbox.client.get_chat(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sandbox.answers) == 80


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
