"""Eight connections that ask as fast as they are answered, and what that took."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

CONNECTIONS = 8
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Taken:
    """Of one turn: seconds, and milliseconds of each request."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    server: float = 0.0
    """Milliseconds of the processor for all of them, in the server; in the database, in `database`."""
    database: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0


def request(path: str, body: bytes, token: str | None) -> bytes:
    head = [
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    head += [f"authorization: Bearer {token}"] if token else []
    return "\r\n".join([*head, "", ""]).encode() + body


class Connection(asyncio.Protocol):
    """One request at a time over HTTP/1.1; answers say how long they are."""

    def __init__(self) -> None:
        self._got = bytearray()
        self._whole = 0
        self._answered: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    async def ask(self, what: bytes) -> bytes:
        """The body; raises for any status but 200."""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(what)
        return await self._answered

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._whole:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._got[:end]).lower()
            _, _, length = head.partition(b"content-length:")
            self._whole = end + 4 + int(length.split(b"\r\n", 1)[0])
            self._body, self._good = end + 4, head.startswith(b"http/1.1 200")
        if len(self._got) >= self._whole and self._answered is not None:
            answer, good = bytes(self._got[self._body : self._whole]), self._good
            self._got.clear()
            self._whole = 0
            if not self._answered.done():
                if good and b'"errors":' not in answer:
                    self._answered.set_result(answer)
                else:
                    self._answered.set_exception(RuntimeError(answer[:500].decode(errors="replace")))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionError("the server hung up"))

    def close(self) -> None:
        self._transport.close()


async def opened(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


async def turn(port: int, requests: Iterator[bytes], *, seconds: float | None = None, process: "Process") -> Taken:
    """As many of the requests as can be asked in so many seconds, or all of them."""
    taken = Taken()
    connections = [await opened(port) for _ in range(CONNECTIONS)]
    before, began = process.now(), time.perf_counter()

    async def ask(connection: Connection) -> None:
        for what in requests:
            asked = time.perf_counter()
            await connection.ask(what)
            answered = time.perf_counter()
            taken.times.append((answered - asked) * 1000)
            if seconds is not None and answered - began >= seconds:
                return

    await asyncio.gather(*map(ask, connections))
    taken.seconds = time.perf_counter() - began
    after = process.now()
    taken.server, taken.database = after[0] - before[0], after[1] - before[1]
    for connection in connections:
        connection.close()
    return taken


@dataclass(frozen=True)
class Process:
    """Milliseconds of the processor that a server has used up to now, and the database's processes (Linux: /proc)."""

    server: int
    database: int
    """The postmaster."""

    def now(self) -> tuple[float, float]:
        return _used(self.server), sum(map(_used, _children(self.database))) + _of_the_dead(self.database)

    def resident(self) -> float:
        """Megabytes of memory that the server holds."""
        lines = Path(f"/proc/{self.server}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return ["0"] * 20


def _used(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def _of_the_dead(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) * 1000 / TICK


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
