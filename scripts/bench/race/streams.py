"""Live sockets that speak graphql-transport-ws, and how fast and how late they are told of what happens."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median, quantiles
from typing import cast

import orjson

from scripts.bench.race.load import Process

PATIENCE = 15.0
"""Seconds after which nobody is waited for any more."""
OPENING = 50
"""Sockets that are opened at once."""


class Ear(asyncio.Protocol):
    """One socket with one subscription."""

    def __init__(self, race: "Sockets", token: str | None, subscribe: bytes) -> None:
        self._race, self._token, self._subscribe = race, token, subscribe
        self._got = bytearray()
        self._upgraded = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard = 0
        self._begun = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        head = ["GET /graphql HTTP/1.1", "host: 127.0.0.1", "upgrade: websocket", "connection: Upgrade"]
        head += ["sec-websocket-version: 13", "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=="]
        head += ["sec-websocket-protocol: graphql-transport-ws"]
        self._transport.write("\r\n".join([*head, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        if self._begun and not self._got and _is_one_frame(data):
            # As most come. Whoever listens has to be quicker than whoever speaks, or what is measured is the listener.
            self._race.told(self, data)
            return
        self._got += data
        if not self._upgraded:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._got.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(bytes(self._got[:end]).decode(errors="replace"))
            self._upgraded = True
            del self._got[: end + 4]
            payload = {"token": self._token} if self._token else {}
            self._say(orjson.dumps({"type": "connection_init", "payload": payload}))
        while (frame := self._frame()) is not None:
            self._heard(frame)

    def _frame(self) -> bytes | None:
        got = self._got
        if len(got) < 2:
            return None
        length, begin = got[1] & 127, 2
        if length == 126:
            length, begin = int.from_bytes(got[2:4]), 4
        elif length == 127:
            length, begin = int.from_bytes(got[2:10]), 10
        if len(got) < begin + length:
            return None
        opcode, frame = got[0] & 15, bytes(got[begin : begin + length])
        del got[: begin + length]
        if opcode == 9:
            self._say(frame, opcode=10)
        return frame if opcode == 1 else b""

    def _heard(self, frame: bytes) -> None:
        if b'"connection_ack"' in frame:
            self._say(self._subscribe)
            if not self._race.snapshot:
                self._begun = True
                self._race.began(self, b"")
                self.ready.set_result(None)
        elif b'"next"' in frame[:80]:
            if not self._begun:  # the snapshot
                self._begun = True
                self._race.began(self, frame)
                self.ready.set_result(None)
            else:
                self._race.told(self, frame)
        elif frame and b'"ping"' not in frame[:40]:
            self._race.wrong.append(frame[:300])
            if not self.ready.done():
                self.ready.set_exception(RuntimeError(frame[:300].decode(errors="replace")))

    def _say(self, text: bytes, opcode: int = 1) -> None:
        mask = os.urandom(4)
        length = len(text)
        head = (
            bytes([0x80 | opcode, 0x80 | length]) if length < 126 else bytes([0x80 | opcode, 0xFE]) + length.to_bytes(2)
        )
        long = (mask * (length // 4 + 1))[:length]
        masked = (int.from_bytes(text) ^ int.from_bytes(long)).to_bytes(length) if length else b""
        self._transport.write(head + mask + masked)

    def close(self) -> None:
        self._transport.close()


def _is_one_frame(data: bytes) -> bool:
    """Whether it is a whole frame of text that gives a result, and no more."""
    if data[0] != 0x81 or len(data) < 4:
        return False
    whole = 2 + data[1] if data[1] < 126 else 4 + (data[2] << 8) + data[3] if data[1] == 126 else 0
    return whole == len(data) and data.find(b'"next"', 4, 84) > 0


@lru_cache(maxsize=4)
def _number(told: bytes) -> int | None:
    """Of what a stream of states tells, to all the same: how many questions there are, which each event makes one
    more."""
    begin = told.find(b'"questions":') + 12
    return int(told[begin : told.index(b",", begin)]) if begin >= 12 else None


@dataclass
class Heard:
    """Of one run: frames delivered a second, and how late the events were, in milliseconds."""

    rate: float
    p50: float
    p99: float
    lost: int
    """Deliveries that had not come when nobody waited any more."""
    server: float = 0.0
    """Microseconds of the server's processor a frame: whoever listens shares the machine, and may be the slower one."""


@dataclass
class Sockets:
    """All the sockets of one contestant. `happen` makes the event of that number known and returns when it was."""

    port: int
    process: Process
    happen: Callable[[int, Callable[[], None]], Awaitable[None]]
    snapshot: bool = True
    """Whether the stream begins with one."""
    ears: list[Ear] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)
    _sent: list[float] = field(default_factory=list)
    _late: list[float] = field(default_factory=list)
    _base: int = 0
    _frames: int = 0
    _owed: int = 0
    _all: asyncio.Event = field(default_factory=asyncio.Event)

    def began(self, ear: Ear, frame: bytes) -> None:
        """What it heard up to now is what happened up to now."""
        ear.heard = len(self._sent)
        if (number := _number(frame[frame.find(b'"payload"') :])) is not None and not self._sent:
            self._base = number

    def told(self, ear: Ear, frame: bytes) -> None:
        now, number = time.perf_counter(), _number(frame[frame.find(b'"payload"') :])
        known = number - self._base if number is not None else ear.heard + frame.count(b'"kind"')
        known = min(known, len(self._sent))
        self._frames += 1
        for event in range(ear.heard, known):
            self._late.append((now - self._sent[event]) * 1000)
            self._owed -= 1
        ear.heard = max(ear.heard, known)
        if self._owed <= 0:
            self._all.set()

    async def open(self, subscriptions: Sequence[tuple[str | None, bytes]]) -> None:
        """So many more, each with its token and its subscription."""
        loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(OPENING)

        async def one(token: str | None, subscribe: bytes) -> None:
            async with gate:
                _, ear = await loop.create_connection(lambda: Ear(self, token, subscribe), "127.0.0.1", self.port)
                self.ears.append(ear)
                await ear.ready

        await asyncio.gather(*(one(*each) for each in subscriptions))

    async def run(self, seconds: float, pace: float | None) -> Heard:
        """An event every `pace` seconds; without one, the next as soon as all have heard of the last."""
        self._late, self._frames, number = [], 0, 0
        used, _ = self.process.now()
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            self._owed += len(self.ears)
            self._all.clear()
            self._sent.append(time.perf_counter())
            await self.happen(len(self._sent), self._now)
            number += 1
            if pace is None:
                await self._everybody()
            else:
                await asyncio.sleep(max(0.0, began + number * pace - time.perf_counter()))
        lost = await self._everybody()
        took = time.perf_counter() - began
        used = self.process.now()[0] - used
        late = sorted(self._late) or [0.0]
        p99 = quantiles(late, n=100)[98] if len(late) > 1 else late[0]
        return Heard(self._frames / took, median(late), p99, lost, used * 1000 / max(self._frames, 1))

    def _now(self) -> None:
        """From now on the event can be known."""
        self._sent[-1] = time.perf_counter()

    async def _everybody(self) -> int:
        try:
            if self._owed > 0:
                await asyncio.wait_for(self._all.wait(), PATIENCE)
        except TimeoutError:
            pass
        lost, self._owed = max(self._owed, 0), 0
        return lost

    def close(self) -> None:
        for ear in self.ears:
            ear.close()
