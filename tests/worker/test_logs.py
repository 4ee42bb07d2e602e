import json
import logging
import re
import sys
import warnings
from typing import Any

import pytest

from worker.disclosure import HIDDEN
from worker.logs import set_up_logging, working_on
from worker.market.errors import NotFoundError

SAID = "позвоните нам, 8 912 000-11-22"


@pytest.fixture(autouse=True)
def about_nothing() -> None:
    working_on()


def last(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    out, err = capsys.readouterr()
    assert not out
    entry: dict[str, Any] = json.loads(err.splitlines()[-1])
    return entry


class TestForPeople:
    def test_an_entry_is_one_line_on_stderr(self, capsys: pytest.CaptureFixture[str]) -> None:
        set_up_logging("INFO", "people")
        logging.getLogger("worker.alerts").info("alert of violation %s", 7)
        out, err = capsys.readouterr()
        assert not out
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \S+ INFO worker.alerts: alert of violation 7\n", err)

    def test_it_ends_with_what_was_worked_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        set_up_logging("INFO", "people")
        working_on(business_id=1, chat_id=2, message_id=3)
        logging.getLogger("worker").info("given up")
        assert capsys.readouterr().err.endswith("given up [1/2/3]\n")

    def test_a_terminal_gets_them_by_itself(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        set_up_logging("INFO")
        logging.getLogger("worker").info("for people")
        assert not capsys.readouterr().err.startswith("{")


class TestJsonLines:
    def test_are_what_is_no_terminal_gets(self, capsys: pytest.CaptureFixture[str]) -> None:
        set_up_logging("INFO")
        working_on(business_id=1, chat_id=2, message_id=3)
        logging.getLogger("worker").warning("жду\n%s", "там")
        entry = last(capsys)
        assert entry.pop("time").endswith("+00:00")
        assert entry == {
            "level": "WARNING",
            "logger": "worker",
            "message": "жду\nтам",
            "business_id": 1,
            "chat_id": 2,
            "message_id": 3,
        }

    def test_tell_where_it_broke_and_of_foreign_errors_only_the_type(self, capsys: pytest.CaptureFixture[str]) -> None:
        set_up_logging("INFO", "json")
        try:
            try:
                raise NotFoundError("getChat", 404, detail="no chat")
            except NotFoundError:
                raise ValueError(SAID)  # noqa: B904 - what a judge might do
        except ValueError:
            logging.getLogger("worker").exception("broken")
        entry = last(capsys)
        assert entry["error"].startswith(f"ValueError: {HIDDEN}, after worker.market.errors.NotFoundError: getChat")
        assert re.search(r"test_logs\.py:\d+ test_tell_where", entry["trace"][-1])

    def test_do_not_quote_what_celery_quotes(self, capsys: pytest.CaptureFixture[str]) -> None:
        set_up_logging("INFO", "json")
        task = {
            "name": "check_message",
            "id": "a-b",
            "description": "raised unexpected",
            "exc": f"ValueError({SAID!r})",
        }
        error = ValueError(SAID)
        celery = logging.getLogger("celery.app.trace")
        celery.error(
            "Task %(name)s %(exc)s", task, exc_info=(ValueError, error, None), extra={"data": task}
        )  # as its tracer does
        entry = last(capsys)
        assert entry["message"] == "task check_message (a-b) raised unexpected"
        assert SAID not in str(entry)

    def test_hold_warnings_and_last_words_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        set_up_logging("INFO", "json")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("out of date", stacklevel=1)
        assert "out of date" in last(capsys)["message"]
        sys.excepthook(ValueError, ValueError(SAID), None)
        assert last(capsys)["error"] == f"ValueError: {HIDDEN}"


@pytest.mark.parametrize("name", ["httpx", "celery.app.trace", "alembic"])
def test_those_who_tell_every_request_are_heard_only_when_something_is_wrong(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("DEBUG")
    logging.getLogger(name).info("a request")
    logging.getLogger(name).warning("a warning")
    assert "a request" not in (said := capsys.readouterr().err)
    assert "a warning" in said


def test_setting_up_twice_prints_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("WARNING")
    set_up_logging("WARNING")
    logging.getLogger("worker").warning("once")
    assert capsys.readouterr().err.count("once") == 1
