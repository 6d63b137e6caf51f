"""A zip that is written while it is being sent: never whole anywhere, neither in memory nor on a disk."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.core.streams import regular

PIECE = 64 * 1024
_PLAIN_FILE = 0o600 << 16


class _Sink:
    """Where the zip is written to, and taken from at once. Without `tell` and `seek`: sizes follow the bytes."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


class Archive:
    """Names are the caller's: plain paths, each once. What is yielded is to be sent in that order, `end` last; a zip
    that breaks off has no directory and opens nowhere."""

    def __init__(self, at: datetime) -> None:
        """`at`: the time its members bear, without a zone."""
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w", ZIP_DEFLATED)
        self._at = at.timetuple()[:6]

    async def text(self, name: str, said: str) -> AsyncIterator[bytes]:
        """A member that is held anyway, compressed in another thread."""
        await asyncio.to_thread(self._zip.writestr, self._member(name), said.encode(), ZIP_DEFLATED, 6)
        yield self._sink.taken()

    async def bytes_of(self, name: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """A member as it comes. Pictures and sounds are compressed already: they are framed and no more."""
        member = self._member(name)
        member._compresslevel = 0  # type: ignore[attr-defined]
        with self._zip.open(member, "w", force_zip64=False) as written:
            async for piece in regular(pieces, PIECE):
                written.write(piece)
                yield self._sink.taken()
        yield self._sink.taken()

    def end(self) -> bytes:
        self._zip.close()
        return self._sink.taken()

    def _member(self, name: str) -> ZipInfo:
        member = ZipInfo(name, self._at)
        member.compress_type, member.external_attr = ZIP_DEFLATED, _PLAIN_FILE
        return member
