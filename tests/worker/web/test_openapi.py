"""The doors against their own description: whatever it allows, no 5xx, and answers as described."""

from collections.abc import Iterator
from typing import Any

import httpx
import hypothesis
import pytest
import redis
import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.sandbox_market import Market
from tests.worker.web.conftest import TOKEN, Handed, open_doors
from worker.store import Store

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = (
    ("POST", "/notification"),
    ("POST", "/v1/check"),
    ("POST", "/v1/check/batch"),
    ("POST", "/v1/send"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
)
BODIES = [operation for operation in OPERATIONS if operation[0] == "POST"]


@pytest.fixture
def url(
    environment: pytest.MonkeyPatch, handed: Handed, store: Store, market: Market, queue: redis.Redis
) -> Iterator[str]:
    cabinet = market.cabinet
    environment.setenv("CHATWARDEN_CABINETS", f'[{{"business_id": {cabinet.business_id}, "api_key_env": "KEY"}}]')
    environment.setenv("KEY", cabinet.api_key)
    environment.setenv("CHATWARDEN_MARKET_URL", market.url)
    environment.setenv("CHATWARDEN_NOTIFICATION_NETWORKS", "127.0.0.0/8")
    environment.setenv("CHATWARDEN_API_TOKENS", f"crm:{TOKEN}")
    with open_doors(store) as url:
        yield url


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        yield session


def described(url: str) -> dict[str, dict[str, object]]:
    answer = httpx.get(f"{url}/openapi.json", headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
    described: dict[str, dict[str, object]] = answer.raise_for_status().json()
    return described


def holds(url: str, session: requests.Session, method: str, path: str, mode: GenerationMode, examples: int) -> None:
    operation = schemathesis.openapi.from_dict(described(url))[path][method]

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        case.call_and_validate(base_url=url, session=session, checks=CHECKS)

    check()


def test_all_doors_are_described(url: str) -> None:
    paths = described(url)["paths"]
    assert {(method.upper(), path) for path, methods in paths.items() for method in dict(methods)} == set(OPERATIONS)  # type: ignore[call-overload]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_is_described_is_answered_as_described(
    url: str, session: requests.Session, method: str, path: str
) -> None:
    holds(url, session, method, path, GenerationMode.POSITIVE, 8)


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_what_is_not_described_is_refused_as_described(
    url: str, session: requests.Session, method: str, path: str
) -> None:
    holds(url, session, method, path, GenerationMode.NEGATIVE, 8)


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), BODIES)
def test_neither_breaks_a_door(
    url: str, session: requests.Session, method: str, path: str, mode: GenerationMode
) -> None:
    holds(url, session, method, path, mode, 300)
