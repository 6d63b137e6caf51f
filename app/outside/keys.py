"""Keys that live outside PostgreSQL: in a file. A KMS would be another class of KeyProvider's shape."""

import base64
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.sealing import new_key, open_bytes, seal_bytes


class FileKeys:
    """Keys in `DIR/keys.json` (0600): `{"current", "keks": {name: base64}, "root", "signing": {name: base64}}`."""

    def __init__(self, folder: Path) -> None:
        held = json.loads((folder / "keys.json").read_text())
        self._current: str = held["current"]
        self._keks = {name: base64.b64decode(key) for name, key in held["keks"].items()}
        self._root = base64.b64decode(held["root"])
        self._signing = {name: base64.b64decode(key) for name, key in held["signing"].items()}

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
        aside = folder / f"keys.json.{os.getpid()}"
        aside.touch(mode=0o600)
        aside.write_text(json.dumps(fresh))
        try:
            os.link(aside, path)  # fails where another process was first; a reader never meets half a file
        except FileExistsError:
            pass
        finally:
            aside.unlink()

    def wrap(self, data_key: bytes, place: str) -> tuple[str, bytes]:
        name = self._current
        return name, seal_bytes(self._keks[name], data_key, f"key|{place}|{name}")

    def unwrap(self, name: str, wrapped: bytes, place: str) -> bytes:
        return open_bytes(self._keks[name], wrapped, f"key|{place}|{name}")

    def secret(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._root)

    def signing(self) -> dict[str, bytes]:
        return dict(self._signing)
