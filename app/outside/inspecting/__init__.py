"""What was sent is looked at in a process of its own, with limits of time and memory, that is killed when it takes too
long: decoders have been taken over by hostile files before, and must not hold up anybody else."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.outside.inspecting.found import Fault, Rejected
from app.outside.inspecting.kinds import Kind

SECONDS: Final = 25.0
"""From the first byte in to the last byte out."""
AT_ONCE: Final = 2
"""Processes side by side: each may take a core and a gigabyte."""
_PIECE: Final = 64 * 1024
_ROOT: Final = Path(__file__).parents[3]


@dataclass(frozen=True)
class Report:
    """A file that may be kept; `body`, then `thumbnail`, are to be read to their ends, one after the other."""

    content_type: str
    size: int
    thumbnail_size: int
    duration: int | None
    width: int | None
    height: int | None
    body: AsyncIterator[bytes]
    thumbnail: AsyncIterator[bytes]


class Inspector:
    def __init__(self, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._turn = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def inspect(self, kind: Kind, content_type: str, plain: AsyncIterator[bytes]) -> AsyncIterator[Report]:
        """Looks at a file that comes in pieces. Raises Rejected, also for one that takes too long."""
        async with self._turn:
            process = await _started(kind, content_type)
            feeding = asyncio.create_task(_feed(process, plain))
            try:
                async with asyncio.timeout(self._seconds):
                    yield await _report(process, feeding)
            except TimeoutError as error:
                raise Rejected(Fault.UNREADABLE) from error
            finally:
                feeding.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await feeding
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def _started(kind: Kind, content_type: str) -> Process:
    command = (sys.executable, "-s", "-m", "app.outside.inspecting", kind.value, content_type)
    # An empty environment: whoever takes the process over finds no secret in it.
    return await asyncio.create_subprocess_exec(
        *command, cwd=_ROOT, env={}, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_PIECE, start_new_session=True
    )


async def _feed(process: Process, plain: AsyncIterator[bytes]) -> None:
    assert process.stdin is not None
    try:
        async for piece in plain:
            process.stdin.write(piece)
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):  # it has seen enough
        pass
    finally:
        process.stdin.close()


async def _report(process: Process, feeding: "asyncio.Task[None]") -> Report:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if feeding.done():
        feeding.result()  # what was to be looked at could not be read: that is not the file's fault
    try:
        head = json.loads(line)
    except ValueError as error:  # it died: of its limits, or of the file
        raise Rejected(Fault.UNREADABLE) from error
    if "fault" in head:
        raise Rejected(Fault(head["fault"]))
    return Report(
        content_type=head["content_type"],
        size=head["body"],
        thumbnail_size=head["thumbnail"],
        duration=head["duration"],
        width=head["width"],
        height=head["height"],
        body=_exactly(process.stdout, head["body"]),
        thumbnail=_exactly(process.stdout, head["thumbnail"]),
    )


async def _exactly(out: asyncio.StreamReader, size: int) -> AsyncIterator[bytes]:
    """Raises IncompleteReadError where it died before it had said all."""
    while size:
        piece = await out.readexactly(min(size, _PIECE))
        size -= len(piece)
        yield piece
