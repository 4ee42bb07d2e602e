"""A checker as the tests of checking handle it: its store, its sandbox, its clock, and what it told whom."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from tests.sandbox_market import Market
from worker.checking import Checker
from worker.errors import OperatorError
from worker.market.client import MarketClient
from worker.store import MessageKey, Store

TIMEOUT_S = 0.5


class Clock:
    """The time as the checker sees it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **time: float) -> None:
        self.ahead += timedelta(**time)


class Bench:
    """A checker over a store and a sandbox, and what it told whom."""

    def __init__(self, store: Store, market: Market, clock: Clock, database: Path) -> None:
        self.store = store
        self.market = market
        self.clock = clock
        self.alarms: list[str] = []
        self.unreadable_keys: set[int] = set()
        self._database = database
        self._clients: dict[int, MarketClient] = {}
        self._owners = 0
        self.checker = Checker(
            store, self._client, max_attempts=4, alarm=lambda text, business_id: self.alarms.append(text)
        )

    def check(self, *keys: MessageKey) -> list[int]:
        """Check messages one after the other, each time as another owner; return the new violations."""
        new = []
        for key in keys:
            self._owners += 1
            new += self.checker.check(key, owner=f"owner-{self._owners}").violations
        return new

    def row(self, key: MessageKey) -> dict[str, Any]:
        """Return the row of a message as it stands in the database."""
        return self.rows("messages", *key)[0]

    def rows(self, table: str, business_id: int, chat_id: int, message_id: int) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self._database)) as connection:
            connection.row_factory = sqlite3.Row
            query = f"SELECT * FROM {table} WHERE business_id = ? AND chat_id = ? AND message_id = ?"
            return [dict(row) for row in connection.execute(query, (business_id, chat_id, message_id))]

    def retry_at(self, key: MessageKey) -> datetime:
        return datetime.fromisoformat(self.row(key)["retry_at"]).replace(tzinfo=UTC)

    def take_up(self) -> list[int]:
        """Check what waits and is due, as the schedule does."""
        due = self.store.messages.take_due(now=self.clock.now(), hold=timedelta(minutes=2), limit=100)
        return self.check(*due)

    def _client(self, business_id: int) -> MarketClient | None:
        if business_id in self.unreadable_keys:
            raise OperatorError(f"cabinet {business_id}: the key cannot be read")
        cabinet = self.market.world.cabinets.get(business_id)
        if cabinet and business_id not in self._clients:
            self._clients[business_id] = MarketClient(
                business_id,
                SecretStr(cabinet.api_key),
                base_url=self.market.url,
                timeout_s=TIMEOUT_S,
                on_answer=self.checker.count_request,
            )
        return self._clients.get(business_id)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
