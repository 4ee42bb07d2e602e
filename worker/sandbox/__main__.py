"""Runs the sandbox as a process of its own: `python -m worker.sandbox --port 0 --ready-file PATH`."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from worker.sandbox.app import create_app
from worker.sandbox.faults import Fault
from worker.sandbox.limits import Limits
from worker.sandbox.orders import Orders
from worker.sandbox.server import HOST, serve
from worker.sandbox.world import World, demo_world, generated_world

_FAULT = TypeAdapter(Fault)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    options = _parser().parse_args(arguments)
    app = create_app(_world(options), limits=options.limits, faults=tuple(options.fault), orders=options.orders)
    try:
        serve(app, host=options.host, port=options.port, ready_file=options.ready_file)
    except KeyboardInterrupt:
        return


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.sandbox", description="A Yandex.Market on localhost.")
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ready-file", type=Path, help="gets the port once the sandbox listens")
    parser.add_argument("--seed", type=int, default=1, help="of the demo's world")
    parser.add_argument("--now", type=_time, default=None, help="ISO 8601 with offset: the end of the demo's history")
    parser.add_argument(
        "--generated",
        type=_counts,
        metavar="CABINETS,CHATS,MESSAGES[,DAYS]",
        help="a generated world instead of the demo's: chats a cabinet, messages a chat, over how many days",
    )
    parser.add_argument("--limits", type=_limits, default=Limits(), help='"off", or JSON such as {"parallel": 2}')
    parser.add_argument("--orders", type=Orders.model_validate_json, default=Orders(), help="JSON")
    parser.add_argument(
        "--fault",
        type=_FAULT.validate_json,
        action="append",
        default=[],
        help='JSON such as {"status": 503, "count": 3}',
    )
    return parser


def _world(options: argparse.Namespace) -> World:
    now = options.now or datetime.now(UTC)
    if options.generated:
        cabinets, chats, messages, days = options.generated
        return generated_world(cabinets=cabinets, chats=chats, messages_a_chat=messages, days=days, now=now)
    return demo_world(options.seed, now)


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("the time needs an offset")
    return time


def _counts(text: str) -> tuple[int, int, int, int]:
    cabinets, chats, messages, *rest = map(int, text.split(","))
    [days] = rest or [0]
    return cabinets, chats, messages, days


def _limits(text: str) -> Limits:
    return Limits.off() if text == "off" else Limits.model_validate_json(text)


if __name__ == "__main__":
    main()
