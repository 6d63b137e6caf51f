"""From where somebody asks, and how often who is not signed in may."""

from starlette.requests import HTTPConnection

from app.core.sealing import KeyProvider, digest
from app.graph.rates import Limiter


class Addresses:
    """Kept nowhere but as keyed digests."""

    def __init__(self, keys: KeyProvider, limiter: Limiter, trust_proxy: bool) -> None:
        self._secret, self._limiter, self._trust_proxy = keys.secret("address"), limiter, trust_proxy

    def of(self, request: HTTPConnection) -> str:
        """Behind a proxy of our own what that added, not what the client claims."""
        said = request.headers.getlist("x-forwarded-for") if self._trust_proxy else []
        added = ",".join(said).rpartition(",")[2].strip()
        return added or (request.client.host if request.client else "")

    async def must_wait(self, address: str) -> int:
        """Counts one operation; the whole seconds until there may be another, 0 where it may be now."""
        return await self._limiter.wait(None, digest(self._secret, address).hex())
