"""`chatwarden sweep` and `retry`, against a real sandbox and a real Redis."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox_market import Market
from tests.worker.cli.conftest import Command, Start, ended
from worker.store import MessageKey, Store


def judged(store: Store) -> dict[int, int]:
    return {row.business_id: row.judged for row in store.figures.status([])}


def test_a_sweep_reads_all_cabinets_and_says_how_much(process: Start, kept: Store) -> None:
    done = ended(process, "sweep")
    assert (done.code, done.out) == (
        0,
        "Shop 1 (1): 3 chats, 24 messages read\nShop 2 (2): 3 chats, 24 messages read\n",
    )
    assert judged(kept) == {1: 24, 2: 24}
    assert kept.violations.count_unreported() == 0


def test_what_a_sweep_logs_is_json_where_no_terminal_is(process: Start, kept: Store) -> None:
    logged = [json.loads(line) for line in ended(process, "sweep").err.splitlines()]
    assert {(line["level"], line["logger"]) for line in logged} == {("WARNING", "worker.alerts")}
    assert len(logged) == kept.violations.count()


def test_a_sweep_may_be_of_one_cabinet(process: Start, kept: Store) -> None:
    assert ended(process, "sweep", "--business", "2").code == 0
    assert judged(kept) == {2: 24}


def test_a_sweep_may_look_back_less(process: Start, kept: Store) -> None:
    assert ended(process, "sweep", "--since", "0s").code == 0
    assert not any(judged(kept).values())


def test_trouble_is_told_and_does_not_stop_the_others(process: Start, two_shops: Market, kept: Store) -> None:
    two_shops.revoke()
    done = ended(process, "sweep")
    assert done.code == 1
    assert "chatwarden: cabinet 1: getChats: HTTP 401" in done.err
    assert judged(kept)[2] == 24


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--business", "9"), "cabinet 9 is not in the settings; add it there or mend --business"),
        (("--since", "soon"), "--since 'soon' is no time; write 30d, 12h or 2026-10-01T09:00"),
    ],
)
def test_bad_use_is_refused_in_one_line(
    chatwarden: Command, two_shops: Market, arguments: tuple[str, ...], said: str
) -> None:
    assert chatwarden("sweep", *arguments).error == said


def test_retry_lets_failed_messages_wait_again(chatwarden: Command, kept: Store) -> None:
    now = datetime.now(UTC)
    for business_id in (1, 2):
        key = MessageKey(business_id, 1, 1)
        kept.messages.claim(key, "a", rule_set="any", now=now, lease=timedelta(seconds=1), max_attempts=4)
        kept.messages.fail(key, reason="broke")

    assert chatwarden("retry", "--business", "2").out == "1 messages wait to be judged again\n"
    assert chatwarden("retry").out == "1 messages wait to be judged again\n"
    assert [row.waiting for row in kept.figures.status([])] == [1, 1]
