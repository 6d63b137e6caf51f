"""Many awaitables in one task: each gives what it would alone, and none is left behind."""

import asyncio
from typing import Any

import pytest

from app.graph.execution.together import Failed, together

pytestmark = pytest.mark.anyio


async def after(turns: int, value: Any) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def test_each_gives_its_own_in_their_order_whenever_it_ends() -> None:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.01, future.set_result, 5)
    asked = [after(3, "a"), future, after(0, ValueError("b")), asyncio.ensure_future(after(1, "c")), after(2, None)]
    a, five, b, c, nothing = await together(asked)
    assert (a, five, c, nothing) == ("a", 5, "c", None)
    assert isinstance(b, Failed)
    assert str(b.error) == "b"


async def test_those_who_wait_for_one_future_all_go_on_when_it_is_done() -> None:
    """So the loaders of a level fill one batch: nobody is resumed before everybody has asked."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    asked = []

    async def one(number: int) -> int:
        asked.append(number)
        if len(asked) == 50:
            future.set_result(1)
        return number + await future

    assert await together([one(number) for number in range(50)]) == [number + 1 for number in range(50)]


async def test_crowds_within_crowds() -> None:
    async def inner(number: int) -> list[Any]:
        return await together([after(number % 3, (number, part)) for part in range(3)])

    found = await together([inner(number) for number in range(4)])
    assert found == [[(number, part) for part in range(3)] for number in range(4)]


async def test_all_run_in_the_task_that_asks() -> None:
    async def which() -> Any:
        await asyncio.sleep(0)
        return asyncio.current_task()

    assert set(await together([which(), which()])) == {asyncio.current_task()}


async def test_who_is_cancelled_first_lets_each_of_them_tidy_up() -> None:
    tidied: list[int] = []

    async def one(number: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            tidied.append(number)

    crowd = asyncio.ensure_future(together([one(1), one(2), after(0, 3)]))
    await asyncio.sleep(0.01)
    crowd.cancel()
    with pytest.raises(asyncio.CancelledError):
        await crowd
    assert tidied == [1, 2]


async def test_one_alone_is_no_different() -> None:
    assert await together([after(1, "a")]) == ["a"]
    (failed,) = await together([after(1, KeyError("k"))])
    assert isinstance(failed, Failed)
