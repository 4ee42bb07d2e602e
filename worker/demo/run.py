"""The demo's course: folder, sandbox, queue, workers, ids in, verdicts out, summary."""

import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from worker import settings
from worker.demo.progress import Progress
from worker.demo.summary import print_doors, print_summary
from worker.embedded import alone_in, embedded_redis, make_folder
from worker.errors import OperatorError
from worker.processes import Child, Children, StopRequest, stop_signals
from worker.sandbox.world import World, demo_world
from worker.settings import CONFIG_VARIABLE, ENV_PREFIX, Settings
from worker.store import MessageKey, Store

SEED = 1
START_TIMEOUT_S = 20.0
STALL_TIMEOUT_S = 60.0  # without any progress: something is broken
ALERTS_TIMEOUT_S = 20.0  # after the last verdict, for a Sentry that is slow or down
POLL_S = 0.2
MARK = "made by chatwarden demo, which makes this folder anew at every run"


def run() -> int:
    """Run the demo; return the exit code. OperatorError when something of this machine stands in the way."""
    with stop_signals() as stop, contextlib.ExitStack() as rooms:
        folder = make_folder(Path(os.environ.get(f"{ENV_PREFIX}DATA_DIR") or "chatwarden-data") / "demo").absolute()
        rooms.enter_context(alone_in(folder))
        _empty(folder)
        now = datetime.now(UTC)
        world = demo_world(SEED, now)
        children = rooms.enter_context(Children())
        port = _start_sandbox(children, folder, now, stop)
        current = _settle(folder, world, port)
        store = Store.open(current.effective_database_url)
        rooms.callback(store.close)
        rooms.enter_context(embedded_redis(children, folder, stop))
        ready = folder / "web.port"
        doors = _start(children, folder, "serve", "--port", "0", "--ready-file", str(ready))
        for name in ("worker", "beat"):
            _start(children, folder, name)
        if port := _port(ready, doors, stop):
            print_doors(port)
        keys = [MessageKey(*key) for key in world.message_keys()]
        took_s = _check_all(keys, store, children, stop)
        if stop.asked:
            return stop.exit_code
        print_summary(world, current, store, took_s)
    return 0


def _empty(folder: Path) -> None:
    """Remove an earlier demo; OperatorError when something else is there."""
    mark = folder / "README"
    entries = [entry for entry in folder.iterdir() if entry.name != ".lock"]
    if entries and not (mark.is_file() and MARK in mark.read_text(encoding="utf-8", errors="replace")):
        raise OperatorError(
            f"the folder {folder} holds something else than a demo; move it away, or set CHATWARDEN_DATA_DIR to another"
        )
    for entry in entries:
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    mark.write_text(f"{MARK}\n", encoding="utf-8")
    make_folder(folder / "logs")


def _start_sandbox(children: Children, folder: Path, now: datetime, stop: StopRequest) -> int:
    """Start the sandbox Market and return its port."""
    ready = folder / "market.port"
    command = [sys.executable, "-m", "worker.sandbox", "--port", "0", "--ready-file", str(ready)]
    command += ["--seed", str(SEED), "--now", now.isoformat()]
    child = children.start("sandbox", command, environment=os.environ, log=folder / "logs" / "sandbox.log")
    return _port(ready, child, stop)


def _start(children: Children, folder: Path, name: str, *options: str) -> Child:
    command = [sys.executable, "-m", "worker.cli", name, *options]
    return children.start(name, command, environment=os.environ, log=folder / "logs" / f"{name}.log")


def _port(ready: Path, child: Child, stop: StopRequest) -> int:
    """Wait until a child has told its port, and return it."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not ready.exists() and not stop.wait(0.05):
        if child.process.poll() is not None or time.monotonic() > deadline:
            raise OperatorError(f"{child.name} did not start: {child.log_tail}; see {child.log}")
    return int(ready.read_text(encoding="ascii")) if ready.exists() else 0


def _settle(folder: Path, world: World, port: int) -> Settings:
    """Write the demo's settings file and make it the one that this process and its children read."""
    lines = [f"data_dir = {json.dumps(str(folder))}", f'market_url = "http://127.0.0.1:{port}"']
    lines += ['notification_networks = "127.0.0.0/8"', 'api_tokens = "demo:demo"']
    for cabinet in world.cabinets.values():
        key = folder / f"key-{cabinet.business_id}"
        key.touch(mode=0o600)
        key.write_text(cabinet.api_key, encoding="ascii")
        name, place = (json.dumps(text, ensure_ascii=False) for text in (cabinet.name, str(key)))
        lines += [
            "",
            "[[cabinets]]",
            f"business_id = {cabinet.business_id}",
            f"name = {name}",
            f"api_key_file = {place}",
        ]
    config = folder / "chatwarden.toml"
    config.write_text("\n".join([*lines, ""]), encoding="utf-8")
    # The user's own settings are for the real Market; of them only SENTRY_DSN counts here.
    for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
        del os.environ[name]
    os.environ[CONFIG_VARIABLE] = str(config)
    return settings.load()


def _check_all(keys: Sequence[MessageKey], store: Store, children: Children, stop: StopRequest) -> float:
    """Put the ids into the queue and wait for their verdicts and alerts; return the seconds until the last verdict."""
    from worker import tasks  # reads the settings that `_settle` made

    began = time.monotonic()
    if not stop.asked:
        tasks.enqueue(store, keys)
    took_s = 0.0
    with Progress(len(keys)) as progress:
        done, moved = 0, time.monotonic()
        while done < len(keys) and not stop.wait(POLL_S):
            before, done = done, store.messages.settled(keys)
            progress.show(done, store.violations.count())
            took_s = time.monotonic() - began
            moved = time.monotonic() if done > before else moved
            for child in children.dead():
                raise OperatorError(f"{child.name} ended by itself: {child.log_tail}; see {child.log}")
            if time.monotonic() - moved > STALL_TIMEOUT_S:
                raise OperatorError(f"nothing moves any more after {done} of {len(keys)} messages; see the logs")
    deadline = time.monotonic() + ALERTS_TIMEOUT_S
    while store.violations.count_unreported() and time.monotonic() < deadline and not stop.wait(POLL_S):
        pass
    return took_s
