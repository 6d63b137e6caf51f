"""Many awaitables at once in the task that asks, without a task for each.

A level of an answer is often a hundred coroutines that each take one step, wait for the same batch, and end. A task
costs several times what such a step does. (From Python 3.12 on `asyncio.eager_task_factory` comes close.)

What is run here shares its task with its neighbours, so it may not bind itself to one: no `asyncio.timeout`, no
cancel scope of anyio. Root fields, which may, each have a task of their own.
"""

from asyncio import CancelledError, Future, get_running_loop, isfuture
from collections.abc import Awaitable, Sequence
from functools import partial
from inspect import iscoroutine
from typing import Any


class Failed:
    """An error on its way up to the next place where null may stand."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


async def together(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """What each gives, in their order, or Failed. Cancelled from outside, all of them are, and are waited for."""
    if len(awaitables) == 1:
        try:
            return [await awaitables[0]]
        except Exception as error:
            return [Failed(error)]
    return await _Crowd(awaitables).over()


class _Crowd:
    def __init__(self, awaitables: Sequence[Awaitable[Any]]) -> None:
        self._loop = get_running_loop()
        self._coroutines = [one if iscoroutine(one) else _awaited(one) for one in awaitables]
        self._left = len(awaitables)
        self._results: list[Any] = [None] * self._left
        self._waiting: dict[int, Future[Any]] = {}
        self._ready: list[int] = list(range(self._left))
        self._bell: Future[None] = self._loop.create_future()
        self._cancelled: CancelledError | None = None

    async def over(self) -> list[Any]:
        while self._left:
            ready, self._ready = self._ready, []
            for index in ready:
                self._step(index)
            if self._left and not self._ready:
                await self._pause()
        if self._cancelled is not None:
            raise self._cancelled
        return self._results

    async def _pause(self) -> None:
        self._bell = self._loop.create_future()
        try:
            await self._bell
        except CancelledError as cancelled:
            self._cancelled = cancelled
            for future in self._waiting.values():
                future.cancel()

    def _step(self, index: int) -> None:
        """As asyncio's own tasks do it: run to the next future, and come back when that is done."""
        self._waiting.pop(index, None)
        try:
            future = self._coroutines[index].send(None)
        except StopIteration as end:
            self._results[index] = end.value
        except Exception as error:
            self._results[index] = Failed(error)
        except CancelledError as cancelled:
            self._cancelled = self._cancelled or cancelled
        else:
            if isfuture(future):
                future._asyncio_future_blocking = False
                self._waiting[index] = future
                future.add_done_callback(partial(self._ring, index))
            else:
                # A bare yield, as of asyncio.sleep(0): whoever else is ready goes first.
                self._loop.call_soon(self._ring, index)
            return
        self._left -= 1

    def _ring(self, index: int, _: object = None) -> None:
        self._ready.append(index)
        if not self._bell.done():
            self._bell.set_result(None)


async def _awaited(one: Awaitable[Any]) -> Any:
    return await one
