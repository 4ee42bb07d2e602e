from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.worker.doctor.conftest import See
from worker.doctor import web
from worker.doctor.diagnosis import State
from worker.sandbox.server import running


@contextmanager
def answering(status: int) -> Iterator[str]:
    """Run something that takes a notification and answers it with a status."""

    async def take(request: Request) -> JSONResponse:
        told = (await request.json())["notificationType"]
        return JSONResponse({}, status if told == "PING" else 400)

    with running(Starlette(routes=[Route("/notification", take, methods=["POST"])])) as url:
        yield url


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        (200, State.OK, "answered a PING in"),
        (403, State.OK, "is reached, and refuses all but Market's addresses"),
        (404, State.WRONG, "answers HTTP 404; let the proxy pass POST /notification on"),
    ],
)
def test_what_the_address_answers(see: See, status: int, state: State, said: str) -> None:
    with answering(status) as url:
        [found] = see(web.examine, CHATWARDEN_NOTIFICATION_URL=url)
    assert found[0] is state
    assert f"{url}/notification {said}" in found[2]


def test_an_answer_that_comes_late(see: See, environment: pytest.MonkeyPatch) -> None:
    environment.setattr(web, "PING_S", 0.0)
    with answering(200) as url:
        assert see(web.examine, CHATWARDEN_NOTIFICATION_URL=url)[0][0] is State.WRONG


def test_an_address_that_does_not_answer(see: See) -> None:
    [(state, _, said)] = see(web.examine, CHATWARDEN_NOTIFICATION_URL="http://127.0.0.1:1")
    assert state is State.WRONG
    assert "does not answer (ConnectError)" in said


def test_without_an_address_none_is_tried(see: See) -> None:
    [(state, _, said)] = see(web.examine)
    assert state is State.OK
    assert said.startswith("not tried: notification_url names no address")
