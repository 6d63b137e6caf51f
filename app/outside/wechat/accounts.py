"""One app of ours at WeChat, with its own id, secret and token: the mini-program, or the official account."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import structlog

from app.outside.lines import Line
from app.outside.wechat.answers import read, read_picture
from app.outside.wechat.errors import BUSY, KINDS, TOKEN_ENDED, WeChatError, WeChatUnavailable, WeChatUnreached
from app.outside.wechat.tokens import StableToken

PATIENCE = 4.0
TO_CONNECT = 2.0
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

Reading = Callable[[httpx.Response], dict[str, Any]]
log = structlog.get_logger(__name__)


class Account(Line):
    """`patience`: seconds that a call may take, a new token and one repetition under it included."""

    def __init__(
        self,
        url: str,
        app_id: str,
        secret: str,
        *,
        client: httpx.AsyncClient | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(client)
        self.app_id = app_id
        self._url = httpx.URL(url)
        self._patience = patience
        self._token = StableToken(self._url, app_id, secret, self._client, clock)

    async def call(
        self, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """WeChat's answer to a POST of `body`, or to a GET without one. Raises a WeChatError, with its code if it has
        one; WeChatUnreached says that nothing was done, WeChatUnavailable without a code that nobody knows.

        A token that is refused is exchanged once, and the call repeated: WeChat has not looked at it.
        """
        return await self._through(path, body, query, read)

    async def picture(self, path: str, body: Mapping[str, Any]) -> bytes:
        """The same of a call that is answered with a JPEG or PNG."""
        answer = await self._through(path, body, None, read_picture)
        if not isinstance(drawn := answer.get("picture"), bytes):
            raise WeChatUnavailable
        return drawn

    async def _through(
        self, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str] | None, reading: Reading
    ) -> dict[str, Any]:
        left = False
        try:
            async with asyncio.timeout(self._patience):
                token = await self._token.get()
                left = True
                answer = await self._ask(path, token, body, query, reading)
                if answer["errcode"] in TOKEN_ENDED:
                    left = False
                    token = await self._token.instead_of(token)
                    left = True
                    answer = await self._ask(path, token, body, query, reading)
        # The cause is not kept: it holds the request, and the request the token.
        except NEVER_LEFT as fault:
            log.warning("wechat_unreached", path=path, fault=type(fault).__name__)
            raise WeChatUnreached from None
        except (httpx.HTTPError, TimeoutError) as fault:
            log.warning("wechat_unavailable", path=path, fault=type(fault).__name__)
            raise (WeChatUnavailable if left else WeChatUnreached) from None
        if (errcode := answer["errcode"]) != 0:
            raise _refusal(errcode)
        return answer

    async def _ask(
        self,
        path: str,
        token: str,
        body: Mapping[str, Any] | None,
        query: Mapping[str, str] | None,
        reading: Reading,
    ) -> dict[str, Any]:
        to_connect = min(TO_CONNECT, self._patience / 2)
        response = await self._client.request(
            "GET" if body is None else "POST",
            self._url.join(path),
            params={"access_token": token, **(query or {})},
            json=body,
            timeout=httpx.Timeout(self._patience, connect=to_connect, pool=to_connect / 2),
        )
        return reading(response)


def _refusal(errcode: int) -> WeChatError:
    if errcode in TOKEN_ENDED:  # also the new one: a matter of seconds, and nothing was done
        return WeChatUnreached(errcode)
    return KINDS.get(errcode, WeChatUnavailable if errcode == BUSY else WeChatError)(errcode)
