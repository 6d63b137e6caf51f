"""What can go wrong at a provider, queued by a test and suffered by the next calls, one fault a call."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Fault:
    """One call's bad luck.

    `code` is answered instead of doing anything, in the provider's own form; `status` is answered by
    something in between, with a page nobody can read; `latency` (seconds) comes before whatever else happens;
    `cut` closes the connection amid the answer, after the work was done if `done`, before it otherwise;
    `hesitation` (seconds) comes between the work and its answer.
    """

    code: int | str | None = None
    status: int | None = None
    latency: float = 0.0
    cut: bool = False
    done: bool = False
    hesitation: float = 0.0


class Faults:
    def __init__(self, refusal: Callable[[int | str], Response]) -> None:
        self._refusal = refusal
        self._queue: deque[Fault] = deque()
        self.calls = 0

    def next_are(self, *faults: Fault) -> None:
        self._queue.extend(faults)

    def clear(self) -> None:
        self._queue.clear()

    async def suffer(self, request: Request, handler: Handler) -> Response:
        """Answer a call through its handler, unless a fault is waiting."""
        self.calls += 1
        await request.body()  # all of it has arrived, whatever the caller's patience does from now on
        fault = self._queue.popleft() if self._queue else Fault()
        await asyncio.sleep(fault.latency)
        if fault.code is not None:
            return self._refusal(fault.code)
        if fault.status is not None:
            return PlainTextResponse("<html>Bad Gateway</html>", fault.status)
        if fault.cut:
            if fault.done:
                await handler(request)
            return _Cut()
        answer = await handler(request)
        await asyncio.sleep(fault.hesitation)
        return answer


class _Cut(Response):
    """Promises a body and ends without one, upon which every server must close the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
