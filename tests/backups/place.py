"""A living city with a data folder of its own, and what is seen of one that was brought back."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from app.consultation.rules.receipt import RECEIPT, Receipt, public_key
from app.core.sealing import KeyProvider
from app.outside.keys import FileKeys
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from scripts.backups.keeper import Keeper
from scripts.backups.shelf import Shelf
from scripts.backups.source import Source
from scripts.database import Urls
from scripts.embedded import Embedded
from scripts.verify_audit import Found, verify
from tests.city import City
from tests.conftest import filing

T = TypeVar("T")


@dataclass
class Place:
    """A data folder with its servers running, as scripts/start makes it, and the folders of its backups."""

    home: Path
    urls: Urls
    servers: Embedded

    @property
    def data(self) -> Path:
        return self.home / "city"

    @property
    def keys(self) -> Path:
        return self.home / "copies of keys"

    def keeper(self, shelf: Shelf) -> Keeper:
        return Keeper(Source(self.data), shelf, self.keys, None)

    def live(self, act: Callable[[City], Awaitable[T]]) -> T:
        async def within() -> T:
            async with self._city() as city:
                return await act(city)

        return asyncio.run(within())

    @asynccontextmanager
    async def _city(self) -> AsyncIterator[City]:
        doors: dict[type[Any], Any] = {KeyProvider: FileKeys(self.data / "keys"), **filing(self.data)}
        official, mini = OfficialAccount("http://nowhere", "", "", {}), MiniProgram("http://nowhere", "", "", {})
        doors |= {OfficialAccount: official, MiniProgram: mini}
        async with City.open(self.urls, self.servers.admin_url, self.servers.redis_url, doors) as city:
            yield city
        await official.aclose()
        await mini.aclose()


def looked(data: Path, look: Callable[[Any], Awaitable[T]]) -> T:
    """What is seen of a city that was brought back."""

    async def within(url: str) -> T:
        connection = await asyncpg.connect(url)
        try:
            return await look(connection)
        finally:
            await connection.close()

    with Embedded(data / "servers", valkey=False) as servers:
        return asyncio.run(within(servers.admin_url))


def audited(data: Path, held: Receipt | None = None) -> Found:
    """What the audit of a city that was brought back says."""
    key = public_key(FileKeys(data / "keys").secret(RECEIPT)).key
    with Embedded(data / "servers", valkey=False) as servers:
        return asyncio.run(verify(servers.admin_url, [key], datetime.now(UTC), held))


def received(place: Place) -> None:
    """The receiver is a moment behind the database, and a throw-away database writes a moment after its commits."""
    behind = "SELECT count(*) FROM pg_stat_replication WHERE flush_lsn < pg_current_wal_insert_lsn()"
    while place.live(lambda city: city.sql(behind))[0][0]:
        time.sleep(0.05)
