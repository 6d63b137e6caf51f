"""Sealed streams: any part opens alone, and nothing that was changed opens at all."""

import os
from collections.abc import AsyncIterator

import pytest
from cryptography.exceptions import InvalidTag

from app.core import streams
from app.core.streams import CHUNK, HEADER, TAG, Opener, chunks, opening, regular, sealed, sealed_size, sealing, span

pytestmark = pytest.mark.anyio

KEY = bytes(range(32))
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17]


async def pieces(data: bytes, size: int = 10_007) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def joined(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in stream])


async def opened(data: bytes, size: int, place: str = "here", key: bytes = KEY, first: int = 0) -> bytes:
    body = data[span(first, first)[0] :]
    return await joined(opening(key, place, data[:HEADER], pieces(body), first, size))


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_sealed_opens_from_any_chunk_on(size: int) -> None:
    plain = os.urandom(size)
    streamed = await joined(sealing(KEY, "here", pieces(plain)))
    for data in (streamed, sealed(KEY, "here", plain)):
        assert len(data) == sealed_size(size)
        for first in range(chunks(size)):
            assert await opened(data, size, first=first) == plain[first * CHUNK :]


async def test_the_same_twice_is_never_the_same() -> None:
    assert sealed(KEY, "here", b"x") != sealed(KEY, "here", b"x")


@pytest.mark.parametrize("at", [1, HEADER - 1, HEADER, HEADER + CHUNK // 2, HEADER + CHUNK, -1])
async def test_a_changed_byte_does_not_open(at: int) -> None:
    data = bytearray(sealed(KEY, "here", bytes(2 * CHUNK)))
    data[at] ^= 1
    with pytest.raises(InvalidTag):
        await opened(bytes(data), 2 * CHUNK)


async def test_chunks_that_are_moved_left_out_or_cut_off_do_not_open() -> None:
    size, step = 3 * CHUNK, CHUNK + TAG
    data = sealed(KEY, "here", os.urandom(size))
    head, (one, two, three) = data[:HEADER], (data[HEADER + n * step : HEADER + (n + 1) * step] for n in range(3))
    for wrong, told in (
        (head + two + one + three, size),
        (head + one + three, 2 * CHUNK),
        (head + one + two, 2 * CHUNK),
        (head + one + two + three[: TAG + 9], 2 * CHUNK + 9),
        (head + one + one + three, size),
    ):
        with pytest.raises(InvalidTag):
            await opened(wrong, told)


async def test_another_key_place_or_stream_does_not_open() -> None:
    data, other = sealed(KEY, "here", b"one"), sealed(KEY, "here", b"two")
    for wrong in (
        opened(data, 3, place="there"),
        opened(data, 3, key=bytes(32)),
        opened(other[:HEADER] + data[HEADER:], 3),
    ):
        with pytest.raises(InvalidTag):
            await wrong
    with pytest.raises(ValueError, match="unknown stream"):
        Opener(KEY, "here", b"\x01" + data[1:HEADER])


async def test_pieces_are_cut_to_size() -> None:
    for size in (0, 5, 10, 11, 20, 25):
        cut = [piece async for piece in regular(pieces(bytes(size), 7), 10)]
        assert sum(map(len, cut)) == size
        assert all(len(piece) == 10 for piece in cut[:-1])
        assert cut[-1] or size == 0


def test_the_header_is_as_long_as_it_says() -> None:
    assert len(streams.Sealer(KEY, "here").header) == HEADER
