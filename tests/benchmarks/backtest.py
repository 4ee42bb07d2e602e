"""Messages a second of a backtest over a store of the labelled messages, repeated in chats of 20.

python -m tests.benchmarks.backtest [--messages 100000] [--processes 2]
"""

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker import backtest
from worker.allowances import NOTHING
from worker.store import ChatContext, JudgedMessage, Reading, Store

CORPUS = Path(__file__).parents[1] / "corpus" / "messages.jsonl"
CHAT = 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    since = datetime.now(UTC) - timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder, closing(Store.open(f"sqlite:///{folder}/store.sqlite")) as store:
        _fill(store, options.messages)
        began = time.monotonic()
        verdicts = backtest.Verdicts()
        for some in backtest.run(store, [1], lambda _: NOTHING, since=since, processes=options.processes):
            verdicts += some
        took = time.monotonic() - began
    sys.stdout.write(
        f"{verdicts.messages} messages, {len(verdicts.flags)} flags in {took:.1f} s by {options.processes} processes: "
        f"{verdicts.messages / took:.0f} a second\n"
    )


def _fill(store: Store, count: int) -> None:
    now = datetime.now(UTC)
    texts = itertools.islice(itertools.cycle(_texts()), count)
    numbered = enumerate(texts, 1)
    for chat_id in itertools.count(1):
        said = [JudgedMessage(at, now, "PARTNER", text) for at, text in itertools.islice(numbered, CHAT)]
        if not said:
            return
        store.messages.record(Reading(1, chat_id, "old", said, context=ChatContext("ORDER", chat_id, None)), now=now)


def _texts() -> Iterator[str]:
    with CORPUS.open(encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)


if __name__ == "__main__":
    main()
