"""A table of attacks, and the answer of each."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.waiting import until
from tests.worker.web.conftest import TOKEN, Handed, open_doors
from worker import presend
from worker.store import Store
from worker.web import gate, serving

MARKET = "5.45.207.5"
PING = b'{"notificationType":"PING"}'
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def shut(environment: pytest.MonkeyPatch, handed: Handed, store: Store) -> Iterator[httpx.Client]:
    """The doors as they are by default, behind a proxy on this machine; a client without a token."""
    environment.setenv("CHATWARDEN_TRUSTED_PROXIES", "127.0.0.1")
    environment.setenv("CHATWARDEN_API_TOKENS", f"crm:{TOKEN}")
    with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        (MARKET, 200),
        (f"10.0.0.1, {MARKET}", 200),  # what stands before it the visitor wrote
        (f"{MARKET}, 10.0.0.1", 403),
        (f"{MARKET}, 127.0.0.1", 200),
        (f"{MARKET}:4711", 200),
        (f"[::ffff:{MARKET}]:4711", 200),
        ("nonsense", 403),
        ("", 403),
        (f"{MARKET}\t,", 403),
    ],
)
def test_a_source_is_believed_only_from_a_trusted_proxy(shut: httpx.Client, forwarded: str, status: int) -> None:
    answer = shut.post("/notification", content=PING, headers={**JSON, "X-Forwarded-For": forwarded})
    assert answer.status_code == status


def test_a_stranger_is_refused_and_no_header_helps(
    environment: pytest.MonkeyPatch, handed: Handed, store: Store
) -> None:
    named = {"X-Forwarded-For": MARKET, "Forwarded": f"for={MARKET}", "X-Real-IP": MARKET, "Client-IP": MARKET}
    with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:
        assert client.post("/notification", content=PING, headers={**JSON, **named}).status_code == 403


SHUT = (
    ("POST", "/v1/check"),
    ("POST", "/v1/check/batch"),
    ("POST", "/v1/send"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/nothing"),
    ("GET", "/v1/check/../../metrics"),
    ("GET", "/healthz//..//metrics"),
    ("GET", "/docs/"),
    ("OPTIONS", "/v1/check"),
)


@pytest.mark.parametrize("token", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"bearer  x{TOKEN}", "Basic Og=="])
def test_without_a_known_token_nothing_is_told(shut: httpx.Client, token: str | None) -> None:
    for method, path in SHUT:
        answer = shut.request(method, path, headers={"Authorization": token} if token else {})
        assert answer.status_code == 401, (method, path)
        assert set(answer.json()) == {"detail"}


def test_guessing_tokens_is_slowed_down(shut: httpx.Client) -> None:
    answers = [shut.get("/metrics", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(40)]
    assert answers.count(401) == gate.GUESSES.amount
    assert answers[-1] == 429
    assert shut.get("/docs", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert shut.get("/docs", auth=("anybody", TOKEN)).status_code == 200


def test_health_is_open_and_says_nothing_more(shut: httpx.Client) -> None:
    assert shut.get("/healthz").json() == {"status": "ok"}
    assert shut.head("/healthz").status_code == 200


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_too_long_is_turned_away(doors: httpx.Client, announced: bool) -> None:
    body = b'{"notificationType":"PING","x":"' + b"x" * 70_000 + b'"}'
    content = body if announced else iter([body])
    answer = doors.post("/notification", content=content, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "WRONG_EVENT_FORMAT"
    assert doors.post("/v1/check", content=b" " * 300_000, headers=JSON).status_code == 413


def raw(client: httpx.Client, *pieces: bytes, wait_s: float = 0.0) -> bytes:
    """Send bytes over a connection of its own; return all that comes until it ends."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(wait_s)
        answer = b""
        while got := connection.recv(65_536):
            answer += got
            if b"\r\n\r\n" in answer and b"connection: close" not in answer.lower():
                break
        return answer


def test_a_slow_body_is_given_up_and_holds_nobody_else(doors: httpx.Client, environment: pytest.MonkeyPatch) -> None:
    environment.setattr(gate, "BODY_S", 0.5)
    head = b"POST /notification HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
    with socket.create_connection((doors.base_url.host, doors.base_url.port or 0), timeout=10) as slow:
        slow.sendall(head)
        assert doors.post("/notification", content=PING, headers=JSON).status_code == 200
        assert slow.recv(65_536).startswith(b"HTTP/1.1 400 ")


def test_slow_headers_are_given_up(environment: pytest.MonkeyPatch, doors: httpx.Client) -> None:
    environment.setattr(serving, "HEADERS_S", 0.3)
    assert raw(doors, b"POST /notification HTTP/1.1\r\nHost: x\r\n") == b""


@pytest.mark.parametrize(
    "request_head",
    [
        b"POST /notification HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /notification HTTP/1.1\r\nHost: x\r\nX-Forwarded-For : 5.45.207.5\r\n\r\n",
        b"POST /notification HTTP/1.1\r\nHost: x\r\nX: a\r\n b\0\r\n\r\n",
        b"POST /notification\r\n HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused(doors: httpx.Client, request_head: bytes) -> None:
    assert raw(doors, request_head).startswith(b"HTTP/1.1 400 ")


def test_nothing_that_is_sent_comes_back_in_headers(doors: httpx.Client) -> None:
    answer = doors.get("/v1/check%0d%0aX-Evil:%20yes")
    assert answer.status_code == 404
    assert "x-evil" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_no_secret_and_no_text_is_logged(
    environment: pytest.MonkeyPatch, handed: Handed, store: Store, every_log_line: pytest.LogCaptureFixture
) -> None:
    environment.setenv("CHATWARDEN_NOTIFICATION_NETWORKS", "any")
    environment.setenv("CHATWARDEN_NOTIFICATION_PREFIX", "secret-path")
    environment.setenv("CHATWARDEN_API_TOKENS", "crm:hunter2")
    with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:
        assert client.post("/secret-path/notification", content=PING, headers=JSON).status_code == 200
        assert client.post("/notification", content=PING, headers=JSON).status_code == 401
        for token in ("hunter2", "hunter3"):
            headers = {"Authorization": f"Bearer {token}"}
            client.post("/v1/check?token=secret-query", json={"text": "Звоните hunter5"}, headers=headers)
            client.post("/v1/check", json={"text": 5, "hunter6": "hunter7"}, headers=headers)
    ours = [line for line in every_log_line.messages if "http://127.0.0.1" not in line]  # the client's own are not
    assert any("any address" in line for line in ours)
    assert not any(secret in "".join(ours) for secret in ("hunter", "secret-path", "secret-query"))


class TestTokensOfAFile:
    def test_are_void_when_they_are_taken_out(
        self, environment: pytest.MonkeyPatch, handed: Handed, store: Store, tmp_path: Path
    ) -> None:
        file = tmp_path / "tokens"
        file.write_text("one:first-token\ntwo:second-token\n")
        environment.setenv("CHATWARDEN_API_TOKENS_FILE", str(file))
        with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:

            def known(token: str) -> bool:
                return client.get("/docs", headers={"Authorization": f"Bearer {token}"}).status_code == 200

            assert known("first-token")
            file.write_text("two:second-token\n")
            assert not known("first-token")
            assert known("second-token")
            file.unlink()
            assert not known("second-token")


def test_pages_of_other_sites_may_call_only_where_it_is_set(
    environment: pytest.MonkeyPatch, handed: Handed, store: Store
) -> None:
    environment.setenv("CHATWARDEN_CORS_ORIGINS", "https://crm.example")
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "Authorization"}
    with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:
        ours = client.options("/v1/check", headers={"Origin": "https://crm.example", **asked})
        theirs = client.options("/v1/check", headers={"Origin": "https://evil.example", **asked})
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (200, "https://crm.example")
    assert theirs.status_code == 400
    assert "access-control-allow-origin" not in theirs.headers


def test_a_fault_is_told_without_what_it_quotes(
    doors: httpx.Client, environment: pytest.MonkeyPatch, every_log_line: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("Звоните 8 912 000-11-22")

    environment.setattr(presend, "judge", broken)
    answer = doors.post("/v1/check", json={"text": "а"})
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    until(lambda: "KeyError while answering check" in every_log_line.messages)
    assert "Звоните" not in answer.text + every_log_line.text
