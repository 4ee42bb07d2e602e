"""The settings of the doors: who may come in, and by which names."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

Network = IPv4Network | IPv6Network

# Where Market's notifications come from; source: Market's help on notifications.
MARKET_NETWORKS = tuple(IPv4Network(net) for net in ("5.45.207.0/25", "141.8.142.0/25", "5.255.253.0/25"))
ANYWHERE = "any"

_TOKEN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,128}")
_ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^/\s]+")

EXAMPLES = {
    "notification_networks": 'notification_networks = "5.45.207.0/25, 141.8.142.0/25", or "any" for tests',
    "trusted_proxies": 'trusted_proxies = "127.0.0.1", addresses or networks',
    "notification_prefix": 'notification_prefix = "a-long-random-word", letters, digits, - and _',
    "api_tokens": 'api_tokens = "crm:a-long-random-token"',
    "api_tokens_file": 'api_tokens_file = "/run/secrets/api_tokens", lines of name:token',
    "override_tokens": 'override_tokens = "crm", names of tokens',
    "cors_origins": 'cors_origins = "https://crm.example"',
    "web_port": "web_port = 8484",
}


def _split(value: Any) -> Any:
    """Read a list as the environment gives it: by commas."""
    return [part for part in map(str.strip, value.split(",")) if part] if isinstance(value, str) else value


def _networks(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() == ANYWHERE:
        return (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
    try:
        return tuple(ip_network(part, strict=False) for part in _split(value))
    except (TypeError, ValueError):
        raise ValueError("must be addresses or networks, separated by commas") from None


def read_tokens(text: str) -> dict[str, SecretStr]:
    """Read `name:token` entries, by commas or lines; ValueError that quotes none of them."""
    found: dict[str, SecretStr] = {}
    for at, entry in enumerate((part for part in map(str.strip, re.split(r"[,\n]", text)) if part), 1):
        name, colon, token = (part.strip() for part in entry.partition(":"))
        if not colon or not _TOKEN_NAME.fullmatch(name):
            raise ValueError(f"entry {at} is not name:token (a name has letters, digits, . - and _)")
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError(f"the token called {name} must be printable ASCII without spaces")
        if name in found:
            raise ValueError(f"the token called {name} stands twice")
        found[name] = SecretStr(token)
    return found


def _tokens(value: Any) -> Any:
    if isinstance(value, dict) and all(isinstance(token, str) for token in value.values()):
        value = "\n".join(f"{name}:{token}" for name, token in value.items())
    if not isinstance(value, str):
        raise ValueError("must be name:token entries")
    return read_tokens(value)


Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class WebSettings(BaseSettings):
    """What the doors read of the settings.

    Attributes:
        web_host, web_port: where `chatwarden up` opens the doors; port 0 opens none.
        notification_networks: where notifications may come from.
        notification_prefix: a path in front of /notification that nobody guesses; then the bare one is closed.
        notifications_per_minute: of a cabinet; what goes beyond is read by a sweep instead of one by one.
        trusted_proxies: whose X-Forwarded-For is believed.
        api_tokens, api_tokens_file: the bearer tokens by name; those of the file are read again when it changes.
        override_tokens: names of the tokens that may send what the rules flag.
        cors_origins: sites whose pages may call the API.
    """

    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, lt=2**16)] = 8484
    notification_networks: Networks = MARKET_NETWORKS
    notification_prefix: SecretStr | None = None
    notifications_per_minute: Annotated[int, Field(ge=1)] = 600
    trusted_proxies: Networks = ()
    api_tokens: Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_tokens)] = {}
    api_tokens_file: Path | None = None
    override_tokens: Words = ()
    cors_origins: Words = ()

    @field_validator("notification_prefix")
    @classmethod
    def _one_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _PREFIX.fullmatch(value.get_secret_value()):
            raise ValueError("must be one word of letters, digits, - and _")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_ORIGIN.fullmatch, value)):
            raise ValueError("must be origins, scheme://host without a path")
        return value
