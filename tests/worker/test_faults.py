import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sentry_sink import SentrySink, sentry_sink
from tests.worker.failing_tasks import SECRET
from worker import faults
from worker.disclosure import HIDDEN
from worker.version import RELEASE

ROOT = Path(__file__).parents[2]
Event = dict[str, Any]


@pytest.fixture(scope="module")
def sink() -> Iterator[SentrySink]:
    with sentry_sink() as sink:
        command = [sys.executable, "-m", "tests.worker.failing_tasks", sink.dsn]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60, capture_output=True)
        yield sink


@pytest.fixture(scope="module")
def events(sink: SentrySink) -> dict[str, Event]:
    return {event.get("transaction", "told"): event for event in sink.events}


def exceptions(event: Event) -> list[Event]:
    values: list[Event] = event["exception"]["values"]
    return values


def test_every_fault_is_one_event_of_its_kind(sink: SentrySink, events: dict[str, Event]) -> None:
    assert set(events) == {"foreign", "builtin", "chained", "own", "database", "told"}
    assert len(sink.events) == len(sink.faults) == len(sink.envelopes) == 6
    assert {event["release"] for event in sink.events} == {RELEASE}


def test_no_fault_holds_what_a_message_said(sink: SentrySink) -> None:
    for envelope, event in zip(sink.envelopes, sink.events, strict=True):
        for secret in (SECRET, "000-11-22", "секрет", SECRET.encode("unicode_escape").decode()[:20]):
            assert secret not in envelope.decode() + str(event)


def test_no_fault_holds_variables_requests_users_or_breadcrumbs(sink: SentrySink) -> None:
    for event in sink.events:
        assert not {"request", "user", "breadcrumbs"} & event.keys()
        for exception in event.get("exception", {}).get("values", []):
            assert exception["stacktrace"]["frames"]
            assert not any("vars" in frame for frame in exception["stacktrace"]["frames"])


@pytest.mark.parametrize(
    ("task", "kind"), [("foreign", "JSONDecodeError"), ("builtin", "ValueError"), ("database", "IntegrityError")]
)
def test_the_text_of_a_foreign_exception_is_hidden(events: dict[str, Event], task: str, kind: str) -> None:
    [exception] = exceptions(events[task])
    assert (exception["type"], exception["value"]) == (kind, HIDDEN)


def test_our_own_exceptions_speak_and_what_caused_them_does_not(events: dict[str, Event]) -> None:
    assert {exception["type"]: exception["value"] for exception in exceptions(events["chained"])} == {
        "KeyError": HIDDEN,
        "RuleError": "rule phone: TimeoutError",
    }
    [exception] = exceptions(events["own"])
    assert exception["value"] == "no queue: nothing runs in the data folder"


def test_a_fault_names_the_message_that_its_task_worked_on_and_no_other_does(events: dict[str, Event]) -> None:
    ids = {"business_id": "7", "chat_id": "70", "message_id": "700"}
    assert ids.items() <= events["foreign"]["tags"].items()
    assert not ids.keys() & events["builtin"]["tags"].keys()


def test_what_no_exception_says_can_be_told(events: dict[str, Event]) -> None:
    told = events["told"]
    assert (told["message"], told["level"]) == ("Cabinet 7 is stopped", "error")
    assert told["tags"] == {"kind": "fault", "business_id": "7"}
    assert told["fingerprint"] == ["Cabinet 7 is stopped"]


def test_without_a_dsn_telling_does_nothing() -> None:
    faults.tell("Cabinet 7 is stopped", 7)
