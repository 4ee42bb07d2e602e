"""Where a request comes from: the peer, or whom a trusted proxy names."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from worker.web.settings import Network

Address = IPv4Address | IPv6Address


def visitor(scope: Scope, trusted_proxies: Collection[Network]) -> Address | None:
    """Return the client's address, None when it cannot be told.

    X-Forwarded-For is believed only as far as trusted proxies wrote it: from its end to the first stranger.
    """
    client = scope.get("client")
    address = _address(client[0]) if client else None
    named = Headers(scope=scope).getlist("x-forwarded-for")
    hops = [hop.strip() for line in named for hop in line.split(",")]
    while address is not None and hops and is_among(address, trusted_proxies):
        address = _address(hops.pop())
    return address


def is_among(address: Address | None, networks: Collection[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return address is not None and any(address in network for network in networks)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(_without_port(text))
    except ValueError:
        return None
    # A socket of both families tells IPv4 peers so.
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
