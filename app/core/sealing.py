"""Text that only its key opens, and only in the place it was written for (AES-256-GCM, NIST SP 800-38D)."""

import hashlib
import hmac
import os
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def seal_bytes(key: bytes, plain: bytes, place: str) -> bytes:
    """`0x01 | nonce (12) | ciphertext and tag`, bound to `place`."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def open_bytes(key: bytes, sealed: bytes, place: str) -> bytes:
    """Raises InvalidTag for another key, another place or a changed byte."""
    if sealed[:1] != _VERSION:
        raise ValueError("unknown seal")
    return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.encode())


def seal(key: bytes, value: str, table: str, column: str, row: UUID) -> bytes:
    """A ciphertext moved to another table, column or row does not open."""
    return seal_bytes(key, value.encode(), f"{table}|{column}|{row}")


def unseal(key: bytes, sealed: bytes, table: str, column: str, row: UUID) -> str:
    return unseal_bytes(key, sealed, table, column, row).decode()


def unseal_bytes(key: bytes, sealed: bytes, table: str, column: str, row: UUID) -> bytes:
    """For who reads UTF-8 anyway."""
    return open_bytes(key, sealed, f"{table}|{column}|{row}")


def digest(secret: bytes, value: str) -> bytes:
    """A keyed digest: equal values meet, and nobody without the secret can try them out."""
    return hmac.digest(secret, value.encode(), hashlib.sha256)


class KeyProvider(Protocol):
    """Wraps data keys under a key-encryption key, and derives secrets for digests and signatures."""

    def wrap(self, data_key: bytes, place: str) -> tuple[str, bytes]:
        """(name of the key-encryption key, wrapped key), bound to `place`."""
        ...

    def unwrap(self, name: str, wrapped: bytes, place: str) -> bytes: ...

    def secret(self, purpose: str) -> bytes:
        """32 bytes for this purpose alone; the same in every process and after every rotation."""
        ...

    def signing(self) -> dict[str, bytes]:
        """Signing keys by name, the current one first; tokens of either are good while both live."""
        ...
