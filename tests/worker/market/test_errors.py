import pickle
from datetime import UTC, datetime

import pytest

from worker.market import errors
from worker.market.errors import LONGEST_DETAIL, MarketError, Scope, error_of

UNTIL = datetime(2026, 11, 23, 3, tzinfo=UTC)

PARALLEL = "Hit rate limit of 4 parallel requests for businessId 1"
HOURLY = "Hit rate limit of '1000' requests per '1 hour' for resource 'getChatMessage'"


def made(status: int, detail: str = "said", *, worded: bool = True, until: datetime | None = None) -> MarketError:
    return error_of("getChatMessage", status, "CODE", detail, worded=worded, exhausted_until=until)


@pytest.mark.parametrize(
    ("status", "kind", "permanent", "scope"),
    [
        (400, errors.BadRequestError, True, Scope.REQUEST),
        (401, errors.UnauthorizedError, True, Scope.CABINET),
        (403, errors.ForbiddenError, True, Scope.CABINET),
        (404, errors.NotFoundError, True, Scope.REQUEST),
        (423, errors.MigrationError, False, Scope.CABINET),
        (500, errors.ServerError, False, Scope.MARKET),
        (503, errors.ServerError, False, Scope.MARKET),
        (599, errors.ServerError, False, Scope.MARKET),
        (405, errors.RefusedError, True, Scope.REQUEST),
        (408, errors.GatewayError, False, Scope.MARKET),
        (429, errors.GatewayError, False, Scope.MARKET),
        (302, errors.GatewayError, False, Scope.MARKET),
    ],
)
def test_each_status_says_whether_it_lasts_and_what_stops(
    status: int, kind: type[MarketError], permanent: bool, scope: Scope
) -> None:
    error = made(status)

    assert type(error) is kind
    assert (error.permanent, error.scope, error.status) == (permanent, scope, status)


@pytest.mark.parametrize("status", [400, 404, 405, 410])
def test_a_refusal_that_market_did_not_word_is_not_final(status: int) -> None:
    assert type(made(status, worded=False)) is errors.GatewayError


@pytest.mark.parametrize(("status", "kind"), [(401, errors.UnauthorizedError), (403, errors.ForbiddenError)])
def test_a_key_that_is_refused_stops_its_cabinet_in_any_words(status: int, kind: type[MarketError]) -> None:
    assert type(made(status, worded=False)) is kind


@pytest.mark.parametrize(
    ("detail", "until", "kind", "scope"),
    [
        (HOURLY, UNTIL, errors.HourlyLimitError, Scope.METHOD),
        (HOURLY, None, errors.HourlyLimitError, Scope.METHOD),
        ("", UNTIL, errors.HourlyLimitError, Scope.METHOD),
        (PARALLEL, None, errors.ParallelLimitError, Scope.CABINET),
        (PARALLEL, UNTIL, errors.ParallelLimitError, Scope.CABINET),
        ("", None, errors.ParallelLimitError, Scope.CABINET),
    ],
)
def test_the_two_forms_of_420_are_told_apart(
    detail: str, until: datetime | None, kind: type[MarketError], scope: Scope
) -> None:
    error = made(420, detail, until=until)

    assert (type(error), error.scope, error.permanent) == (kind, scope, False)
    assert error.retry_at == (until if kind is errors.HourlyLimitError else None)


def test_its_text_says_method_status_code_words_and_until() -> None:
    assert str(made(420, HOURLY, until=UNTIL)) == (
        f"getChatMessage: HTTP 420, CODE: {HOURLY} (until 2026-11-23T03:00:00+00:00)"
    )
    assert str(errors.MarketTimeoutError("getChat")) == "getChat: no answer"


def test_its_text_is_one_short_line_without_keys() -> None:
    error = made(400, "wrong\r\nkey ACMA:abc:def, " + "long " * 500)

    assert "\n" not in str(error)
    assert "abc" not in str(error) + repr(error)
    assert len(error.detail or "") == LONGEST_DETAIL


@pytest.mark.parametrize(
    "error",
    [
        made(404),
        made(420, HOURLY, until=UNTIL),
        errors.BrokenConnectionError("getChats", detail="ConnectError"),
        errors.WrongShapeError("getChat", 200, detail="chatId: missing"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_it_survives_pickling_and_being_rebuilt_from_its_arguments(error: MarketError) -> None:
    for copy in (pickle.loads(pickle.dumps(error)), type(error)(*error.args)):
        assert type(copy) is type(error)
        assert (str(copy), copy.retry_at, copy.scope) == (str(error), error.retry_at, error.scope)
