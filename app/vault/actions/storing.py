"""The bytes of a file on their way into the store and out of it, sealed wherever they rest.

What comes in lies in pieces under `incoming/ID/` until all of it is there and was looked at; what is kept lies under
`kept/ID/`.
"""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

from app.core import streams
from app.outside.storage import Storage
from app.vault.rules.ranges import Part

SEGMENT: Final = 256 * 1024
"""Bytes that are held before they are stored; a broken upload goes on at a multiple of it."""
WHOLE: Final = "whole"
THUMBNAIL: Final = "thumbnail"


def incoming(file: UUID) -> str:
    return f"incoming/{file}"


def kept(file: UUID) -> str:
    return f"kept/{file}"


async def lay_down(storage: Storage, file: UUID, key: bytes, number: int, segment: bytes) -> None:
    """One segment of what comes in; again is in place of it."""
    name = f"{incoming(file)}/{number:05d}"
    await storage.put(name, streams.sealed(key, name, segment))


async def laid_down(storage: Storage, row: Any, key: bytes) -> AsyncIterator[bytes]:
    """All that came in, from its first byte to its last."""
    for number, start in enumerate(range(0, row.size, SEGMENT)):
        name = f"{incoming(row.id)}/{number:05d}"
        size = min(SEGMENT, row.size - start)
        async for piece in whole(storage, name, key, size):
            yield piece


async def put(storage: Storage, file: UUID, what: str, key: bytes, plain: AsyncIterator[bytes]) -> None:
    name = f"{kept(file)}/{what}"
    await storage.put(name, streams.sealing(key, name, plain))


async def whole(storage: Storage, name: str, key: bytes, size: int) -> AsyncIterator[bytes]:
    async for piece in part(storage, name, key, size, Part(0, size)):
        yield piece


async def part(storage: Storage, name: str, key: bytes, size: int, wanted: Part) -> AsyncIterator[bytes]:
    """Bytes of a stored stream that has `size` plain bytes: only the chunks that hold them are fetched."""
    if wanted.start >= wanted.end:
        return
    first, last = wanted.start // streams.CHUNK, (wanted.end - 1) // streams.CHUNK
    start, end = streams.span(first, last)
    header = await storage.read(name, 0, streams.HEADER)
    sealed = storage.stream(name, start, min(end, streams.sealed_size(size)))
    at = first * streams.CHUNK
    async for chunk in streams.opening(key, name, header, sealed, first, size):
        yield chunk[max(0, wanted.start - at) : wanted.end - at]
        at += len(chunk)


async def following(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A piece that was fetched to see whether there is one, and the others after it."""
    yield first
    async for piece in rest:
        yield piece


async def clear(storage: Storage, file: UUID) -> None:
    """Nothing of it is left. Twice changes nothing."""
    await storage.remove(incoming(file))
    await storage.remove(kept(file))
