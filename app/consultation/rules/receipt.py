"""A receipt of the promise: the question's log as a chain of hashes, signed, for anybody to verify.

The document is JSON in one spelling only (keys in order, no blanks, ASCII, whole numbers; a subset of RFC 8785), and
its very bytes are signed with Ed25519 (RFC 8032). An entry's hash is sha256(previous || JSON of its n, kind, at, ids);
the first `previous` is sha256 of the question's id. The chain grows and never changes, so that an earlier receipt is
the beginning of every later one. No entry names a person: ids become numbers in the order in which they appear.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.consultation.rules.promise import Happened, Promise, Promised, begun, promise

RECEIPT = "receipt"
"""The purpose whose secret is the seed of the signing key."""


class Unverified(Exception):
    """Why a receipt proves nothing, in one plain sentence."""


class Logged(NamedTuple):
    """A row of the log, in the log's order."""

    kind: str
    at: datetime
    ids: Mapping[str, Any]


class Plain(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Entry(Plain):
    n: int
    kind: str
    at: str
    """UTC, microseconds: 2026-01-05T09:00:00.000000Z."""
    ids: dict[str, int | str]
    previous: str
    hash: str


class Document(Plain):
    """What is signed. `promised` answers `within` so many microseconds, by policy number `policy`."""

    receipt: Literal["promise/1"]
    question: str
    policy: int
    promised: int = Field(ge=1, le=100)
    within: int = Field(ge=0, le=10**15)
    entries: list[Entry]
    head: str
    issued_at: str

    def text(self) -> str:
        return canonical(self.model_dump())

    def promise(self) -> Promise | None:
        """None for a question that was never sent; ValueError for a time that is none."""
        terms = _Terms(self.promised, timedelta(microseconds=self.within))
        log = [Happened.of(entry.kind, moment(entry.at), entry.ids) for entry in self.entries]
        return promise(log, terms) if begun(entry.kind for entry in self.entries) else None


class _Terms(NamedTuple):
    promised: int
    within: timedelta


class Receipt(NamedTuple):
    """A document as it was signed; signature and key in base64."""

    document: str
    signature: str
    key_id: str


class PublicKey(NamedTuple):
    id: str
    key: str


def seed(question: UUID | str) -> bytes:
    """What the first entry of this question's chain follows."""
    return sha256(str(question).encode()).digest()


def chain(question: UUID | str, log: Iterable[Logged]) -> list[Entry]:
    entries, previous = [], seed(question)
    names: dict[tuple[str, str], str] = {}
    for n, row in enumerate(log, 1):
        ids = {name: _plain(names, name, value) for name, value in row.ids.items()}
        told: dict[str, Any] = {"n": n, "kind": str(row.kind), "at": stamp(row.at), "ids": ids}
        own = _hash(previous, told)
        entries.append(Entry(**told, previous=previous.hex(), hash=own.hex()))
        previous = own
    return entries


def head(question: UUID | str, entries: list[Entry]) -> bytes:
    """The hash of the last entry: whoever publishes it can no longer change what went before."""
    return bytes.fromhex(entries[-1].hash) if entries else seed(question)


def _plain(names: dict[tuple[str, str], str], name: str, value: Any) -> int | str:
    """Numbers as they are; `seat-2` for the second seat that the log speaks of."""
    if isinstance(value, int):
        return int(value)
    seen = sum(kind == name for kind, _ in names)
    return names.setdefault((name, str(value)), f"{name}-{seen + 1}")


def _hash(previous: bytes, told: Mapping[str, Any]) -> bytes:
    return sha256(previous + canonical(told).encode()).digest()


def canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_STAMP)


def moment(said: str) -> datetime:
    """ValueError for what `stamp` would not write."""
    at = datetime.strptime(said, _STAMP).replace(tzinfo=UTC)
    if stamp(at) != said:
        raise ValueError(said)
    return at


def issue(
    secret: bytes, question: UUID, policy: int, terms: Promised, log: Iterable[Logged], now: datetime
) -> tuple[Document, Receipt]:
    """`secret`: KeyProvider's 32 bytes for "receipt" are the seed of the Ed25519 key."""
    entries = chain(question, log)
    document = Document(
        receipt="promise/1",
        question=str(question),
        policy=policy,
        promised=terms.promised,
        within=terms.within // timedelta(microseconds=1),
        entries=entries,
        head=head(question, entries).hex(),
        issued_at=stamp(now),
    )
    return document, sign(secret, document.text())


def sign(secret: bytes, text: str) -> Receipt:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    return Receipt(text, signature, _key_id(key.public_key()))


def public_key(secret: bytes) -> PublicKey:
    key = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    return PublicKey(_key_id(key), base64.b64encode(key.public_bytes_raw()).decode())


def _key_id(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def verify(receipt: Receipt, keys: Iterable[str]) -> Document:
    """The document, if one of these public keys (base64) signed exactly it and its chain holds. Raises Unverified."""
    return read(authentic(receipt, keys))


def authentic(receipt: Receipt, keys: Iterable[str]) -> str:
    """The text of the document, if one of these public keys signed exactly it. Raises Unverified."""
    known = {_key_id(key): key for key in map(_public, keys)}
    if receipt.key_id not in known:
        raise Unverified("The receipt was signed with another key than those given.")
    try:
        signature = base64.b64decode(receipt.signature, validate=True)
        known[receipt.key_id].verify(signature, receipt.document.encode())
    except (ValueError, InvalidSignature) as error:
        raise Unverified("The signature does not fit the document: one of the two was changed.") from error
    return receipt.document


def _public(said: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(said, validate=True))
    except ValueError as error:
        raise Unverified("A public key is 32 bytes in base64.") from error


def read(text: str) -> Document:
    """A document whose chain holds, whoever signed it. Raises Unverified."""
    try:
        document = Document.model_validate_json(text)
    except ValidationError as error:
        raise Unverified("The document is not a receipt, or not a whole one.") from error
    if document.text() != text:
        raise Unverified("The document is spelled in another way than receipts are.")
    previous = seed(document.question)
    for n, entry in enumerate(document.entries, 1):
        if entry.n != n or entry.previous != previous.hex():
            raise Unverified(f"Entry {n} does not follow the one before it: an entry was dropped, added or moved.")
        previous = _hash(previous, entry.model_dump(include={"n", "kind", "at", "ids"}))
        if entry.hash != previous.hex():
            raise Unverified(f"Entry {n} was changed after it was chained.")
    if document.head != previous.hex():
        raise Unverified("The head is not that of the last entry: entries are missing at the end.")
    try:
        moment(document.issued_at)
        document.promise()
    except (ValueError, OverflowError) as error:
        raise Unverified("A time in the document is none.") from error
    return document


def against_extension(earlier: Document, later: Document) -> str | None:
    """Why the earlier document is not the beginning of the later one, None if it is."""
    if earlier.question != later.question:
        return "The two receipts are of different questions."
    if len(earlier.entries) > len(later.entries):
        return f"The earlier receipt has {len(earlier.entries)} entries, this one only {len(later.entries)}."
    for before, after in zip(earlier.entries, later.entries, strict=False):
        if before != after:
            return f"Entry {before.n} is another one than in the earlier receipt: the log was rewritten."
    return None
