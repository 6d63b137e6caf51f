"""A running city on the bundled PostgreSQL, as its data folder tells of it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from signal import Signals
from typing import Any

import asyncpg

from app.core import retention
from app.core.db import NOBODY, Database, connect
from scripts import database, ground
from scripts.backups.shelf import Backup, name
from scripts.children import Child
from scripts.embedded import DATABASE, postgres_programs
from scripts.folder import DataFolder
from scripts.ground import Ground
from scripts.hindrance import Hindrance

USER = "postgres"
_DROP = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE"


class Source:
    """Asked anew each time: at its next start the city listens elsewhere."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self._servers = self.data / "servers"
        self.files: Path | None = Path(os.environ.get("FILES_DIR") or self.data / "files").resolve()
        if os.environ.get("S3_BUCKET"):
            self.files = None
        self.keys = Path(os.environ.get("KEYS_DIR") or self.data / "keys").resolve() / "keys.json"

    @cached_property
    def programs(self) -> Path:
        return postgres_programs(Ground(self._servers))

    @property
    def holds(self) -> str:
        return (self.data / ".house").read_text().split("\n", 1)[0]

    @property
    def life(self) -> str:
        return DataFolder(self.data, self.holds).secret("life")

    @property
    def pid(self) -> int:
        return int(self._told(1))

    def _told(self, line: int) -> str:
        """By PostgreSQL's own file (src/include/utils/pidfile.h): 1 is its process, 4 its port."""
        try:
            pid_file = ground.of(self._servers) / "postgres" / "data" / "postmaster.pid"
            return pid_file.read_text().splitlines()[line - 1]
        except (OSError, IndexError) as error:
            raise Hindrance(
                f"No city runs on the bundled PostgreSQL of {self.data}. Start it, or name its folder with --data. A "
                "database of your own (DATABASE_URL) is backed up by its own means."
            ) from error

    @property
    def address(self) -> str:
        """For PostgreSQL's programs: without the password, as everybody may read a command line."""
        return f"postgresql://{USER}@127.0.0.1:{self._told(4)}/{DATABASE}?sslmode=disable"

    @property
    def environment(self) -> dict[str, str]:
        given = {word: value for word, value in os.environ.items() if not word.startswith("PG")}
        return given | {"PGPASSWORD": self._password, "LC_ALL": "C"}

    @property
    def _password(self) -> str:
        return (self._servers / "postgres.secret").read_text()

    @property
    def _url(self) -> str:
        return self.address.replace(f"{USER}@", f"{USER}:{self._password}@")

    @property
    def owner_url(self) -> str:
        """Signs in as the owner of the tables, not as the superuser."""
        url = self._url
        return database.owner_url(url, DataFolder(self.data, self.holds).secret("roles").encode())

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        async with database.connected(self._url) as connection:
            yield connection

    async def policy(self) -> timedelta:
        """For how long a backup may be kept at most."""
        owner = Database(connect(self._url, pool=1))
        try:
            async with owner.acting(NOBODY) as session:
                return (await retention.terms(session)).backup
        finally:
            await owner.engine.dispose()

    def receiver(self, backup: Backup) -> Child:
        """Writes the log down as it comes, and tells the server once it is on the disk."""
        program = str(self.programs / "pg_receivewal")
        how = ["--directory", str(backup.wal), "--slot", backup.slot, "--synchronous", "--no-loop"]
        command = [program, *how, "--no-password", "--dbname", self.address]
        log = backup.path.parent / "logs" / "receiver.log"
        return Child("receiver", command, log, self.environment, Path("/"), orphaned=Signals.SIGTERM)


async def reserve(connection: Any, slot: str) -> None:
    """From now on the server keeps what follows until it was received. Slots that nobody uses any more go: they would
    keep the log for ever. One of this name is of a backup that was killed within this second."""
    await connection.execute(f"{_DROP} slot_name ^@ 'backup_' AND NOT active")
    await connection.execute("CHECKPOINT")  # it is from the last one on that it keeps
    await connection.execute("SELECT pg_create_physical_replication_slot($1, true)", slot)


async def release(connection: Any, slot: str) -> None:
    await connection.execute(f"{_DROP} slot_name = $1", slot)


async def stands(connection: Any, slot: str) -> bool:
    """Whether the server still keeps for this slot all that was not received."""
    found = "SELECT wal_status <> 'lost' FROM pg_replication_slots WHERE slot_name = $1"
    return bool(await connection.fetchval(found, slot))


async def mark(connection: Any) -> tuple[datetime, str]:
    """A moment that can be brought back, and where in the log it is."""
    point = await connection.fetchval("SELECT clock_timestamp()")
    return point, await connection.fetchval("SELECT pg_create_restore_point($1)::text", name(point))


async def received(connection: Any, slot: str, place: str) -> bool:
    """Whether all up to there is on the disk of the backup."""
    there = "SELECT restart_lsn >= $2::text::pg_lsn FROM pg_replication_slots WHERE slot_name = $1"
    return bool(await connection.fetchval(there, slot, place))
