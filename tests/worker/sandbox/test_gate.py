import threading
import time

import httpx
import pytest

from tests.worker.sandbox.conftest import Sandbox, Start, message_of
from worker.sandbox.faults import Fault
from worker.sandbox.limits import Limits

HEADERS = ["X-RateLimit-Resource-Limit", "X-RateLimit-Resource-Remaining", "X-RateLimit-Resource-Until"]


class TestKey:
    @pytest.mark.parametrize(
        ("key", "words"), [("", "Api-Key token is not specified"), ("ACMA:other", "Api-Key token is invalid")]
    )
    def test_an_unknown_key_is_refused(self, sandbox: Sandbox, key: str, words: str) -> None:
        answer = httpx.get(f"{sandbox.url}/v2/businesses/1/chat?chatId=1", headers={"Api-Key": key})

        assert (answer.status_code, message_of(answer)) == (401, words)

    def test_a_key_can_be_revoked_and_restored(self, sandbox: Sandbox) -> None:
        sandbox.control("keys", {"business_id": 1, "revoked": True})
        revoked = sandbox.chat(1)
        sandbox.control("keys", {"business_id": 1, "revoked": False})

        assert (revoked.status_code, message_of(revoked)) == (401, "Api-Key token is revoked")
        assert sandbox.chat(1).status_code == 200

    def test_a_key_opens_its_own_cabinet_only(self, sandbox: Sandbox) -> None:
        answer = sandbox.http.get("/v2/businesses/2/chat?chatId=1")

        assert (answer.status_code, message_of(answer)) == (403, "Access denied")

    def test_a_key_needs_the_scope_but_may_always_ask_about_itself(self, sandbox: Sandbox) -> None:
        sandbox.control("keys", {"business_id": 1, "scopes": ["PRICING"]})

        assert sandbox.chat(1).status_code == 403
        assert sandbox.http.post("/v2/auth/token").json()["result"]["apiKey"]["authScopes"] == ["PRICING"]


class TestHour:
    def test_every_answer_tells_the_limit(self, sandbox: Sandbox) -> None:
        found, missing = sandbox.chat(1), sandbox.chat(999)

        assert [found.headers[name] for name in HEADERS[:2]] == ["1000", "999"]
        assert missing.headers[HEADERS[1]] == "998"
        assert missing.headers[HEADERS[2]].endswith("GMT")

    def test_over_it_comes_420_with_the_headers(self, start: Start) -> None:
        sandbox = start(limits=Limits(hourly={"getChat": 1}))
        sandbox.chat(1)

        refused = sandbox.chat(1)

        assert (refused.status_code, refused.headers[HEADERS[1]]) == (420, "0")
        assert message_of(refused) == "Hit rate limit of '1' requests per '1 hour' for resource 'getChat'"
        assert sandbox.stats()["limited"] == {"1": {"hourly": 1}}

    def test_an_answer_of_5xx_spends_nothing(self, start: Start) -> None:
        sandbox = start(faults=(Fault(status=500, count=1),))

        assert sandbox.chat(1).headers[HEADERS[1]] == "1000"
        assert sandbox.chat(1).headers[HEADERS[1]] == "999"


class TestParallel:
    def ask_at_once(self, sandbox: Sandbox, times: int) -> list[httpx.Response]:
        answers: list[httpx.Response] = []
        threads = [threading.Thread(target=lambda: answers.append(sandbox.chat(1))) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    @pytest.mark.parametrize("with_headers", [False, True])
    def test_the_fifth_request_at_a_time_is_refused(self, start: Start, with_headers: bool) -> None:
        sandbox = start(limits=Limits(headers_on_parallel=with_headers), faults=(Fault(delay_s=0.5),))

        answers = self.ask_at_once(sandbox, 6)

        refused = [answer for answer in answers if answer.status_code == 420]
        assert len(refused) == 2
        assert message_of(refused[0]) == "Hit rate limit of 4 parallel requests for businessId 1"
        assert (HEADERS[0] in refused[0].headers) is with_headers
        assert sandbox.stats()["limited"] == {"1": {"parallel": 2}}
        # A refusal is given at once, so that at most one is in flight beside the four.
        assert sandbox.stats()["max_in_flight"] == {"1": 5}

    def test_it_is_over_when_the_others_are_done(self, start: Start) -> None:
        sandbox = start(faults=(Fault(delay_s=0.1, count=4),))
        self.ask_at_once(sandbox, 4)

        assert sandbox.chat(1).status_code == 200


class TestFaults:
    @pytest.mark.parametrize(
        ("status", "words"),
        [(423, "Business is being migrated"), (420, "Hit rate limit of 4 parallel requests"), (502, "Fault injected")],
    )
    def test_a_status_comes_in_markets_shape(self, start: Start, status: int, words: str) -> None:
        answer = start(faults=(Fault(status=status),)).chat(1)

        assert answer.status_code == status
        assert message_of(answer).startswith(words)

    def test_a_body_comes_as_it_is_called(self, start: Start) -> None:
        sandbox = start(faults=(Fault(body="no-json", status=502, count=1), Fault(body="wrong-shape", count=1)))

        page, shapeless = sandbox.chat(1), sandbox.chat(1)

        assert (page.status_code, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
        assert (shapeless.status_code, shapeless.json()["result"]) == (200, {"surprise": True})

    @pytest.mark.parametrize("cut", ["before", "inside"])
    def test_a_cut_ends_the_connection_and_no_other(self, start: Start, cut: str) -> None:
        sandbox = start(faults=(Fault.model_validate({"cut": cut, "count": 1}),))

        with pytest.raises(httpx.RemoteProtocolError):
            sandbox.chat(1)

        assert sandbox.chat(1).status_code == 200
        assert sandbox.stats()["answers"] == {"cut": 1, "200": 1}

    def test_a_delay_comes_before_the_real_answer(self, start: Start) -> None:
        sandbox = start(faults=(Fault(delay_s=0.2),))
        began = time.monotonic()

        assert sandbox.chat(1).status_code == 200
        assert time.monotonic() - began >= 0.2


def test_what_was_seen_is_counted(sandbox: Sandbox) -> None:
    sandbox.chat(1)
    sandbox.chat(999)
    sandbox.history(1)
    httpx.get(f"{sandbox.url}/v2/campaigns")

    assert sandbox.stats() == {
        "requests": {"1": {"getChat": 2, "getChatHistory": 1}},
        "answers": {"200": 2, "404": 1, "401": 1},
        "limited": {},
        "max_in_flight": {"1": 1},
    }
