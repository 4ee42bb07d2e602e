import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import redis

from tests.sandbox_market import Market
from tests.worker.cli.conftest import Command
from worker.store.migrations import NEWEST

PARTS = ["data folder", "disk", "clock", "database", "queue", "workers", "key", "chats", "sentry", "notifications"]


@pytest.fixture(autouse=True)
def set_up(environment: pytest.MonkeyPatch, market: Market, queue: redis.Redis) -> None:
    environment.setattr("worker.doctor.workers.PATIENCE_S", 0.2)
    environment.setenv("CHATWARDEN_MARKET_URL", market.url)
    environment.setenv("SHOP_KEY", market.cabinet.api_key)
    Path("chatwarden.toml").write_text('[[cabinets]]\nbusiness_id = 1\napi_key_env = "SHOP_KEY"\n')


def test_everything_is_looked_at_a_line_each(chatwarden: Command, market: Market) -> None:
    answer = chatwarden("doctor")
    assert (answer.code, answer.err) == (1, "")  # no worker is at work
    lines = answer.out.splitlines()
    assert len(lines) == len(PARTS)
    assert [line for line in lines if line.startswith("wrong")] == [
        "wrong    workers        none answers; start `chatwarden up`, or `chatwarden worker`"
    ]
    assert market.cabinet.api_key not in answer.out
    assert os.environ["CHATWARDEN_REDIS_URL"].split("@")[0] not in answer.out


def test_programs_get_json_lines(chatwarden: Command) -> None:
    found = [json.loads(line) for line in chatwarden("doctor", "--json").out.splitlines()]
    assert [one["part"] for one in found] == PARTS
    assert {*found[0]} == {"part", "state", "said", "remedy"}


def test_settings_that_cannot_be_read(chatwarden: Command) -> None:
    Path("chatwarden.toml").write_text("[[")
    assert chatwarden("doctor").error.startswith("chatwarden.toml is not valid TOML")


def test_migrate_brings_the_schema_up_to_date(chatwarden: Command) -> None:
    first = chatwarden("migrate")
    assert (first.code, first.err) == (0, "")
    assert first.out.endswith("there was none\n")
    again = chatwarden("migrate")
    assert again.out == f"the schema is {NEWEST}, as it was\n"
    with closing(sqlite3.connect("chatwarden-data/chatwarden.sqlite")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]
