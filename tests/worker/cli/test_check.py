import contextlib
import json
import signal
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil
import pytest

import rules
from tests.waiting import until
from tests.worker.cli.conftest import Command, Start

PHONE = "Мой номер 8 912 000-11-22"
CLEAN = "Здравствуйте! Заказ собран."


def lines(*questions: Any) -> bytes:
    return b"".join(q if isinstance(q, bytes) else json.dumps(q).encode() + b"\n" for q in questions)


def answers(out: str) -> list[dict[str, Any]]:
    assert out.endswith("\n") or not out
    return [json.loads(line) for line in out.split("\n")[:-1]]


class TestText:
    def test_that_is_clean_passes(self, chatwarden: Command) -> None:
        answer = chatwarden("check", CLEAN)
        assert answer.code == 0
        assert answer.out == f"{CLEAN}\n  nothing found\n  passed, score 0.00\n"

    def test_that_breaks_the_policy_is_flagged_with_place_and_reason(self, chatwarden: Command) -> None:
        answer = chatwarden("check", CLEAN, PHONE, "--lang", "en")
        assert answer.code == 1
        assert "\n  10-25  phone (contact-offer, violation, 0." in answer.out
        assert "\n  FLAGGED, score " in answer.out
        assert rules.RULES["phone"].reason.en in answer.out

    def test_that_looks_like_markup_is_printed_as_it_is(self, chatwarden: Command) -> None:
        assert "[/red] :smile:\n" in chatwarden("check", "[/red] :smile:").out

    def test_must_be_given(self, chatwarden: Command) -> None:
        assert chatwarden("check").error == 'nothing to check; give a text: chatwarden check "..."'

    def test_that_cannot_be_judged_is_an_error_and_never_clean(
        self, chatwarden: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "check_chat", _out_of_time)
        assert chatwarden("check", CLEAN).error == (
            "the text could not be judged: rule phone: TimeoutError; please report it"
        )


class TestJsonLines:
    def test_are_answered_in_their_order(self, chatwarden: Command) -> None:
        ids = ["a", 2, None, [1, {"b": None}], "a"]
        answer = chatwarden("check", "--format", "jsonl", stdin=lines(*({"id": i, "text": CLEAN} for i in ids)))
        assert answer.code == 0
        assert answers(answer.out) == [{"id": i, "flagged": False, "score": 0.0, "findings": []} for i in ids]

    def test_say_what_was_found_and_where(self, chatwarden: Command) -> None:
        answer = chatwarden("check", "--format", "jsonl", stdin=lines({"id": 1, "text": PHONE, "extra": 1}))
        assert answer.code == 1
        [verdict] = answers(answer.out)
        assert list(verdict) == ["id", "flagged", "score", "findings"]
        assert verdict["flagged"] is True
        assert 0.5 < verdict["score"] <= 1
        finding = next(finding for finding in verdict["findings"] if finding["rule"] == "phone")
        keys = ["rule", "category", "severity", "confidence", "message", "start", "end", "evidence", "reason"]
        assert list(finding) == keys
        assert (finding["rule"], finding["category"], finding["severity"]) == ("phone", "contact-offer", "violation")
        assert (finding["message"], PHONE[finding["start"] : finding["end"]]) == (0, finding["evidence"])
        assert finding["reason"] == rules.RULES["phone"].reason.ru

    def test_may_hold_a_chat_of_which_only_the_shop_is_judged(self, chatwarden: Command) -> None:
        chat = [{"sender": "CUSTOMER", "text": PHONE}, {"sender": "PARTNER", "text": CLEAN}]
        told = {"sender": "PARTNER", "text": "Файл", "file_names": ["звоните 8 912 000-33-44.jpg"]}
        answer = chatwarden(
            "check", "--format", "jsonl", stdin=lines({"id": 1, "chat": chat}, {"id": 2, "chat": [*chat, told]})
        )
        clean, flagged = answers(answer.out)
        assert clean == {"id": 1, "flagged": False, "score": 0.0, "findings": []}
        assert {finding["message"] for finding in flagged["findings"]} == {2}

    def test_may_come_from_a_file(self, chatwarden: Command) -> None:
        Path("questions").write_bytes(lines({"id": 1, "text": CLEAN}))
        assert answers(chatwarden("check", "--format", "jsonl", "questions").out)[0]["id"] == 1
        assert answers(chatwarden("check", "--format", "jsonl", "-", stdin=b'{"id": 2, "text": ""}').out)[0]["id"] == 2

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"\n", "not JSON; write"),
            (b"nonsense\n", "not JSON; write"),
            (b'{"id": 1, "text": "a"\n', "not JSON; write"),
            (b"[" * 100_000 + b"\n", "not JSON; write"),
            (b'{"id": 1, "text": "\xff"}\n', "not UTF-8"),
            (b"[]\n", 'not an object with "id" and either "text" or "chat"'),
            (b'"text"\n', 'not an object with "id" and either "text" or "chat"'),
            (b'{"text": "a"}\n', 'not an object with "id" and either "text" or "chat"'),
            (b'{"id": 1}\n', 'not an object with "id" and either "text" or "chat"'),
            (b'{"id": 1, "text": "a", "chat": []}\n', 'not an object with "id" and either "text" or "chat"'),
            (b'{"id": NaN, "text": "a"}\n', '"id" is a number that JSON cannot hold'),
            (b'{"id": 1e999, "text": "a"}\n', '"id" is a number that JSON cannot hold'),
            (b'{"id": 1, "text": 5}\n', '"text": text and sender must be strings'),
            (b'{"id": 1, "text": null}\n', '"text": text and sender must be strings'),
            (b'{"id": 1, "chat": {}}\n', '"chat" is not a list of {"sender", "text"}'),
            (b'{"id": 1, "chat": ["a"]}\n', '"chat"[0] is not an object'),
            (b'{"id": 1, "chat": [{"text": "a"}]}\n', '"chat"[0]: text and sender must be strings'),
            (b'{"id": 1, "text": "a", "file_names": "a"}\n', '"text": file_names must be a list of strings'),
        ],
    )
    def test_that_are_no_questions_are_answered_by_an_error_and_the_others_go_on(
        self, chatwarden: Command, line: bytes, reason: str
    ) -> None:
        good = {"id": 7, "text": PHONE}
        answer = chatwarden("check", "--format", "jsonl", stdin=lines(good, line, good))
        assert answer.code == 2
        before, wrong, after = answers(answer.out)
        assert before == after
        assert before["flagged"]
        assert list(wrong) == ["id", "error"]
        assert wrong["id"] is None
        assert wrong["error"].startswith(f"line 2: {reason}")

    def test_with_half_a_character_are_answered_in_valid_utf8(self, chatwarden: Command) -> None:
        questions = b'{"id": "\\ud800", "text": "\\udfff 8 912 000-11-22 \\ud800"}\n'
        answer = chatwarden("check", "--format", "jsonl", stdin=questions)
        assert answer.code == 1
        [verdict] = answers(answer.out)
        assert verdict["id"] == "\ud800"

    def test_that_cannot_be_judged_are_errors_and_never_clean(
        self, chatwarden: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "check_chat", _out_of_time)
        answer = chatwarden("check", "--format", "jsonl", stdin=lines({"id": 1, "text": CLEAN}))
        assert answer.code == 2
        assert answers(answer.out) == [{"id": None, "error": "line 1: rule phone: TimeoutError"}]

    def test_come_from_one_file_that_can_be_read(self, chatwarden: Command) -> None:
        assert chatwarden("check", "--format", "jsonl", "a", "b").error == (
            "check --format jsonl reads one file; give one, or - for standard input"
        )
        for file, reason in (("no-such-file", "No such file or directory"), (".", "Is a directory")):
            error = chatwarden("check", "--format", "jsonl", file).error
            assert error == f"the file {file} cannot be read ({reason}); give another, or -"

    def test_without_any_give_nothing(self, chatwarden: Command) -> None:
        answer = chatwarden("check", "--format", "jsonl")
        assert (answer.code, answer.out, answer.err) == (0, "", "")


def _out_of_time(*_: object, **__: object) -> None:
    raise rules.RuleError("phone", "TimeoutError")


class TestStream:
    def test_answers_appear_while_more_may_come(self, process: Start) -> None:
        with process("check", "--format", "jsonl", "-") as running:
            assert running.stdin is not None
            assert running.stdout is not None
            for number in range(3):
                running.stdin.write(lines({"id": number, "text": CLEAN}))
                running.stdin.flush()
                assert json.loads(running.stdout.readline())["id"] == number
            running.stdin.close()
            assert running.wait(30) == 0

    def test_a_reader_that_has_enough_ends_it_quietly(self, process: Start) -> None:
        with process("check", "--format", "jsonl", "-") as running:
            assert running.stdin is not None
            assert running.stdout is not None
            assert running.stderr is not None
            feeder = _feed(running, (lines({"id": number, "text": CLEAN}) for number in range(10**9)))
            running.stdout.readline()
            running.stdout.close()
            assert running.wait(30) == 128 + signal.SIGPIPE
            assert running.stderr.read() == b""
            feeder.join()
            with contextlib.suppress(BrokenPipeError):
                running.stdin.close()

    def test_memory_stays_the_same_however_long_it_is(self, process: Start) -> None:
        count, sizes = 50_000, []
        with process("check", "--format", "jsonl", "-") as running:
            assert running.stdin is not None
            assert running.stdout is not None
            feeder = _feed(running, (lines({"id": number, "text": f"заказ {number % 500}"}) for number in range(count)))
            for number in range(count):
                running.stdout.readline()
                if number in (count // 10, count - 1):
                    sizes.append(psutil.Process(running.pid).memory_info().rss)
            feeder.join()
            running.stdin.close()
            assert running.wait(30) == 0
        before, after = sizes
        assert after - before < 2 * 2**20


def _feed(running: "subprocess.Popen[bytes]", questions: Iterable[bytes]) -> threading.Thread:
    def feed() -> None:
        assert running.stdin is not None
        try:
            for question in questions:
                running.stdin.write(question)
            running.stdin.flush()
        except OSError:
            return

    thread = threading.Thread(target=feed)
    thread.start()
    until(thread.is_alive)
    return thread
