"""ClamAV's daemon, where an operator runs one: is this file known to be malicious?

The command is INSTREAM of clamd(8), https://docs.clamav.net/manual/Usage/Scanning.html: `zINSTREAM\\0`, then pieces,
each after its length in four bytes, and a length of nothing at the end. Its StreamMaxLength (25 MB by default) must not
be smaller than the largest file.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

PATIENCE = 30.0
"""Seconds for a whole file."""


class ClamdAway(Exception):
    """It could not be asked, or could not say: nothing is known of the file."""


class Clamd:
    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        """`address`: HOST:PORT, or the path of a socket."""
        self._address, self._patience = address, patience

    async def is_malicious(self, pieces: AsyncIterator[bytes]) -> bool:
        """Raises ClamdAway."""
        try:
            async with asyncio.timeout(self._patience):
                reply = await self._ask(pieces)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            raise ClamdAway from error
        if reply.endswith(b" FOUND"):
            return True
        if reply != b"stream: OK":
            raise ClamdAway
        return False

    async def _ask(self, pieces: AsyncIterator[bytes]) -> bytes:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            async for piece in pieces:
                if piece:  # a length of nothing would be the end
                    writer.write(len(piece).to_bytes(4) + piece)
                    await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1]
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if "/" in self._address:
            return await asyncio.open_unix_connection(self._address)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port))
