"""The store after years: each query that could grow with it, how a database answers it, and in what time.

    python -m tests.benchmarks.growth [--messages 5000000] [--database sqlite|postgresql]

Makes that many messages of 300 cabinets, one in fifty with a violation, and asks through the store itself; the plans
are the database's own words.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from tests.postgres_server import postgres_server
from worker.store import Filter, MessageKey, Store
from worker.store.engine import open_engine

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)  # a message every ten seconds from then on
CABINETS, IN_CHAT = 300, 20
MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', {begin} + i * 10, 'unixepoch')",
    "postgresql": "to_timestamp({begin} + i * 10)",
}
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)"
KEY = f"i % {CABINETS} + 1, i / {CABINETS * IN_CHAT} + 1, i"
ROWS = {
    "messages": f"""INSERT INTO messages (business_id, chat_id, message_id, state, first_seen_at, created_at, sender,
        text, rule_set, judged_at, attempts) {NUMBERS} SELECT {KEY}, CASE WHEN i % 50000 = 7 THEN 'waiting'
        ELSE 'judged' END, {{at}}, {{at}}, CASE WHEN i % 2 = 0 THEN 'PARTNER' ELSE 'CUSTOMER' END,
        CASE WHEN i % 2 = 0 THEN 'Здравствуйте, заказ собран' END, 'rules-1', {{at}}, 0 FROM n""",
    "chats": """INSERT INTO chats (business_id, chat_id, context_type, order_id)
        SELECT DISTINCT business_id, chat_id, 'ORDER', chat_id FROM messages""",
    "alerts": f"""INSERT INTO alerts (id, created_at, sent_at) {NUMBERS} SELECT 'alert-' || i, {{at}},
        CASE WHEN i % 5000 <> 0 THEN {{at}} END FROM n WHERE i % 50 = 0""",
    "violations": f"""INSERT INTO violations (business_id, chat_id, message_id, rule, start, "end", category, severity,
        confidence, evidence, reason, created_at, found_at, alert_id, reported_at, status) {NUMBERS} SELECT {KEY},
        'phone', 0, 5, 'contact-offer', 'violation', 1, '...', '...', {{at}}, {{at}},
        CASE WHEN i % 50000 <> 0 THEN 'alert-' || i END, CASE WHEN i % 5000 <> 0 THEN {{at}} END, 'open'
        FROM n WHERE i % 50 = 0""",
}


def main() -> None:
    """Fill, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5_000_000)
    parser.add_argument("--database", choices=MOMENT, default="sqlite")
    options = parser.parse_args()
    with _database(options.database) as url:
        engine = open_engine(url)
        began = time.monotonic()
        _fill(engine, options.messages)
        print(f"{options.messages} messages made in {time.monotonic() - began:.0f} s")  # noqa: T201
        with closing(Store(engine)) as store:
            for name, ask in _questions(store, options.messages):
                for line in _answer(engine, name, ask):
                    print(line)  # noqa: T201


@contextmanager
def _database(kind: str) -> Iterator[str]:
    with ExitStack() as parts:
        if kind == "postgresql":
            yield parts.enter_context(postgres_server()).new_database()
        else:
            yield f"sqlite:///{parts.enter_context(tempfile.TemporaryDirectory())}/growth.sqlite"


def _fill(engine: Engine, count: int) -> None:
    at = MOMENT[engine.dialect.name].format(begin=int(BEGIN.timestamp()))
    with engine.begin() as connection:
        for statement in ROWS.values():
            connection.execute(text(statement.format(at=at)), {"count": count} if ":count" in statement else {})
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _questions(store: Store, count: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    last = count - count % (CABINETS * IN_CHAT) - 1
    key = MessageKey(last % CABINETS + 1, last // (CABINETS * IN_CHAT) + 1, last)
    end = BEGIN + timedelta(seconds=10 * count)
    day, lease = timedelta(days=1), timedelta(seconds=12)
    one_day = Filter(business_id=1, since=end - day, until=end)
    claim = partial(store.messages.claim, key, "a", rule_set="rules-1", now=end, lease=lease, max_attempts=4)
    yield "claim of a settled message", claim
    yield "what waits in a chat", lambda: store.messages.claim_siblings(key, "a", now=end, lease=lease)
    yield "what a chat is about", lambda: store.messages.context(*key[:2])
    yield "the shop's messages around one", lambda: store.messages.shop_messages_around(*key, key[2], limit=8)
    yield "verdicts of a chat", lambda: store.messages.verdicts(*key[:2])
    yield "ids that will never be judged", lambda: store.messages.without_verdict([key])
    yield "what is due", lambda: store.messages.take_due(now=end, hold=lease, limit=500)
    yield "failed messages", lambda: store.messages.retry_failed(None, now=end)
    yield "violations without an alert", store.alerts.unprepared
    yield "alerts that are due", lambda: store.alerts.due(now=end, limit=500)
    yield "alerts sent in the last minute", lambda: store.alerts.sent_since(end - timedelta(minutes=1))
    yield "an alert's violations", lambda: store.alerts.claim("alert-5000", now=end, lease=lease)
    yield "unreported violations", store.violations.count_unreported
    yield "violations of a cabinet's day", lambda: list(store.violations.find(one_day))
    yield "reminders of a cabinet's day", lambda: list(store.reminders.find(1, since=end - day, until=end))
    yield "figures of all cabinets", lambda: store.figures.status([])
    yield "judged messages of all cabinets", store.gauges.judged
    yield "violations of all cabinets", store.gauges.violations
    yield "waiting messages of all cabinets", store.gauges.waiting
    yield "the oldest that waits", store.gauges.oldest_waiting
    yield "the oldest that is unreported", store.gauges.oldest_unreported
    yield "delays of all alerts", lambda: store.gauges.alert_delays([60, 600, float("inf")])
    yield "texts whose time is over", lambda: store.retention.delete_texts(before=BEGIN + day, now=end)
    yield "violations whose time is over", lambda: store.retention.delete_violations(before=BEGIN + day, now=end)
    yield "forgetting a chat", lambda: store.retention.forget_chat(*key[:2], now=end)


def _answer(engine: Engine, name: str, ask: Callable[[], Any]) -> Iterator[str]:
    """Ask once to warm up and once for the time, and have each statement explained."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    began = time.monotonic()
    ask()
    yield f"\n{name}: {(time.monotonic() - began) * 1000:.1f} ms"
    explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        for statement, parameters in dict(asked).items():
            for row in connection.exec_driver_sql(f"{explain} {statement}", parameters):
                yield f"    {row[-1]}"


if __name__ == "__main__":
    main()
