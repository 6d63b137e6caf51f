"""Sealed files in a folder of backups: each once, however many backups there are, since what is kept never changes."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from scripts.backups.shelf import EARLY, sum_of
from scripts.folder import keep


class Pool:
    """Copies of what lies in the city's folder of files."""

    def __init__(self, shelf: Path, source: Path | None) -> None:
        """`source`: None where the files lie in a bucket, which has copies of its own."""
        self._here, self._gone, self._sums = shelf / "files", shelf / "gone", shelf / "sums"
        self._source = source
        self._known = {file: _looks(self._here / file) for file in _walk(self._here)}

    def copy(self) -> int:
        """Take what is new, and put aside what the city has no more; how many are new."""
        if self._source is None:
            return 0
        new, seen = 0, set()
        for file in _walk(self._source):
            try:
                looks = _looks(self._source / file)
                if self._known.get(file) != looks:
                    self._take(file, looks)
                    self._known[file] = looks
                    new += 1
            except FileNotFoundError:  # it went while we looked
                continue
            seen.add(file)
        for file in self._known.keys() - seen:
            self._put_aside(file)
        return new

    def expire(self, now: datetime, kept_for: timedelta) -> None:
        """Delete what the city has had no more for longer than any backup is kept."""
        for file in list(_walk(self._gone)):
            if now.timestamp() - (self._gone / file).stat().st_mtime >= (kept_for - EARLY).total_seconds():
                (self._gone / file).unlink()
        for folder, _, _ in os.walk(self._gone, topdown=False):
            if not os.listdir(folder):
                os.rmdir(folder)
        found, sums = stored(self._here.parent)
        keep(self._sums, "".join(f"{digest}  {file}\n" for file, digest in sums.items() if file in found))

    def _take(self, file: str, looks: tuple[int, int]) -> None:
        target = self._here / file
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{target.name}.draft")
        shutil.copyfile(self._source / file, draft)  # type: ignore[operator]
        draft.chmod(0o600)
        os.utime(draft, ns=(looks[1], looks[1]))
        with draft.open("rb") as opened:
            os.fsync(opened.fileno())
        with self._sums.open("a") as sums:
            sums.write(f"{sum_of(draft)}  {file}\n")
        self._sums.chmod(0o600)
        draft.rename(target)

    def _put_aside(self, file: str) -> None:
        target = self._gone / file
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._here / file).rename(target)
        os.utime(target, (time.time(), time.time()))
        del self._known[file]


def stored(shelf: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Where each file of a folder of backups lies, by its name in the city's folder; and the SHA-256 it should have."""
    found = {file: shelf / where / file for where in ("gone", "files") for file in _walk(shelf / where)}
    sums: dict[str, str] = {}
    if (shelf / "sums").exists():
        lines = (shelf / "sums").read_text().splitlines()
        sums = {file: digest for digest, _, file in (line.partition("  ") for line in lines)}
    return found, sums


def later_too(shelf: Path, file: str, lay: Path) -> tuple[Path, ...]:
    """Where it lay, and where it lies once the city has deleted it, be it while we look."""
    return lay, shelf / "gone" / file


def _walk(folder: Path) -> Iterator[str]:
    for path, _, files in os.walk(folder):
        for file in files:
            if not file.startswith(".") and "#" not in file:  # what is still being written
                yield os.path.relpath(os.path.join(path, file), folder)


def _looks(file: Path) -> tuple[int, int]:
    seen = file.stat()
    return seen.st_size, seen.st_mtime_ns
