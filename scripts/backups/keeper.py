"""Makes backups of a running city, and goes on from there."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import Signals

from scripts.backups import source
from scripts.backups.files import Pool
from scripts.backups.shelf import Backup, Shelf
from scripts.backups.source import Source
from scripts.children import Child, bound_to_us
from scripts.embedded import postgres_major
from scripts.folder import keep
from scripts.hindrance import Hindrance

ANEW = timedelta(days=1)
"""After which a backup is begun anew: what was written since is what a restore has to go through."""
TICK = 10.0
"""Seconds between two moments that can be brought back by name. So old are files at most that go with the machine;
of all else the log tells, to the last second."""
LEISURE, LONGEST = 20, 60.0
"""Where looking through the files takes long, the next tick comes so many times as much later, a minute at most: it
costs a twentieth of a processor."""
PATIENCE = 60.0
"""Seconds for the log to arrive."""


class Keeper:
    def __init__(
        self,
        city: Source,
        shelf: Shelf,
        keys_to: Path | None,
        keep_days: int | None,
        heed: Callable[[], None] = lambda: None,
    ) -> None:
        """`heed` is called where it is safe to stop, and may raise."""
        self._city, self._shelf, self._keys_to, self._keep_days = city, shelf, keys_to, keep_days
        self._heed = heed
        self._pool = Pool(shelf.path, city.files)
        self._backup: Backup | None = None
        self._receiver: Child | None = None
        self._kept_for = timedelta(0)
        self._looking = 0.0

    def begin(self) -> Backup:
        """A backup of its own. It takes the place of the one that went on until now once it is whole."""
        self._kept_for = asyncio.run(self._city.policy())
        if self._keep_days:
            self._kept_for = min(self._kept_for, timedelta(days=self._keep_days + 1))
        backup = self._shelf.begin()
        receiver = None
        try:
            asyncio.run(self._reserve(backup))
            receiver = self._city.receiver(backup)
            receiver.start()
            self._copy_base(backup)
            asyncio.run(self._mark(backup, receiver))
            backup.compress()
            backup.finish(
                self._city.holds, self._city.life, postgres_major(self._city.programs), self._city.files is not None
            )
        except BaseException:
            self._leave(backup, receiver)
            shutil.rmtree(backup.path)
            raise
        if self._backup:
            self._leave(self._backup, self._receiver)
        self._backup, self._receiver = backup, receiver
        now = datetime.now(UTC)
        self._shelf.expire(now, self._kept_for)
        self._pool.expire(now, self._kept_for)
        return backup

    def follow(self, say: Callable[[str], None]) -> None:
        """Until `heed` raises: a moment more every few seconds, and a backup anew every day."""
        self._take_up()
        while True:
            began = time.monotonic()
            try:
                self.tick()
                hindered = None
            except (Hindrance, OSError) as error:
                # The city restarts, or the disk is full: the last whole moment stands, and the server keeps the rest.
                hindered = str(error)
            if hindered:
                say(hindered)
            pause = min(max(TICK, LEISURE * self._looking), LONGEST)
            while time.monotonic() < began + pause:
                self._heed()
                time.sleep(0.1)

    def end(self, *, go_on: bool) -> None:
        """`go_on`: somebody takes it up later, and the server keeps for it what it missed."""
        if self._backup is None:
            return
        try:
            if go_on:
                self.tick()
        except (Hindrance, OSError):  # the city closes as well
            pass
        finally:
            if go_on:
                if self._receiver:
                    self._receiver.stop()
            else:
                self._leave(self._backup, self._receiver)

    def _take_up(self) -> None:
        """Where the newest backup is of today and the server has kept for it what followed."""
        for newest in self._shelf.backups()[-1:]:
            if asyncio.run(self._goes_on(newest)):
                self._backup = newest

    def tick(self) -> None:
        """One moment more; a backup anew where there is none of today that goes on. Raises Hindrance."""
        backup = self._backup
        if backup is None or datetime.now(UTC) - backup.began >= ANEW or not asyncio.run(self._goes_on(backup)):
            self.begin()
            return
        if self._receiver is None or self._receiver.ended() is not None:
            self._receiver = self._city.receiver(backup)
            self._receiver.start()
        asyncio.run(self._mark(backup, self._receiver))
        backup.compress()

    async def _goes_on(self, backup: Backup) -> bool:
        async with self._city.connected() as connection:
            return await source.stands(connection, backup.slot)

    async def _reserve(self, backup: Backup) -> None:
        async with self._city.connected() as connection:
            await source.reserve(connection, backup.slot)

    def _copy_base(self, backup: Backup) -> None:
        where = ["--pgdata", str(backup.base), "--format=tar", "--compress=client-gzip:1", "--wal-method=none"]
        how = ["--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password", "--dbname", self._city.address]
        _run([str(self._city.programs / "pg_basebackup"), *where, *how], self._city.environment, self._meanwhile)
        _run([str(self._city.programs / "pg_verifybackup"), "--no-parse-wal", str(backup.base)], {"LC_ALL": "C"})

    def _meanwhile(self) -> None:
        """A large database takes a while: the log comes all the time, and so must the files."""
        self._heed()
        self._pool.copy()

    async def _mark(self, backup: Backup, receiver: Child) -> None:
        """The moment first, then files and keys: whatever a row of that moment names is there. It counts once its log
        has arrived."""
        async with self._city.connected() as connection:
            point, place = await source.mark(connection)
            began = time.monotonic()
            self._pool.copy()
            self._looking = time.monotonic() - began
            self._copy_keys()
            deadline = time.monotonic() + PATIENCE
            while not await source.received(connection, backup.slot, place):
                if receiver.ended() is not None:
                    raise Hindrance(f"The log is not received. {receiver.last_words(1)}")
                if time.monotonic() > deadline:
                    raise Hindrance(f"The log has not arrived within {PATIENCE:.0f} s; see {receiver.log}.")
                await asyncio.sleep(0.02)
        backup.add(point)

    def _copy_keys(self) -> None:
        """After the database: those that it uses are there. What was destroyed goes from the copy as well."""
        if self._keys_to is None:
            return
        held, copy = self._city.keys.read_text(), self._keys_to / "keys.json"
        if not copy.exists() or copy.read_text() != held:
            self._keys_to.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep(copy, held)

    def _leave(self, backup: Backup, receiver: Child | None) -> None:
        """Nothing more comes to it."""
        if receiver:
            receiver.stop()
        asyncio.run(self._release(backup))

    async def _release(self, backup: Backup) -> None:
        try:
            async with self._city.connected() as connection:
                await source.release(connection, backup.slot)
        except Hindrance:  # the next backup drops it
            pass


def _run(command: list[str], environment: dict[str, str], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Raises Hindrance with the program's last words, which name files and no content."""
    with (
        bound_to_us(Signals.SIGKILL) as bind,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=bind
        ) as program,
    ):
        try:
            said = None
            while said is None:
                try:
                    said = program.communicate(timeout=TICK)[1]
                except subprocess.TimeoutExpired:
                    meanwhile()
        except BaseException:
            program.kill()
            raise
    if program.returncode != 0:
        raise Hindrance(f"{Path(command[0]).name} failed. {said.strip().rpartition(chr(10))[2]}")
