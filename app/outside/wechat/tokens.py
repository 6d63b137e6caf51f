"""The access token of one app, under the rules of `stable_token`.

https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken: whoever asks within 7,200 seconds gets
the same token, a new one in the last five minutes, while the old one stays good for those. So every process may keep
its own copy, and no service has to share one. A forced renewal ends the old token at once and is allowed twenty times a
day, thirty seconds apart; it is for a token that the other calls refuse although it should be good.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import httpx
import structlog

from app.outside.wechat.answers import read
from app.outside.wechat.errors import KINDS, WeChatMisconfigured, WeChatUnavailable, WeChatUnreached

PATH = "/cgi-bin/stable_token"
RENEWED = 300.0
"""Seconds before its end in which WeChat gives the next one."""
ASKED_AGAIN = 10.0
"""Seconds until it is asked for again where that gave no newer one."""
FORCED_APART, FORCED_A_DAY, DAY = 30.0, 20, 86_400.0

log = structlog.get_logger(__name__)


class StableToken:
    """Kept in this process. Of many who need a new one at once, one asks."""

    def __init__(
        self,
        url: httpx.URL,
        app_id: str,
        secret: str,
        client: httpx.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = url.join(PATH)
        self._app_id, self._secret, self._client, self._clock = app_id, secret, client, clock
        self._value = ""
        self._renew_at = self._ends_at = 0.0
        self._asking = asyncio.Lock()
        self._forced: deque[float] = deque(maxlen=FORCED_A_DAY)

    async def get(self) -> str:
        """A token that should be good. Raises WeChatUnreached or WeChatMisconfigured."""
        at = self._clock()
        if at < self._renew_at or (at < self._ends_at and self._asking.locked()):
            return self._value
        async with self._asking:
            if self._clock() >= self._renew_at:
                await self._renew()
            return self._value

    async def instead_of(self, refused: str) -> str:
        """Another token than this one, which a call refused. Raises WeChatUnreached where none can be had yet."""
        async with self._asking:
            if self._value != refused:
                return self._value
            # Another process may have forced a renewal: then asking is enough, and costs nothing of the twenty.
            await self._ask(force=False)
            if self._value == refused:
                self._may_force()
                await self._ask(force=True)
            return self._value

    async def _renew(self) -> None:
        try:
            await self._ask(force=False)
        except WeChatUnreached:
            if self._clock() >= self._ends_at:
                raise
            self._renew_at = self._clock() + ASKED_AGAIN  # the old one is still good

    def _may_force(self) -> None:
        at = self._clock()
        full = len(self._forced) == FORCED_A_DAY and at - self._forced[0] < DAY
        if full or (self._forced and at - self._forced[-1] < FORCED_APART):
            log.error("wechat_token_refused", app_id=self._app_id, forced_today=len(self._forced))
            raise WeChatUnreached
        self._forced.append(at)

    async def _ask(self, *, force: bool) -> None:
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        try:
            answer = read(await self._client.post(self._address, json={**body, "force_refresh": force}))
        except (httpx.HTTPError, WeChatUnavailable) as fault:
            log.warning("wechat_token_unavailable", fault=type(fault).__name__)
            raise WeChatUnreached from None
        errcode, value, lasts = answer["errcode"], answer.get("access_token"), answer.get("expires_in")
        if KINDS.get(errcode) is WeChatMisconfigured or errcode == 40001:  # here: the secret is wrong
            log.error("wechat_refuses_us", errcode=errcode, path=PATH)
            raise WeChatMisconfigured(errcode)
        if errcode != 0 or not isinstance(value, str) or not value or not isinstance(lasts, int | float):
            log.warning("wechat_token_unavailable", errcode=errcode)
            raise WeChatUnreached(errcode or None)
        at = self._clock()
        self._value, self._ends_at = value, at + lasts
        self._renew_at = at + (lasts - RENEWED if lasts > RENEWED else min(ASKED_AGAIN, lasts))
