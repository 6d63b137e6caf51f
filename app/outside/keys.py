"""Keys that live outside PostgreSQL: in a file. A KMS would be another class of KeyProvider's shape.

`DIR/keys.json` (0600) holds `current`, `keks` {name: base64}, `since` and `unused` {name: time}, `root`, and `signing`
{name: base64}. A key-encryption key only wraps data keys, so that it can be another one tomorrow (see
`scripts/rotate_keys.py`); `root` makes digests and signatures, which must find and verify what was made before.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.sealing import new_key, open_bytes, seal_bytes

LONG_AGO = datetime.fromtimestamp(0, UTC)


class KeyLost(KeyError):
    """What was wrapped under this key-encryption key opens no more: it was destroyed, or lost."""


class FileKeys:
    """Notices by itself when the file was replaced: a process that runs wraps under the new key at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys.json"
        self._read()

    def _read(self) -> None:
        self._seen = _version(self._path)
        held = json.loads(self._path.read_text())
        self.current: str = held["current"]
        self._keks = {name: base64.b64decode(key) for name, key in held["keks"].items()}
        self._root = base64.b64decode(held["root"])
        self._signing = {name: base64.b64decode(key) for name, key in held["signing"].items()}
        self._secrets: dict[str, bytes] = {}

    def _look(self) -> None:
        if _version(self._path) != self._seen:
            self._read()

    @staticmethod
    def make(folder: Path) -> None:
        """Write new keys unless there are some: losing them loses every text that was sealed under them."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = {
            "current": "kek-1",
            "keks": {"kek-1": base64.b64encode(new_key()).decode()},
            "root": base64.b64encode(os.urandom(32)).decode(),
            "signing": {f"sig-{n}": base64.b64encode(os.urandom(32)).decode() for n in (1, 2)},
        }
        path = folder / "keys.json"
        if path.exists():
            return
        aside = _aside(path, fresh)
        try:
            os.link(aside, path)  # fails where another process was first; a reader never meets half a file
        except FileExistsError:
            pass
        finally:
            aside.unlink()

    def wrap(self, data_key: bytes, place: str) -> tuple[str, bytes]:
        self._look()  # microseconds; under an old key nothing new is ever wrapped
        name = self.current
        return name, seal_bytes(self._keks[name], data_key, f"key|{place}|{name}")

    def unwrap(self, name: str, wrapped: bytes, place: str) -> bytes:
        """Raises KeyLost where there is no such key any more."""
        if name not in self._keks:
            self._look()
        if name not in self._keks:
            raise KeyLost(name)
        return open_bytes(self._keks[name], wrapped, f"key|{place}|{name}")

    def secret(self, purpose: str) -> bytes:
        if (known := self._secrets.get(purpose)) is None:
            known = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._root)
            self._secrets[purpose] = known
        return known

    def signing(self) -> dict[str, bytes]:
        return dict(self._signing)


class KeyRing:
    """The file in the hands of who rotates its key-encryption keys. Every change is whole or not there at all."""

    def __init__(self, held: dict[str, Any]) -> None:
        self._held = held

    @staticmethod
    @contextmanager
    def held(folder: Path) -> Iterator["KeyRing"]:
        """Nobody else changes it meanwhile; it is written on the way out, if nothing went wrong."""
        path = folder / "keys.json"
        with (folder / "keys.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ring = KeyRing(json.loads(path.read_text()))
            before = json.dumps(ring._held)
            yield ring
            if json.dumps(ring._held) != before:
                os.replace(_aside(path, ring._held), path)
                _sync(folder)

    @property
    def current(self) -> str:
        return str(self._held["current"])

    @property
    def names(self) -> list[str]:
        return list(self._held["keks"])

    @property
    def since(self) -> datetime:
        """When the current one was made; long ago where the file does not say."""
        return self._time("since", self.current) or LONG_AGO

    def unused(self, name: str) -> datetime | None:
        """Since when nothing is wrapped under it any more."""
        return self._time("unused", name)

    def turn(self, now: datetime) -> str:
        """A new one, under which everything is wrapped from now on."""
        name = f"kek-{1 + max(int(name.rpartition('-')[2]) for name in self._known())}"
        self._held["keks"][name] = base64.b64encode(new_key()).decode()
        self._held["current"] = name
        self._held.setdefault("since", {})[name] = now.isoformat()
        return name

    def note(self, in_use: Mapping[str, int], now: datetime) -> None:
        """Which of them data keys are wrapped under; of the others, since when they are not."""
        unused = self._held.setdefault("unused", {})
        for name in self.names:
            if name == self.current or in_use.get(name):
                unused.pop(name, None)
            else:
                unused.setdefault(name, now.isoformat())

    def destroy(self, name: str) -> None:
        """Whatever copy of a data key was wrapped under it, in whatever backup, opens no more."""
        if name == self.current or self.unused(name) is None:
            raise ValueError(f"{name} is in use.")
        del self._held["keks"][name]

    def _known(self) -> set[str]:
        """Destroyed ones too: no name is ever given twice."""
        return {*self.names, *self._held.get("since", {}), *self._held.get("unused", {})}

    def _time(self, of: str, name: str) -> datetime | None:
        said = self._held.get(of, {}).get(name)
        return datetime.fromisoformat(said) if said else None


def _version(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_ino, seen.st_mtime_ns


def _aside(path: Path, held: dict[str, Any]) -> Path:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    with aside.open("w") as file:
        file.write(json.dumps(held))
        file.flush()
        os.fsync(file.fileno())
    return aside


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
