"""What WeChat answers instead of doing what it was asked.

The codes are those of https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and of the pages
of the single calls. No error holds the request it came from: that holds a secret or a token.
"""

BUSY = -1
TOKEN_ENDED = frozenset({40001, 40014, 42001})
"""The access token is not the one in force, is none, or has run out."""


class WeChatError(Exception):
    """WeChat did not do it. `errcode` is its own reason, None where no answer of its came."""

    def __init__(self, errcode: int | None = None) -> None:
        super().__init__(f"WeChat errcode {errcode}")
        self.errcode = errcode


class WeChatCodeRefused(WeChatError):
    """The code is wrong or too old (40029) or was used before (40163): `wx.login` gives a new one."""


class WeChatTooOften(WeChatError):
    """Asked more often than is allowed: of signing in, a hundred times a minute by one person (45011)."""


class WeChatPersonBlocked(WeChatError):
    """WeChat holds this account for a high risk and lets it sign in nowhere (40226)."""


class WeChatMisconfigured(WeChatError):
    """App id, secret or the list of our addresses is wrong: nothing works until we mend it."""


class WeChatUnavailable(WeChatError):
    """No usable answer within the time allowed; asking again later may work."""


class WeChatUnreached(WeChatUnavailable):
    """What was asked has certainly not been done: no connection, or no token to ask with."""


KINDS: dict[int, type[WeChatError]] = {
    BUSY: WeChatUnavailable,
    40029: WeChatCodeRefused,
    40163: WeChatCodeRefused,
    41008: WeChatCodeRefused,
    45009: WeChatTooOften,
    45011: WeChatTooOften,
    40226: WeChatPersonBlocked,
    40013: WeChatMisconfigured,
    40125: WeChatMisconfigured,
    40164: WeChatMisconfigured,
    40243: WeChatMisconfigured,
    41002: WeChatMisconfigured,
    41004: WeChatMisconfigured,
}
