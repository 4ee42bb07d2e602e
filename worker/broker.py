"""Redis by one URL, for Celery and for everything else that speaks to it.

    redis://[[user]:password@]host[:port][/database]
    rediss://...[?ssl_ca_certs=/path/ca.pem]                                       over TLS
    sentinel://[[user]:password@]host[:port][,host[:port]...]/name[/database]      found by sentinels

A sentinel's own password is `?sentinel_password=...`. The certificate of a server over TLS is always verified unless
`ssl_cert_reqs=none` says otherwise; kombu alone would verify nothing.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from worker.errors import OperatorError

TIMEOUT_S = 5
SENTINEL_PORT = 26379


@dataclass(frozen=True, slots=True)
class Sentinels:
    """The sentinels that know where a server is, and what to say to both.

    Attributes:
        hosts: the sentinels' hosts and ports.
        name: the server's name among them.
        password: of the server; `sentinel_password` that of the sentinels, None where they ask for none.
    """

    hosts: tuple[tuple[str, int], ...]
    name: str
    database: int
    username: str | None
    password: str | None
    sentinel_password: str | None

    @classmethod
    def of(cls, url: str) -> "Sentinels":
        """Read a `sentinel://` URL; ValueError says what is wrong with it."""
        parts = urlsplit(url)
        user, _, places = parts.netloc.rpartition("@")
        username, _, password = user.partition(":")
        name, _, database = parts.path.strip("/").partition("/")
        if not name or not (database or "0").isdigit():
            raise ValueError("must end with the server's name among the sentinels: sentinel://host:26379/name")
        return cls(
            tuple(_host_and_port(place) for place in places.split(",")),
            name,
            int(database or 0),
            unquote(username) or None,
            unquote(password) or None,
            parse_qs(parts.query).get("sentinel_password", [None])[0],
        )

    @property
    def options(self) -> dict[str, Any]:
        """What the sentinels are asked with."""
        return {"password": self.sentinel_password} if self.sentinel_password else {}


def connect(url: str, **options: Any) -> redis.Redis:
    """Return a client of the server that the URL names; connects at its first command."""
    options = {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S, **options}
    if not url.startswith("sentinel://"):
        return redis.Redis.from_url(url, **options)
    told = Sentinels.of(url)
    who = {"username": told.username, "password": told.password, "db": told.database}
    asked_with = {**options, **told.options}
    sentinel = Sentinel(told.hosts, sentinel_kwargs=asked_with, **options)  # type: ignore[no-untyped-call]
    master: redis.Redis = sentinel.master_for(told.name, **who)  # type: ignore[no-untyped-call]
    return master


def celery_settings(url: str) -> dict[str, Any]:
    """Return what Celery must be told of the server: `url`, `ssl` and `transport_options`."""
    if url.startswith("rediss://"):
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items() if name.startswith("ssl_")}
        return {"url": url, "ssl": {"ssl_cert_reqs": "required", **given}, "transport_options": {}}
    if not url.startswith("sentinel://"):
        return {"url": url, "ssl": None, "transport_options": {}}
    told = Sentinels.of(url)
    user = f"{quote(told.username or '', safe='')}:{quote(told.password, safe='')}@" if told.password else ""
    places = (f"sentinel://{user}{host}:{port}/{told.database}" for host, port in told.hosts)
    return {
        "url": ";".join(places),
        "ssl": None,
        "transport_options": {"master_name": told.name, "sentinel_kwargs": told.options},
    }


def require_redis(url: str) -> None:
    """Raise OperatorError unless Redis answers."""
    try:
        with connect(url, retry=Retry(NoBackoff(), 1)) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise OperatorError(
            f"Redis does not answer ({type(error).__name__}); see that it runs and mend CHATWARDEN_REDIS_URL"
        ) from None


def _host_and_port(place: str) -> tuple[str, int]:
    parts = urlsplit(f"//{place}")
    if not parts.hostname:
        raise ValueError("must name a sentinel: sentinel://host:26379/name")
    return parts.hostname, parts.port or SENTINEL_PORT
