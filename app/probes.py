"""What those ask who watch over the house: does it live, may it be sent requests, and how is it doing."""

import asyncio
import hmac
import math
import time
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.core.db import NOBODY, Database
from app.core.outbox import waiting
from app.graph.wake import Wake

Network = IPv4Network | IPv6Network

DATABASE_PATIENCE = 0.5
"""Seconds: a database that is slower is not one to send people to."""
FRESH = 1.0
"""Seconds for which what was counted is told again, however often it is asked."""
QUEUE = "arq:queue"
"""Where arq keeps its jobs, a sorted set (arq.constants.default_queue_name)."""
MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Whatever has one of these headers came through a proxy: the address we see is not the asker's."""

OUTBOX_AGE = Gauge("outbox_age_seconds", "How long ago the oldest event was due that is not done; 0 when all are done.")
OUTBOX_DUE = Gauge("outbox_due", "Events that are due and not done.")
QUEUE_DEPTH = Gauge("queue_depth", "Jobs that arq was given and no worker has taken.")

_REVISION = text("SELECT version_num FROM app.alembic_version")


@dataclass
class Life:
    """What the process that serves tells the probes."""

    draining: bool = False


def head() -> str:
    """The newest migration of this release: their files are numbered."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("[0-9]*.py"))


class Probes:
    def __init__(self, db: Database, wake: Wake, life: Life, token: str, networks: tuple[Network, ...]) -> None:
        """/metrics is read from `networks`, and by whoever shows `token` if there is one."""
        self._db, self._wake, self._life = db, wake, life
        self._token, self._networks = token.encode(), networks
        self._head = head()
        self._counted = -math.inf
        self._counting = asyncio.Lock()

    def routes(self) -> list[Route]:
        return [Route("/livez", self.live), Route("/readyz", self.ready), Route("/metrics", self.metrics)]

    async def live(self, _: Request) -> Response:
        """That the event loop answers, and nothing else: what else ails us is not mended by a restart."""
        return JSONResponse({"live": True})

    async def ready(self, _: Request) -> Response:
        """503 while draining, or where the database does not answer or is behind this release.

        A database that is ahead serves: the release before must live with the next one's tables until it is replaced.
        Without Redis the house is slower and as good.
        """
        if why := await self._hindrance():
            return JSONResponse({"ready": False, "why": why}, status_code=503)
        return JSONResponse({"ready": True, "redis": self._wake.hears})

    async def _hindrance(self) -> str | None:
        if self._life.draining:
            return "draining"
        try:
            async with asyncio.timeout(DATABASE_PATIENCE), self._db.acting(NOBODY) as session:
                revision = (await session.rows(_REVISION)).scalar_one_or_none()
        except (SQLAlchemyError, OSError, TimeoutError):
            return "database"
        return None if revision and revision.isdecimal() and revision >= self._head else "migrations"

    async def metrics(self, request: Request) -> Response:
        if not self._may_read(request):
            return PlainTextResponse("Not for you.\n", status_code=403)
        async with self._counting:
            if time.monotonic() - self._counted >= FRESH:
                await asyncio.gather(self._count_outbox(), self._count_queue())
                self._counted = time.monotonic()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    def _may_read(self, request: Request) -> bool:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if self._token and scheme.lower() == "bearer":
            return hmac.compare_digest(shown.encode(errors="surrogatepass"), self._token)
        if any(name in request.headers for name in FORWARDED):
            return False
        try:
            address = ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._networks)

    async def _count_outbox(self) -> None:
        """What cannot be known is not a number."""
        due, oldest = math.nan, math.nan
        try:
            async with asyncio.timeout(DATABASE_PATIENCE), self._db.acting(NOBODY) as session:
                due, oldest = await waiting(session)
        except (SQLAlchemyError, OSError, TimeoutError):
            pass
        OUTBOX_DUE.set(due)
        OUTBOX_AGE.set(oldest)

    async def _count_queue(self) -> None:
        depth: float = math.nan
        try:
            async with asyncio.timeout(DATABASE_PATIENCE):
                depth = await self._wake.redis.zcard(QUEUE)
        except (RedisError, OSError, TimeoutError):
            pass
        QUEUE_DEPTH.set(depth)
