"""From where somebody asks, and how often who is not signed in may."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.requests import HTTPConnection

from app.core.sealing import KeyProvider, digest
from app.graph.rates import Limiter

HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that a provider gives to one connection: of the others its owner has a new one each time."""


class Addresses:
    """Kept nowhere but as keyed digests."""

    def __init__(self, keys: KeyProvider, limiter: Limiter, trust_proxy: bool) -> None:
        self._secret, self._limiter, self._trust_proxy = keys.secret("address"), limiter, trust_proxy

    def of(self, request: HTTPConnection) -> str:
        """Behind a proxy of our own what that added, not what the client claims."""
        said = request.headers.getlist("x-forwarded-for") if self._trust_proxy else []
        added = ",".join(said).rpartition(",")[2].strip()
        return household(added or (request.client.host if request.client else ""))

    async def must_wait(self, address: str) -> int:
        """Counts one operation; the whole seconds until there may be another, 0 where it may be now."""
        return await self._limiter.wait(None, digest(self._secret, address).hex())


@lru_cache(maxsize=4096)
def household(address: str) -> str:
    """The address by which one connection to the internet is known; as it is, where it is none."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return address
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    rest = 128 - HOUSEHOLD
    return str(IPv6Address(int(read) >> rest << rest))
