"""One cabinet of a sandbox that lies some time back, and a checker of it: for what reads much and can wait."""

from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from tests.sandbox_market import Market
from worker.bulk import Bulk
from worker.checking import Checker
from worker.market.client import MarketClient
from worker.sandbox.world import World, generated_world
from worker.store import Store, Violation
from worker.store.records import MessageKey

CHATS, MESSAGES = 45, 8


def past_world(*, cabinets: int = 1) -> World:
    """Return chats that all moved an hour ago."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    return generated_world(cabinets=cabinets, chats=CHATS, messages_a_chat=MESSAGES, now=long_ago)


class BulkBench:
    """A store, a checker, and the client of the first cabinet of a sandbox."""

    def __init__(self, store: Store, market: Market) -> None:
        self.store, self.market = store, market
        self.alarms: list[str] = []
        self.business_id = market.cabinet.business_id
        self.client: MarketClient | None = MarketClient(
            self.business_id,
            SecretStr(market.cabinet.api_key),
            base_url=market.url,
            on_answer=lambda *answer: self.checker.count_request(*answer),
        )
        self.checker = Checker(store, lambda _: self.client, alarm=lambda text, _: self.alarms.append(text))
        self.bulk = Bulk(store, self.checker, lambda _: self.client)

    @property
    def judged(self) -> int:
        return sum(row.judged for row in self.store.figures.status([]))

    def violations_of(self, key: MessageKey) -> list[Violation]:
        return [row for row in self.store.violations.find() if row.message_id == key.message_id]

    def close(self) -> None:
        if self.client:
            self.client.close()
