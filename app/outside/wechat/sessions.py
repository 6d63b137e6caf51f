"""Who is this mini-program user? One call to WeChat, which alone can say.

The protocol is WeChat's 小程序登录凭证校验 (code2Session),
https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session, with 40163 and the
configuration codes from the general list of return codes that it refers to.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from app.outside.lines import Line
from app.outside.wechat.answers import read
from app.outside.wechat.errors import (
    BUSY,
    KINDS,
    WeChatCodeRefused,
    WeChatError,
    WeChatMisconfigured,
    WeChatUnavailable,
)

URL = "https://api.weixin.qq.com"
PATIENCE = 4.0
BACK_OFF = (0.2, 0.6)
LONGEST_CODE = 512

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WeChatSession:
    """Who signed in. `unionid` is given only to apps bound to an Open Platform account."""

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)


class WeChat(Line):
    """One mini program's line to WeChat. `patience`: seconds that a call may take, its retries included."""

    def __init__(
        self,
        url: str,
        app_id: str,
        secret: str,
        *,
        client: httpx.AsyncClient | None = None,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(client)
        self._address = httpx.URL(url).join("/sns/jscode2session")
        self._app_id = app_id
        self._secret = secret
        self._patience = patience

    async def code_to_session(self, code: str) -> WeChatSession:
        """Exchange the code of `wx.login`, which works once and for five minutes. Raises a WeChatError.

        The session key that comes with the answer is dropped here: nothing in the house needs it, and whoever
        holds it can forge the user's data.
        """
        if not (0 < len(code) <= LONGEST_CODE and code.isascii()):
            raise WeChatCodeRefused(40029)
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._ask_until_not_busy(code)
        except (httpx.HTTPError, TimeoutError) as fault:
            log.warning("wechat_unavailable", fault=type(fault).__name__)
            # The cause is not kept: it holds the request, and the request the secret.
            raise WeChatUnavailable from None
        return _session(answer)

    async def _ask_until_not_busy(self, code: str) -> dict[str, Any]:
        for pause in BACK_OFF:
            answer = await self._ask(code)
            if answer["errcode"] != BUSY:
                return answer
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        return await self._ask(code)

    async def _ask(self, code: str) -> dict[str, Any]:
        response = await self._client.get(
            self._address,
            params={
                "appid": self._app_id,
                "secret": self._secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
            timeout=self._patience,
        )
        return read(response)


def _session(answer: dict[str, Any]) -> WeChatSession:
    errcode = answer["errcode"]
    if errcode != 0:
        kind = KINDS.get(errcode, WeChatError)
        if kind is WeChatMisconfigured or kind is WeChatError:
            log.error("wechat_refuses_us", errcode=errcode)
        elif kind is WeChatUnavailable:
            log.warning("wechat_unavailable", errcode=errcode)
        raise kind(errcode)
    openid, unionid = answer.get("openid"), answer.get("unionid")
    if not isinstance(openid, str) or not openid:
        log.error("wechat_named_nobody")
        raise WeChatUnavailable
    return WeChatSession(openid, unionid if isinstance(unionid, str) and unionid else None)
