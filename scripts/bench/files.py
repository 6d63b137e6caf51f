"""What it costs that files lie sealed: python -m scripts.bench.files

The same bytes go into a folder and come out of it, plain and sealed in turn (AES-256-GCM, chunks of 64 KiB), through
the house's own storage. The medians of both are told as a ratio, which a busy machine changes little; so is a look at
64 KiB in the middle, as a player makes it that jumps ahead.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from app.core.sealing import new_key
from app.core.streams import sealing
from app.outside.storage import PIECE, Storage
from app.vault.actions import storing
from app.vault.rules.ranges import Part

SIZE = 20_000_000
"""Bytes of the largest file that is taken."""
REPEATS = 15
LOOKS = 40
MIDDLE = Part(SIZE // 2, SIZE // 2 + 65_536)
NAME = "kept/bench"

Work = Callable[[], Awaitable[None]]


class Bench:
    def __init__(self, storage: Storage) -> None:
        self._storage, self._key, self._data = storage, new_key(), os.urandom(SIZE)

    async def _pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, SIZE, PIECE):
            yield self._data[start : start + PIECE]

    async def write_plain(self) -> None:
        await self._storage.put(f"{NAME}/plain", self._pieces())

    async def write_sealed(self) -> None:
        name = f"{NAME}/sealed"
        await self._storage.put(name, sealing(self._key, name, self._pieces()))

    async def read_plain(self) -> None:
        await self._drain(self._storage.stream(f"{NAME}/plain"), SIZE)

    async def read_sealed(self) -> None:
        await self._drain(storing.whole(self._storage, f"{NAME}/sealed", self._key, SIZE), SIZE)

    async def look_plain(self) -> None:
        for _ in range(LOOKS):
            await self._drain(
                self._storage.stream(f"{NAME}/plain", MIDDLE.start, MIDDLE.end), MIDDLE.end - MIDDLE.start
            )

    async def look_sealed(self) -> None:
        for _ in range(LOOKS):
            part = storing.part(self._storage, f"{NAME}/sealed", self._key, SIZE, MIDDLE)
            await self._drain(part, MIDDLE.end - MIDDLE.start)

    @staticmethod
    async def _drain(pieces: AsyncIterator[bytes], expected: int) -> None:
        came = 0
        async for piece in pieces:
            came += len(piece)
        assert came == expected


async def seconds(work: Work) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def compared(plain: Work, sealed: Work) -> tuple[float, float]:
    """Medians, of runs in turn."""
    await plain()
    await sealed()
    taken = [(await seconds(plain), await seconds(sealed)) for _ in range(REPEATS)]
    return statistics.median(p for p, _ in taken), statistics.median(s for _, s in taken)


async def run(folder: Path) -> None:
    bench = Bench(Storage.folder(folder))
    for what, plain, sealed, count in (
        ("into the folder", bench.write_plain, bench.write_sealed, 1),
        ("out of the folder", bench.read_plain, bench.read_sealed, 1),
        ("64 KiB in the middle", bench.look_plain, bench.look_sealed, LOOKS),
    ):
        before, after = await compared(plain, sealed)
        told = f"{before / count * 1e3:7.2f} ms plain, {after / count * 1e3:7.2f} ms sealed"
        print(f"{what:20} {told}, x{after / before:.2f}")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        print(f"{SIZE / 1e6:.0f} MB, medians of {REPEATS}:")
        asyncio.run(run(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
