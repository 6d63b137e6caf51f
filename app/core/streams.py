"""Long contents sealed in chunks, so that any part of them opens alone and nothing is ever held whole.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, CRYPTO 2015) with AES-256-GCM over chunks of 64 KiB. Each nonce is the chunk's number and whether it
is the last: chunks that are changed, moved, left out or cut off at the end do not open. The key of a stream is derived
from the data key, a random salt and the place it was written for, so that no nonce is used twice under one key.

`0x02 | salt (16) | chunk (64 KiB and a tag of 16) ... | last chunk (0 to 64 KiB and a tag of 16)`
"""

import os
from collections.abc import AsyncIterator
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK: Final = 64 * 1024
TAG: Final = 16
TOGETHER: Final = 4
"""Chunks that are handed over at once."""
HEADER: Final = 17
_VERSION: Final = b"\x02"
_SEALED: Final = CHUNK + TAG


def sealed_size(plain: int) -> int:
    """Bytes that so many bytes take when they are sealed."""
    return HEADER + plain + TAG * chunks(plain)


def chunks(plain: int) -> int:
    """How many chunks so many bytes are; nothing at all is one, so that its end too can be told."""
    return max(1, -(-plain // CHUNK))


def span(first: int, last: int) -> tuple[int, int]:
    """Where in a sealed stream the chunks of a window's lowest and highest number begin and end."""
    return HEADER + first * _SEALED, HEADER + (last + 1) * _SEALED


class _Stream:
    def __init__(self, key: bytes, place: str, salt: bytes) -> None:
        derived = HKDF(SHA256(), 32, salt=salt, info=f"stream|{place}".encode()).derive(key)
        self._aead = AESGCM(derived)

    @staticmethod
    def _nonce(number: int, last: bool) -> bytes:
        return number.to_bytes(11) + bytes([last])


class Sealer(_Stream):
    """Seals chunks in the order in which they come; `header` stands before the first."""

    def __init__(self, key: bytes, place: str) -> None:
        salt = os.urandom(HEADER - 1)
        super().__init__(key, place, salt)
        self.header = _VERSION + salt
        self._number = 0

    def seal(self, plain: bytes, last: bool) -> bytes:
        """The next chunks. Where they are not the last, they are whole: a multiple of CHUNK bytes."""
        end, sealed = chunks(len(plain)) - 1, []
        for at in range(end + 1):
            nonce = self._nonce(self._number, last and at == end)
            sealed.append(self._aead.encrypt(nonce, plain[at * CHUNK : (at + 1) * CHUNK], None))
            self._number += 1
        return b"".join(sealed)


class Opener(_Stream):
    """Opens any chunk by its number."""

    def __init__(self, key: bytes, place: str, header: bytes) -> None:
        if len(header) != HEADER or header[:1] != _VERSION:
            raise ValueError("unknown stream")
        super().__init__(key, place, header[1:])

    def open(self, number: int, sealed: bytes, last: bool) -> bytes:
        """Raises InvalidTag for another key, place or number, a changed byte, and an end that is none."""
        return self._aead.decrypt(self._nonce(number, last), sealed, None)


def sealed(key: bytes, place: str, plain: bytes) -> bytes:
    """What is short enough to be held, as a whole stream."""
    sealer = Sealer(key, place)
    return sealer.header + sealer.seal(plain, True)


async def regular(pieces: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The same bytes in pieces of exactly that size; the last may be shorter, and is empty where nothing came."""
    held = b""
    async for piece in pieces:
        data, at = held + piece if held else piece, 0
        while len(data) - at > size:  # not at the size: whether a piece is the last is known when another follows
            yield data[at : at + size]
            at += size
        held = data[at:]
    yield held


async def sealing(key: bytes, place: str, plain: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A whole stream, sealed as it comes."""
    sealer = Sealer(key, place)
    yield sealer.header
    held: bytes | None = None
    async for chunk in regular(plain, TOGETHER * CHUNK):
        if held is not None:
            yield sealer.seal(held, False)
        held = chunk
    yield sealer.seal(held or b"", True)


async def opening(
    key: bytes, place: str, header: bytes, sealed: AsyncIterator[bytes], first: int, total: int
) -> AsyncIterator[bytes]:
    """Plain chunks from the chunk numbered `first` on, of a stream that has `total` plain bytes; as far as it comes."""
    opener, number, end = Opener(key, place, header), first, chunks(total) - 1
    async for piece in regular(sealed, _SEALED):
        yield opener.open(number, piece, number == end)
        number += 1
