import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.worker.cli.conftest import Command
from tests.worker.store.records import claim, reading, said
from worker.store import FoundViolation, MessageKey, Store

WRITTEN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TEXT = "[/b] :smile: Звоните 8 912 000-11-22"
CABINET = '[[cabinets]]\nbusiness_id = 7\nname = "[/b]Полка"\napi_key_env = "SEVEN"\n'


def violation(message_id: int, rule: str = "phone", written: datetime = WRITTEN) -> FoundViolation:
    start, end = (21, 36) if rule == "phone" else (0, len(TEXT))
    found = (rule, "contact-offer", "violation", 0.9, start, end, TEXT[start:end], "Телефон.")
    return FoundViolation(message_id, written, *found)


@pytest.fixture
def filled(environment: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of the default settings with some violations and messages of two cabinets."""
    Path("chatwarden.toml").write_text(CABINET)
    store = Store.open("sqlite:///chatwarden-data/chatwarden.sqlite")
    found = WRITTEN + timedelta(seconds=3)
    store.messages.record(reading(said(1, TEXT), violations=(violation(1),), getChatHistory=1), now=found)
    later = violation(2, "call-or-write", WRITTEN + timedelta(days=2))
    store.messages.record(
        reading(said(2, TEXT), violations=(later,), key=MessageKey(7, 71, 2), getChatMessage=2), now=later.created_at
    )
    alert = store.alerts.prepare(1, now=found)
    assert alert is not None
    store.alerts.mark_sent(alert, now=WRITTEN + timedelta(seconds=5))
    claim(store, MessageKey(8, 80, 800))
    yield store
    store.close()


def rows(answer: Any) -> list[dict[str, Any]]:
    assert (answer.code, answer.err) == (0, "")
    return [json.loads(line) for line in answer.out.splitlines()]


class TestConfig:
    def test_shows_every_setting_and_no_secret(self, chatwarden: Command, environment: pytest.MonkeyPatch) -> None:
        Path("chatwarden.toml").write_text(f'data_dir = "[/a]"\n{CABINET}')
        environment.setenv("SENTRY_DSN", "https://hunter2@sentry.example/1")
        answer = chatwarden("config")
        assert answer.code == 0
        for shown in ("[/a]", "[/b]Полка (7), key from the environment variable SEVEN", "https://***@sentry.example/1"):
            assert shown in answer.out
        assert "hunter2" not in answer.out

    def test_of_bad_settings_is_one_line(self, chatwarden: Command) -> None:
        Path("chatwarden.toml").write_text("langauge = 1")
        assert chatwarden("config").error.endswith("is no setting of Chatwarden; did you mean language?")


@pytest.mark.usefixtures("filled")
class TestStatus:
    def test_as_json_has_each_cabinet_and_the_total(self, chatwarden: Command) -> None:
        [status] = rows(chatwarden("status", "--json"))
        nothing = dict.fromkeys(("judged", "waiting", "missing", "failed", "violations", "unsent_alerts"), 0)
        spent = {"getChatHistory": 1, "getChatMessage": 2}
        counted = {"judged": 2, "violations": 2, "unsent_alerts": 1, "requests": spent}
        assert status == {
            "cabinets": [
                {**nothing, **counted, "business_id": 7, "name": "[/b]Полка"},
                {**nothing, "waiting": 1, "requests": {}, "business_id": 8, "name": ""},
            ],
            "total": {**nothing, **counted, "waiting": 1},
        }

    def test_as_a_table_says_the_same(self, chatwarden: Command) -> None:
        answer = chatwarden("status")
        table = [line.split() for line in answer.out.splitlines()]
        assert ["[/b]Полка", "2", "0", "0", "0", "2", "1"] in table
        assert ["8", "0", "1", "0", "0", "0", "0"] in table
        assert ["total", "2", "1", "0", "0", "2", "1"] in table
        assert "requests spent at Market: getChatHistory 1, getChatMessage 2\n" in answer.out


def test_the_status_of_a_new_installation_is_nothing(chatwarden: Command) -> None:
    [status] = rows(chatwarden("status", "--json"))
    assert status["cabinets"] == []
    assert status["total"]["judged"] == 0
    assert "requests spent at Market: -\n" in chatwarden("status").out


@pytest.mark.usefixtures("filled")
class TestViolations:
    def test_as_json_are_whole_and_in_their_order(self, chatwarden: Command) -> None:
        first, second = rows(chatwarden("violations", "--json"))
        assert first == {
            "business_id": 7,
            "chat_id": 70,
            "message_id": 1,
            "rule": "phone",
            "category": "contact-offer",
            "severity": "violation",
            "start": 21,
            "end": 36,
            "evidence": "8 912 000-11-22",
            "reason": "Телефон.",
            "created_at": "2026-10-01T09:00:00+00:00",
            "found_at": "2026-10-01T09:00:03+00:00",
            "reported_at": "2026-10-01T09:00:05+00:00",
        }
        assert (second["message_id"], second["reported_at"]) == (2, None)

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (("--business", "7"), [1, 2]),
            (("--business", "8"), []),
            (("--chat", "71"), [2]),
            (("--rule", "phone"), [1]),
            (("--since", "2026-10-02"), [2]),
            (("--since", "2026-10-01T12:00:00+03:00", "--until", "2026-10-01T12:00:01+03:00"), [1]),
            (("--until", "2026-10-01T11:59:59+03:00"), []),
            (("--since", "999999d"), [1, 2]),
            (("--since", "1s"), []),
        ],
    )
    def test_are_narrowed_by_options(self, chatwarden: Command, options: tuple[str, ...], expected: list[int]) -> None:
        assert [row["message_id"] for row in rows(chatwarden("violations", "--json", *options))] == expected

    def test_as_a_table_are_masked_and_markup_is_no_markup(self, chatwarden: Command) -> None:
        answer = chatwarden("violations")
        assert answer.code == 0
        assert "8 912 ***-**-22" in answer.out
        assert "[/b] :sm***:" in answer.out
        assert "000-11" not in answer.out
        assert "not yet" in answer.out

    def test_are_readable_on_a_terminal_of_80_columns(
        self, chatwarden: Command, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setenv("COLUMNS", "80")
        lines = [line.split() for line in chatwarden("violations").out.splitlines()]
        assert ["2026-10-01", "09:00", "phone", "8", "912", "***-**-22"] in lines
        assert ["7/70/1", "5", "s"] in lines

    def test_are_shown_as_written_where_that_is_wanted(self, chatwarden: Command) -> None:
        assert "8 912 000-11-22" in chatwarden("violations", "--unmask").out

    def test_that_are_none_are_said_to_be_none(self, chatwarden: Command) -> None:
        assert chatwarden("violations", "--chat", "1").out == "no violations\n"

    @pytest.mark.parametrize("given", ["soon", "5y", "30 d", "2026-13-01"])
    def test_do_not_guess_a_time(self, chatwarden: Command, given: str) -> None:
        answer = chatwarden("violations", "--since", given)
        assert answer.error == f"--since {given!r} is no time; write 30d, 12h or 2026-10-01T09:00"
