"""Holds the sandbox's answers and the client's requests against Yandex's own OpenAPI file.

The file is looked for where MARKET_OPENAPI says, else in `../shared/market/openapi_chats.yaml` beside the repository.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.exceptions import ValidationError
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.market.client import MARKET_URL, MarketClient
from worker.sandbox.app import create_app
from worker.sandbox.cabinet import Cabinet
from worker.sandbox.limits import HOURLY, Limits
from worker.sandbox.methods import METHODS, Method
from worker.sandbox.server import running
from worker.sandbox.world import demo_world

REPOSITORY = Path(__file__).parents[3]
OPENAPI = Path(os.environ.get("MARKET_OPENAPI") or REPOSITORY.parent / "shared" / "market" / "openapi_chats.yaml")

pytestmark = pytest.mark.skipif(
    not OPENAPI.is_file(),
    reason="Yandex's OpenAPI file is not there; name it in MARKET_OPENAPI to run the contract test",
)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    request: MockRequest
    response: MockResponse

    @property
    def pattern(self) -> str:
        """The path as the spec writes it."""
        return re.sub(r"/businesses/\d+/", "/businesses/{businessId}/", self.request.path)


@dataclass(frozen=True)
class Traffic:
    """What the client asked, and what was asked by hand."""

    of_client: list[Exchange]
    of_others: list[Exchange]


class Recorder:
    """An application around another one that keeps what goes through it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, answered = bytearray(), bytearray()
        start: Message = {}

        async def receiving() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            start.update(message if message["type"] == "http.response.start" else {})
            answered.extend(message.get("body", b""))
            is_last = message["type"] == "http.response.body" and not message.get("more_body")
            if is_last and not scope["path"].startswith("/sandbox/"):
                # Kept before it is sent: who has the answer may look at once at what was kept.
                self.exchanges.append(_exchange(scope, bytes(asked), start, bytes(answered)))
            await send(message)

        await self._app(scope, receiving, sending)


def _exchange(scope: Scope, asked: bytes, start: Message, answered: bytes) -> Exchange:
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    query = httpx.QueryParams(scope["query_string"])
    request = MockRequest(
        MARKET_URL,
        scope["method"].lower(),
        scope["path"],
        args=dict(query),
        headers=headers,
        data=asked or None,
        content_type=headers.get("content-type", ""),
    )
    answer_headers = {name.decode(): value.decode() for name, value in start["headers"]}
    response = MockResponse(answered, start["status"], answer_headers, answer_headers["content-type"])
    return Exchange(request, response)


def flattened(node: Any, spec: dict[str, Any]) -> Any:
    """The spec without references, `allOf` and deprecated fields, so that a field it does not name can be forbidden."""
    if isinstance(node, list):
        return [flattened(part, spec) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = spec
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        return flattened(target, spec)
    flat = {name: flattened(value, spec) for name, value in node.items() if name != "allOf"}
    for part in (flattened(part, spec) for part in node.get("allOf", ())):
        flat["properties"] = flat.get("properties", {}) | part.get("properties", {})
        flat["required"] = sorted({*flat.get("required", ()), *part.get("required", ())})
    if isinstance(flat.get("properties"), dict):
        flat["properties"] = {
            name: value for name, value in flat["properties"].items() if not value.get("deprecated", False)
        }
    if flat.get("required") == []:
        del flat["required"]
    return flat


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    loaded = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    flat: dict[str, Any] = flattened(loaded, loaded)
    # Of the two ways to say who asks, Chatwarden has one.
    return flat | {"security": [{"ApiKey": []}]}


@pytest.fixture(scope="module")
def openapi(spec: dict[str, Any]) -> OpenAPI:
    return OpenAPI.from_dict(spec, config=Config(additional_properties_default_policy="forbid"))


@pytest.fixture(scope="module")
def traffic() -> Iterator[Traffic]:
    world = demo_world(1, datetime(2026, 11, 23, tzinfo=UTC))
    recorder = Recorder(create_app(world))
    cabinet = next(iter(world.cabinets.values()))
    with running(recorder) as url:
        with MarketClient(cabinet.business_id, SecretStr(cabinet.api_key), base_url=url) as client:
            ask_everything(client, cabinet)
        of_client, recorder.exchanges = recorder.exchanges, []
        with httpx.Client(base_url=url, headers={"Api-Key": cabinet.api_key}, trust_env=False) as http:
            ask_otherwise(http, cabinet)
        yield Traffic(of_client, recorder.exchanges)


def ask_everything(client: MarketClient, cabinet: Cabinet) -> None:
    """Call every method of the client with every kind of argument, over chats of every kind."""
    client.get_auth_token_info()
    client.get_campaigns()
    client.get_campaigns(limit=1)
    page = client.get_chats()
    client.get_chats(page_token=page.next_page_token, limit=1)
    client.get_chats(
        contexts=[("ORDER", 1), ("RETURN", 2)], context_types=["DIRECT"], types=["CHAT"], statuses=["NEW", "FINISHED"]
    )
    of_every_kind = {(chat.context_type, chat.type): chat for chat in cabinet.chats.values()}.values()
    with_files = next(c for c in cabinet.chats.values() if any(m.file_names for m in c.messages.values()))
    for chat in (*of_every_kind, with_files):
        client.get_chat(chat.chat_id)
        history = client.get_chat_history(chat.chat_id, limit=2)
        if history.next_page_token:
            client.get_chat_history(chat.chat_id, page_token=history.next_page_token)
        message_id = next(iter(chat.messages))
        client.get_chat_history(chat.chat_id, message_id_from=message_id)
        client.get_chat_message(chat.chat_id, message_id)


def ask_otherwise(http: httpx.Client, cabinet: Cabinet) -> None:
    """Send a message, and get every answer that is no success."""
    chats, chat_id = f"/v2/businesses/{cabinet.business_id}/chats", next(iter(cabinet.chats))
    message = {"chatId": chat_id, "messageId": 1}
    http.post(f"{chats}/message", params={"chatId": chat_id}, json={"message": "Добрый день"})
    http.get(f"{chats}/message", params=message)
    http.get(f"{chats}/message", params={"chatId": 1, "messageId": 1})
    http.get(f"{chats}/message", params={"chatId": 1})
    http.get(f"{chats}/message", params=message, headers={"Api-Key": "ACMA:other"})
    http.get("/v2/businesses/1/chat", params={"chatId": 1})
    http.post("/sandbox/limits", json=Limits(hourly={"getChatMessage": 0}).model_dump())
    http.get(f"{chats}/message", params=message)
    http.post("/sandbox/limits", json=Limits(parallel=0).model_dump())
    http.get(f"{chats}/message", params=message)
    http.post("/sandbox/limits", json=Limits().model_dump())
    http.post("/sandbox/faults", json={"status": 500})
    http.get(f"{chats}/message", params=message)


def test_all_that_the_client_asks_is_allowed(openapi: OpenAPI, traffic: Traffic) -> None:
    for exchange in traffic.of_client:
        openapi.validate_request(exchange.request)


def test_the_client_sends_no_parameter_that_is_not_documented(spec: dict[str, Any], traffic: Traffic) -> None:
    for exchange in traffic.of_client:
        operation = spec["paths"][exchange.pattern][exchange.request.method]
        assert set(exchange.request.parameters.query) <= {known["name"] for known in operation.get("parameters", ())}


def test_the_client_asks_all_methods_but_sending(spec: dict[str, Any], traffic: Traffic) -> None:
    asked = {spec["paths"][one.pattern][one.request.method]["operationId"] for one in traffic.of_client}

    assert asked == {method.name for method in METHODS} - {"sendMessageToChat"}


def test_all_that_the_sandbox_answers_is_as_documented(openapi: OpenAPI, traffic: Traffic) -> None:
    for exchange in (*traffic.of_client, *traffic.of_others):
        openapi.validate_response(exchange.request, exchange.response)


def test_every_documented_kind_of_answer_was_seen(traffic: Traffic) -> None:
    assert {exchange.response.status_code for exchange in traffic.of_client} == {200}
    assert [exchange.response.status_code for exchange in traffic.of_others] == [
        200, 404, 404, 400, 401, 403, 420, 420, 500,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b'{"status":"FINE"}',
        b'{"result":{}}',
        b'{"status":"OK","result":{"messageId":1,"createdAt":"2026-11-20T12:00:00","sender":"PARTNER"}}',
        b'{"status":"OK","result":{"messageId":1,"createdAt":"2026-11-20T12:00:00Z","sender":"PARTNER","txt":""}}',
    ],
)
def test_the_contract_would_notice_a_wrong_answer(openapi: OpenAPI, traffic: Traffic, body: bytes) -> None:
    request = next(exchange.request for exchange in traffic.of_client if exchange.pattern.endswith("/message"))

    with pytest.raises(ValidationError):
        openapi.validate_response(request, MockResponse(body, 200))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_each_method_has_the_documented_name_limit_and_scopes(spec: dict[str, Any], method: Method) -> None:
    operation = spec["paths"][method.path][method.verb.lower()]
    spelled = {scope.upper().replace("-", "_").replace(":", "_") for scope in operation["x-auth-scopes"]}

    assert operation["operationId"] == method.name
    assert operation["x-resource-limit-config"]["none"]["amount"] == HOURLY[method.name]
    assert method.scopes is None or method.scopes == spelled
