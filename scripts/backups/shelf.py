"""A folder of backups, and what lies where in it:

DIR/20261130T014512Z/    one backup, made while the city ran
    base/                pg_basebackup's: `base.tar.gz` and `backup_manifest`
    wal/                 all that was written since it began, as it comes; what is finished is compressed
    points               the moments that it brings back, one a line, oldest first
    manifest.json        written last: without it this is no backup
DIR/files/, DIR/gone/    sealed files; in `gone` those that the city has no more
DIR/sums                 what each of them weighs and its SHA-256
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.folder import DataFolder, keep
from scripts.hindrance import Hindrance

HOLDS = "backups"
STAMP = "%Y%m%dT%H%M%SZ"
EARLY = timedelta(days=1)
"""Before its time is over a backup goes: a receipt of an erasure promises that day, and a timer may come late."""
SEGMENT = 16 * 1024 * 1024
"""Bytes of a segment of the log, as initdb makes them."""
_SEGMENT = re.compile(r"[0-9A-F]{24}(\.gz|\.partial)?")


@dataclass(frozen=True)
class Manifest:
    holds: str
    """What the city's data folder holds: "real data", "demo data"."""
    life: str
    """Of the data folder that it was made of: a city that was brought back has another, and goes another way."""
    postgres: int
    """The major version, which alone reads it again."""
    files: bool
    """Whether the city's files are in it: a bucket has copies of its own."""
    sums: dict[str, str]
    """Of the files of `base`: their SHA-256."""


@dataclass(frozen=True)
class Backup:
    path: Path

    @property
    def began(self) -> datetime:
        return datetime.strptime(self.path.name, STAMP).replace(tzinfo=UTC)

    @property
    def base(self) -> Path:
        return self.path / "base"

    @property
    def wal(self) -> Path:
        return self.path / "wal"

    @property
    def slot(self) -> str:
        """The replication slot by which the server keeps for it what it has not got yet."""
        return f"backup_{self.path.name.lower()}"

    @property
    def whole(self) -> bool:
        return (self.path / "manifest.json").exists()

    @property
    def manifest(self) -> Manifest:
        return Manifest(**json.loads((self.path / "manifest.json").read_text()))

    def points(self) -> list[datetime]:
        """Oldest first. A line that a crash cut short is none."""
        with suppress(FileNotFoundError):
            lines = (self.path / "points").read_text().splitlines(keepends=True)
            return [datetime.fromisoformat(line.strip()) for line in lines if line.endswith("+00:00\n")]
        return []

    def add(self, point: datetime) -> None:
        """All that was before that moment is here and on the disk."""
        with (self.path / "points").open("a") as file:
            file.write(f"{name(point)}\n")
            file.flush()
            os.fsync(file.fileno())

    def finish(self, holds: str, life: str, postgres: int, files: bool) -> None:
        sums = {file.name: sum_of(file) for file in sorted(self.base.iterdir())}
        keep(self.path / "manifest.json", json.dumps(asdict(Manifest(holds, life, postgres, files, sums))))

    def compress(self) -> None:
        """What the receiver has finished; it goes on from there all the same."""
        for segment in self.wal.iterdir():
            if len(segment.name) == 24 and segment.stat().st_size == SEGMENT:
                draft = segment.with_name(f"{segment.name}.draft")
                with segment.open("rb") as plain, draft.open("wb") as file, gzip.GzipFile("", "wb", 1, file) as packed:
                    shutil.copyfileobj(plain, packed, SEGMENT)
                with draft.open("rb") as written:
                    os.fsync(written.fileno())
                draft.chmod(0o600)
                draft.rename(segment.with_name(f"{segment.name}.gz"))
                segment.unlink()

    def segments(self) -> Iterator[tuple[str, bytes]]:
        """Each with its content, in order. Raises Hindrance where one is missing or damaged."""
        found = {file.name[:24] for file in self.wal.iterdir() if _SEGMENT.fullmatch(file.name)}
        following = ""
        for segment in sorted(found):
            if following and segment != following:
                raise damaged(self.wal / following)
            following = _after(segment)
            yield segment, self._content(self.wal / segment)

    def _content(self, segment: Path) -> bytes:
        """Under whichever name it lies: in the order in which it gets them, for meanwhile it may get the next."""
        for name in (f"{segment.name}.partial", segment.name, f"{segment.name}.gz"):
            file = segment.with_name(name)
            try:
                content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            except FileNotFoundError:
                continue
            except (OSError, EOFError, zlib.error) as error:
                raise damaged(file) from error
            if len(content) == SEGMENT:
                return content
            break
        raise damaged(segment)

    def check(self) -> None:
        """Raises Hindrance where a file of the base is missing or not what it was."""
        for file, found in self.manifest.sums.items():
            if not (self.base / file).exists() or sum_of(self.base / file) != found:
                raise damaged(self.base / file)


class Shelf:
    """All of a folder's backups. One process at a time writes there."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._folder = DataFolder(self.path, HOLDS, private=True)

    def claim(self) -> None:
        """Raises Hindrance where another backup is being made there, or it holds what is not ours."""
        self._folder.claim()
        for backup in self._all():
            if not backup.whole:  # its making was cut short
                shutil.rmtree(backup.path)

    def release(self) -> None:
        self._folder.release()

    def begin(self) -> Backup:
        backup = Backup(self.path / datetime.now(UTC).strftime(STAMP))
        backup.wal.mkdir(parents=True, mode=0o700)
        backup.path.chmod(0o700)
        return backup

    def backups(self) -> list[Backup]:
        """Those that are whole, oldest first."""
        return [backup for backup in self._all() if backup.whole and backup.points()]

    def at(self, until: datetime | None) -> tuple[Backup, datetime]:
        """The last moment that can be brought back, not after `until`, and in which backup it is."""
        for backup in reversed(self.backups()):
            if points := [point for point in backup.points() if until is None or point <= until]:
                return backup, points[-1]
        if until is None:
            raise Hindrance(f"There is no whole backup in {self.path}. Name the folder that scripts.backup writes to.")
        raise Hindrance(f"No backup in {self.path} is as old as that. Leave --until away for the newest moment.")

    def later(self, chosen: Backup) -> list[Backup]:
        """What knows of what was done after: the last of the same life, and the last there is."""
        newest = self.backups()[-1]
        same = [backup for backup in self.backups() if backup.manifest.life == chosen.manifest.life][-1]
        return [same] if same == newest else [same, newest]

    def expire(self, now: datetime, kept_for: timedelta) -> int:
        """Remove those whose time is over, but never the newest."""
        old = [backup for backup in self.backups()[:-1] if now - backup.began >= kept_for - EARLY]
        for backup in old:
            # In this order, so that half of it is never taken for the whole.
            (backup.path / "manifest.json").unlink()
            shutil.rmtree(backup.path)
        return len(old)

    def _all(self) -> list[Backup]:
        return [Backup(path) for path in sorted(self.path.glob("[0-9]*T[0-9]*Z"))] if self.path.exists() else []


def keep_apart(to: Path, keys_to: Path | None, data: Path) -> None:
    """Raises Hindrance where one would go with the other, or whoever has one has both."""
    to, data = to.resolve(), data.resolve()
    if to == data or data in to.parents or to in data.parents:
        raise Hindrance("A backup within the city's own folder goes when that goes. Choose a folder elsewhere.")
    if keys_to is not None:
        keys = keys_to.resolve()
        if to == keys or to in keys.parents or keys in to.parents:
            raise Hindrance(
                "Keys and backup belong apart: whoever has both has every text. Choose a folder for --keys-to that is "
                "neither in the other nor around it, best on another machine's disk."
            )


def name(point: datetime) -> str:
    """Of the restore point in PostgreSQL's log."""
    return point.astimezone(UTC).isoformat(timespec="microseconds")


def sum_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def damaged(file: Path) -> Hindrance:
    return Hindrance(
        f"The backup is damaged: {file} is missing or not what was written. Restore from a copy of the folder, or to "
        "an earlier moment, by --until, that an older backup holds."
    )


def _after(segment: str) -> str:
    """The name of the segment that follows: timeline, and then 256 segments a file of the log."""
    number = int(segment[8:16], 16) * 256 + int(segment[16:], 16) + 1
    return f"{segment[:8]}{number // 256:08X}{number % 256:08X}"
