"""The folder that a running house keeps its data in: its own, and claimed by one launcher at a time."""

import argparse
import fcntl
import os
import secrets
import shutil
from pathlib import Path
from typing import TextIO

from app.settings import NO_KEYS_DIR
from scripts.hindrance import Hindrance

VAR = Path(__file__).resolve().parent.parent / "var"
"""Where a city's data lies unless it is said otherwise."""
MARKER = ".house"
LOCK = "lock"
CONDEMNED = ".to-be-deleted"


def named_folder(said: str) -> Path:
    """For argparse. An empty path is the folder where one stands, which nobody means."""
    if not said:
        raise argparse.ArgumentTypeError(NO_KEYS_DIR)
    return Path(said)


class DataFolder:
    """A folder made by us. One process at a time may hold it; the kernel frees it when that process dies."""

    def __init__(self, path: Path, holds: str, *, private: bool = False) -> None:
        """`holds` says in two words what is kept there; a folder of one kind is never used as another. `private`: no
        server lives in it, and nobody else passes through."""
        self.path = path.resolve()
        self.holds = holds
        self._private = private
        self._lock: TextIO | None = None

    def claim(self) -> None:
        """Make the folder, or take it as we left it.

        Raises Hindrance where the folder holds what is not ours, belongs to another user, or is in use.
        """
        try:
            self._make()
            lock = (self.path / LOCK).open("a")
        except OSError as error:
            raise Hindrance(f"The data folder {self.path} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise Hindrance(
                f"The data folder {self.path} is in use by another launcher. Stop that one first, or choose "
                "another folder."
            ) from None
        self._lock = lock
        marker = self.path / MARKER
        if not marker.exists():
            self._mark()
        elif (found := marker.read_text().split("\n", 1)[0]) != self.holds:
            self.release()
            raise Hindrance(f"The folder {self.path} holds {found}, not {self.holds}. Choose another one.")

    def becomes(self, holds: str) -> None:
        """What is kept there is another thing from now on."""
        self.holds = holds
        self._mark()

    @property
    def claimed(self) -> bool:
        return self._lock is not None

    def release(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def secret(self, name: str) -> str:
        """A secret of our own making, the same at every start; readable by its owner alone."""
        path = self.path / f"{name}.secret"
        if not path.exists():
            keep(path, secrets.token_urlsafe(24))
        return path.read_text()

    @property
    def condemned(self) -> bool:
        """Whether its deletion was begun and not finished: half of it may be gone."""
        return (self.path / CONDEMNED).exists()

    def condemn(self) -> None:
        """To be said before the first thing in it is deleted."""
        if not self.claimed:
            raise RuntimeError("a folder is emptied by the one who has claimed it")
        keep(self.path / CONDEMNED, "")

    def wipe(self) -> None:
        """Delete what the folder holds. It stays claimed, and ours."""
        self.condemn()
        for entry in self.path.iterdir():
            if entry.name not in (MARKER, LOCK, CONDEMNED):
                remove(entry)
        (self.path / CONDEMNED).unlink()

    def _mark(self) -> None:
        keep(self.path / MARKER, f"{self.holds}\nMade by the programs in scripts/, which may delete this folder.\n")

    def _make(self) -> None:
        # As root the servers run as somebody else, who must be able to pass through.
        mode = 0o711 if os.geteuid() == 0 and not self._private else 0o700
        self.path.mkdir(parents=True, exist_ok=True)
        marker = self.path / MARKER
        if marker.exists():
            if marker.stat().st_uid != os.geteuid():
                raise Hindrance(f"The data folder {self.path} was made by another user. Start as that user.")
        elif any(entry.name not in (LOCK, f"{MARKER}.draft") for entry in self.path.iterdir()):
            raise Hindrance(
                f"The folder {self.path} is not empty and was not made by scripts/start. Choose another one."
            )
        self.path.chmod(mode)


def keep(path: Path, content: str) -> None:
    """Write a file for its owner alone, whole or not at all."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.rename(path)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
