"""Holds the answers to notifications against Yandex's own OpenAPI file.

The file is looked for beside the one that MARKET_OPENAPI names, else in `../shared/market/` beside the repository.
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.exceptions import ValidationError

REPOSITORY = Path(__file__).parents[3]
NAMED = os.environ.get("MARKET_OPENAPI")
FOLDER = Path(NAMED).parent if NAMED else REPOSITORY.parent / "shared" / "market"
OPENAPI = FOLDER / "openapi_notification.yaml"
HOST = "https://shop.example"
TIME = "2026-11-23T09:00:00.213Z"

pytestmark = pytest.mark.skipif(
    not OPENAPI.is_file(),
    reason="Yandex's OpenAPI file is not there; put it beside the one that MARKET_OPENAPI names",
)


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def openapi(spec: dict[str, Any]) -> OpenAPI:
    return OpenAPI.from_dict(spec)


def example(schema: dict[str, Any], spec: dict[str, Any]) -> Any:
    """Return the least that a schema allows: every required field, and of an enum its first value."""
    if "$ref" in schema:
        return example(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], spec)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: example(schema["properties"][name], spec) for name in schema.get("required", ())}
    if schema.get("type") == "array":
        return [example(schema["items"], spec)]
    return {"integer": 7, "boolean": True, "string": TIME if schema.get("format") == "date-time" else "7"}[
        schema["type"]
    ]


def notifications(spec: dict[str, Any]) -> dict[str, Any]:
    """Return one notification of every documented type."""
    request = spec["components"]["schemas"]["SendNotificationRequest"]
    return {
        kind: {**example({"$ref": ref}, spec), "notificationType": kind}
        for kind, ref in request["discriminator"]["mapping"].items()
    }


def answered(openapi: OpenAPI, doors: httpx.Client, body: bytes) -> int:
    """Post a body, hold the answer against the contract, and return its status."""
    headers = {"Content-Type": "application/json"}
    answer = doors.post("/notification", content=body, headers=headers)
    request = MockRequest(HOST, "post", "/notification", headers=headers, data=body, content_type="application/json")
    response = MockResponse(answer.content, answer.status_code, content_type=answer.headers["content-type"])
    openapi.validate_response(request, response)
    return answer.status_code


def test_every_documented_type_is_answered_as_documented(
    spec: dict[str, Any], openapi: OpenAPI, doors: httpx.Client
) -> None:
    examples = notifications(spec)
    assert {"PING", "CHAT_CREATED", "CHAT_MESSAGE_SENT", "CHAT_ARBITRAGE_STARTED"} < set(examples)
    for kind, body in examples.items():
        assert answered(openapi, doors, json.dumps(body).encode()) == 200, kind


@pytest.mark.parametrize(
    "body", [b"", b"[", b"{}", b'{"notificationType":"CHAT_MESSAGE_SENT"}', b'{"x":"' + b"x" * 70_000 + b'"}']
)
def test_what_is_malformed_is_refused_as_documented(openapi: OpenAPI, doors: httpx.Client, body: bytes) -> None:
    assert answered(openapi, doors, body) == 400


@pytest.mark.parametrize("wrong", [b'{"version":"1","name":"x"}', b'{"version":"","name":"x","time":"soon"}', b"[]"])
def test_the_contract_would_notice_a_wrong_answer(openapi: OpenAPI, wrong: bytes) -> None:
    request = MockRequest(HOST, "post", "/notification", data=b"{}", content_type="application/json")
    with pytest.raises(ValidationError):
        openapi.validate_response(request, MockResponse(wrong, 200))
