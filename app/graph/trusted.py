"""Trusted documents: what client builds have registered, so that nobody needs to be allowed to send anything else.

`python -m scripts.trust_documents` writes the manifest; the house's own saved operations are always in it.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

from app.core.errors import code
from app.graph.limits import CHARACTERS
from app.graph.saved import saved

LOOK_AGAIN = 1.0
"""Seconds between two looks whether the manifest is newer."""
HASHES = 128
"""How many are remembered: clients send the same few documents again and again."""

DOCUMENT_NOT_TRUSTED = code(
    "DOCUMENT_NOT_TRUSTED",
    zh="此操作未登记，请更新应用后重试。",
    en="This document is not registered here. Please update the app.",
    remedy="Send only documents that the client's build has registered (scripts.trust_documents), or their hashes.",
    status=403,
)

log = structlog.get_logger("graph")


class Trust(StrEnum):
    """What happens to a document that nobody has registered."""

    OFF = "off"
    """Nothing."""
    LOG = "log"
    """It is counted and said in the operation's line, by its hash."""
    ENFORCE = "enforce"
    """It is refused, unless one of the staff sends it."""


@dataclass(frozen=True)
class Entry:
    document: str
    clients: tuple[str, ...] = ()
    """The releases that send it, such as miniprogram/1.5.0."""


def hash_of(document: str) -> str:
    """SHA-256 in hexadecimal, as Apollo's and urql's clients take it."""
    return _remembered(document) if len(document) <= CHARACTERS else _worked_out(document)


def _worked_out(document: str) -> str:
    return sha256(document.encode(errors="surrogatepass")).hexdigest()


_remembered = lru_cache(maxsize=HASHES)(_worked_out)


def read(manifest: Path) -> dict[str, Entry]:
    """By hash; empty where there is no such file. Raises ValueError where it is not what `written` makes."""
    try:
        said = json.loads(manifest.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    try:
        found = {hash: Entry(one["document"], tuple(one["clients"])) for hash, one in said["documents"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{manifest} is no manifest of trusted documents") from error
    for hash, entry in found.items():
        if hash_of(entry.document) != hash:
            raise ValueError(f"{manifest}: {hash} is not the hash of its document")
    return found


def written(entries: Mapping[str, Entry]) -> str:
    """The manifest, in an order that makes differences small."""
    documents = {hash: {"clients": sorted(one.clients), "document": one.document} for hash, one in entries.items()}
    return json.dumps({"documents": documents}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache
def _own() -> Mapping[str, str]:
    """The house's own documents, by hash; worked out once somebody sends a hash."""
    return {hash_of(text): text for one in saved() for text in one.documents}


class Trusted:
    """The manifest as it is now: what a deployment registers while the house is open counts from the next look on."""

    def __init__(self, how: Trust = Trust.OFF, manifest: Path | None = None) -> None:
        """Raises ValueError where the manifest is not one."""
        self.how, self._manifest = how, manifest
        self._seen, self._looked = self._state(), time.monotonic()
        self._texts = self._read()

    def text(self, hash: str) -> str | None:
        if hash not in self._texts and hash not in _own():
            self._look_again()
        return self._texts.get(hash) or _own().get(hash)

    def knows(self, document: str) -> bool | None:
        """None where nobody asks."""
        return None if self.how is Trust.OFF else self.text(hash_of(document)) is not None

    def _look_again(self) -> None:
        now = time.monotonic()
        if self._manifest is None or now - self._looked < LOOK_AGAIN:
            return
        self._looked = now
        if (state := self._state()) == self._seen:
            return
        self._seen = state
        try:
            self._texts = self._read()
        except ValueError:
            log.error("manifest")  # what was trusted stays so

    def _read(self) -> dict[str, str]:
        entries = read(self._manifest) if self._manifest else {}
        return {hash: entry.document for hash, entry in entries.items()}

    def _state(self) -> Any:
        try:
            found = self._manifest.stat() if self._manifest else None
        except FileNotFoundError:
            return None
        return found and (found.st_mtime_ns, found.st_size, found.st_ino)


UNASKED = Trusted()
"""Every document will do."""
