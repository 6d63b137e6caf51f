"""A clamd that knows one malicious file: whatever holds EICAR's test string (https://www.eicar.org)."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SIGNATURE = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
LONGEST = 25_000_000


@asynccontextmanager
async def clamd(longest: int = LONGEST) -> AsyncIterator[str]:
    """Yields its HOST:PORT. What is longer than `longest` it refuses, as its StreamMaxLength would."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            writer.write(await _answer(reader, longest) + b"\0")
            await writer.drain()
        except (EOFError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"{host}:{port}"


async def _answer(reader: StreamReader, longest: int) -> bytes:
    if await reader.readuntil(b"\0") != b"zINSTREAM\0":
        return b"UNKNOWN COMMAND"
    seen = b""
    while size := int.from_bytes(await reader.readexactly(4)):
        seen += await reader.readexactly(size)
        if len(seen) > longest:
            return b"INSTREAM size limit exceeded. ERROR"
    return b"stream: Eicar-Test-Signature FOUND" if SIGNATURE in seen else b"stream: OK"
