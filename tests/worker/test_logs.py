import logging
import re

import pytest

from worker.logs import set_up_logging

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_an_entry_is_one_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO")
    logging.getLogger("worker.alerts").info("alert of violation %s", 7)
    out, err = capsys.readouterr()
    assert not out
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \S+ INFO worker.alerts: alert of violation 7\n", err)


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
