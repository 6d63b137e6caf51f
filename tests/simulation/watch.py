"""A watchman's eyes, cheap: what time it is, what the outbox holds due, and who was offered what since the last look.

One superuser's connection, one statement each. The clock stands still between turns, so that the machine's speed does
not count; the offers are read where the lawyers' own streams read them, in the feed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from tests.city import City

STAND_STILL = """CREATE OR REPLACE FUNCTION app.clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN timestamptz '{now}' + (SELECT shift FROM turned.clock)"""
TURN = "UPDATE turned.clock SET shift = shift + $1"
DUE = "SELECT min(next_at) FROM app.outbox WHERE done_at IS NULL"
OFFERED = """SELECT xid::text AS xid, id, person, CAST(ids ->> 'question' AS uuid) AS question FROM app.feed
    WHERE (xid, id) > (CAST(CAST($1 AS text) AS xid8), $2) AND kind = 'OFFERED' ORDER BY xid, id"""
NEVER = datetime.max.replace(tzinfo=UTC)


class Watch:
    def __init__(self, connection: "asyncpg.Connection[Any]", now: datetime) -> None:
        self._connection, self.now = connection, now
        self._seen: tuple[str, int] = ("0", 0)

    @classmethod
    @asynccontextmanager
    async def over(cls, city: City) -> AsyncIterator["Watch"]:
        """Stops the city's clock; from here on it moves by `turn_to` alone."""
        connection = await asyncpg.connect(city.admin_url)
        try:
            now = await connection.fetchval("SELECT app.clock()")
            await connection.execute(STAND_STILL.format(now=now.isoformat()))
            await connection.execute("UPDATE turned.clock SET shift = '0'")
            yield cls(connection, now)
        finally:
            await connection.close()

    async def turn_to(self, at: datetime) -> None:
        """Never back: what should have been done by now is done now."""
        if at > self.now:
            await self._connection.execute(TURN, at - self.now)
            self.now = at

    async def due(self) -> datetime:
        """When the next event of the outbox is ripe."""
        return await self._connection.fetchval(DUE) or NEVER

    async def offered(self) -> list[tuple[UUID, UUID]]:
        """(lawyer, question) of every offer since the last look, in their order."""
        rows = await self._connection.fetch(OFFERED, *self._seen)
        if rows:
            self._seen = rows[-1]["xid"], rows[-1]["id"]
        return [(row["person"], row["question"]) for row in rows]
