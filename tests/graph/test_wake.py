"""When a stream looks though nobody rang for it."""

import asyncio
from contextlib import ExitStack
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from app.graph import wake
from app.graph.wake import Wake

pytestmark = pytest.mark.anyio


async def test_who_looks_with_others_looks_anyway_when_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "LOOK_WHILE_DEAF", 1.0)
    deaf, loop, moments = Wake(Redis()), asyncio.get_running_loop(), list[float]()
    with ExitStack() as stack:
        for _ in range(40):
            bell = stack.enter_context(deaf.bell(uuid4()))
            bell.hears = lambda: moments.append(loop.time())
            bell.look_anyway(pending=False)
        async with asyncio.timeout(60):
            while len(moments) < 40:
                await asyncio.sleep(0.01)
    assert len({round(moment, 3) for moment in moments}) <= 10


async def test_an_alarm_is_moved_by_what_rings_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "LOOK_WHILE_DEAF", 2.0)
    loop = asyncio.get_running_loop()
    with Wake(Redis()).bell(uuid4()) as bell:
        waiting = asyncio.create_task(bell.wait(pending=False))
        await asyncio.sleep(0.2)
        bell.ring()
        await waiting
        began = loop.time()
        await bell.wait(pending=False)
        assert loop.time() - began >= 1.59
        began = loop.time()
        await bell.wait(pending=True)
        assert loop.time() - began < 1.5
