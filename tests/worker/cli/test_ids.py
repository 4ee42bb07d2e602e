import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from tests.worker.cli.conftest import Command, Start
from worker.cli.ids import LARGEST
from worker.store import MessageKey, Store

CABINETS = (
    '[[cabinets]]\nbusiness_id = 7\napi_key_env = "SEVEN"\n[[cabinets]]\nbusiness_id = 8\napi_key_env = "EIGHT"\n'
)


@pytest.fixture
def cabinets(environment: pytest.MonkeyPatch) -> None:
    Path("chatwarden.toml").write_text(CABINETS)


def queued(queue: redis.Redis) -> list[list[int]]:
    """Return the ids of the queued messages, first in first; those of one cabinet come together."""
    tasks = [json.loads(task) for task in queue.lrange("messages", 0, -1)][::-1]
    assert all(task["headers"]["task"] == "check_message" for task in tasks)
    return [json.loads(task["headers"]["argsrepr"].replace("(", "[").replace(")", "]")) for task in tasks]


@pytest.mark.usefixtures("queue", "cabinets")
class TestTaken:
    def test_are_the_messages_of_a_chat(self, chatwarden: Command, queue: redis.Redis) -> None:
        answer = chatwarden("enqueue", "7", "70", "700", "701")
        assert (answer.code, answer.out, answer.err) == (0, "2 taken, 0 refused\n", "")
        assert queued(queue) == [[7, 70, 700], [7, 70, 701]]

    def test_are_lines_of_words_or_json(self, chatwarden: Command, queue: redis.Redis) -> None:
        stdin = (
            b"7 70 700\n\n  8\t80   800  \r\n"
            b'{"business_id": 7, "chat_id": "70", "message_id": 701, "more": null}\n' + f"8 1 {LARGEST}".encode()
        )
        answer = chatwarden("enqueue", "-", stdin=stdin)
        assert (answer.code, answer.out) == (0, "4 taken, 0 refused\n")
        assert queued(queue) == [[7, 70, 700], [7, 70, 701], [8, 80, 800], [8, 1, LARGEST]]

    def test_may_be_none_at_all(self, chatwarden: Command) -> None:
        assert chatwarden("enqueue", "-").out == "0 taken, 0 refused\n"


@pytest.mark.usefixtures("queue", "cabinets")
class TestRefused:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"7 70", "2 values instead of 3; write business chat message, three whole numbers, or a JSON object"),
            (b"7 70 700 1", "4 values instead of 3; write"),
            (b"7 70 x", "'x' is no id; write"),
            (b"7 70 0", "'0' is no id; write"),
            (b"7 70 -5", "'-5' is no id; write"),
            (b"7 70 7.0", "'7.0' is no id; write"),
            ("7 70 ٧".encode(), "'٧' is no id; write"),
            (f"7 70 {LARGEST + 1}".encode(), f"'{LARGEST + 1}' is no id; write"),
            (b"7 70 " + b"9" * 5000, f"'{'9' * 40}' is no id; write"),
            (b"9 70 700", "cabinet 9 is not in the settings; add it there or mend the id"),
            (b'{"business_id": 7, "chat_id": 70}', "no ids in it; write"),
            (b'{"business_id": 7, "chat_id": 70, "message_id": true}', "'True' is no id; write"),
            (b'{"business_id": 7', "no ids in it; write"),
            (b'{"a": ' + b"[" * 100_000, "no ids in it; write"),
            (b"\xff\xfe", "1 values instead of 3; write"),
        ],
    )
    def test_are_named_with_their_line_and_the_others_are_taken(
        self, chatwarden: Command, queue: redis.Redis, line: bytes, reason: str
    ) -> None:
        answer = chatwarden("enqueue", "-", stdin=b"7 70 700\n" + line + b"\n8 80 800\n")
        assert (answer.code, answer.out) == (2, "2 taken, 1 refused\n")
        [said] = answer.err.splitlines()
        assert said.startswith(f"chatwarden: line 2: {reason}")
        assert queued(queue) == [[7, 70, 700], [8, 80, 800]]

    def test_are_named_without_a_line_on_the_command_line(self, chatwarden: Command) -> None:
        answer = chatwarden("enqueue", "7", "70", "700", "seven")
        assert (answer.code, answer.out) == (2, "1 taken, 1 refused\n")
        assert answer.err.startswith("chatwarden: 'seven' is no id; write business chat message")

    def test_is_what_market_does_not_know_and_what_was_given_up(self, chatwarden: Command, queue: redis.Redis) -> None:
        now = datetime.now(UTC)
        with closing(Store.open("sqlite:///chatwarden-data/chatwarden.sqlite")) as store:
            store.messages.expect([MessageKey(7, 70, 700), MessageKey(7, 70, 701)], now=now, due_at=now)
            store.messages.miss(MessageKey(7, 70, 700), reason="HTTP 404")
            store.messages.fail(MessageKey(7, 70, 701), reason="HTTP 400")
        answer = chatwarden("enqueue", "7", "70", "700", "701", "702")
        assert (answer.code, answer.out) == (2, "1 taken, 2 refused\n")
        missing, failed = answer.err.splitlines()
        assert missing == "chatwarden: message 700 of chat 70 of cabinet 7 is not known to Market; mend the id"
        assert failed.startswith("chatwarden: message 701 of chat 70 of cabinet 7 broke its judging and was given up")
        assert queued(queue) == [[7, 70, 702]]

    def test_is_a_command_without_ids(self, chatwarden: Command) -> None:
        assert chatwarden("enqueue", "7", "70").error.startswith("enqueue needs a cabinet, a chat and at least one")


class TestWithoutWhatItNeeds:
    def test_a_cabinet(self, chatwarden: Command) -> None:
        assert chatwarden("enqueue", "7", "70", "700").error.startswith("no cabinet is set up; write into")

    @pytest.mark.usefixtures("cabinets")
    def test_a_queue(self, process: Start) -> None:
        with process("enqueue", "7", "70", "700") as running:
            out, err = running.communicate(timeout=60)
        assert (running.returncode, out) == (2, b"")
        [line] = err.decode().splitlines()
        said = "chatwarden: no queue: nothing runs in the data folder chatwarden-data; start `chatwarden up` there"
        assert line.startswith(said)

    @pytest.mark.usefixtures("cabinets")
    def test_redis_lets_the_ids_wait_in_the_store(self, process: Start, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("CHATWARDEN_REDIS_URL", "redis://:hunter2@127.0.0.1:1/0")
        with process("enqueue", "7", "70", "700", "701") as running:
            out, err = running.communicate(timeout=60)
        assert (running.returncode, out) == (0, b"2 taken, 0 refused\n")
        assert err == b"chatwarden: Redis does not answer; the ids wait in the store until it is back\n"
        with closing(Store.open("sqlite:///chatwarden-data/chatwarden.sqlite")) as store:
            assert [cabinet.waiting for cabinet in store.figures.status([7])] == [2]
