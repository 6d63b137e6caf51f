"""What WeChat says about a code, in the words of this room."""

from app.core.errors import code, refuse
from app.outside.wechat import (
    WeChat,
    WeChatCodeRefused,
    WeChatError,
    WeChatPersonBlocked,
    WeChatSession,
    WeChatTooOften,
)

WECHAT_CODE_INVALID = code(
    "WECHAT_CODE_INVALID",
    zh="微信登录凭证无效或已过期，请重试。",
    en="The WeChat code is not valid any more. Please try again.",
    remedy="Call wx.login for a new code; each works once and for five minutes.",
)
WECHAT_TOO_OFTEN = code(
    "WECHAT_TOO_OFTEN",
    zh="登录过于频繁，请一分钟后再试。",
    en="Too many sign-ins. Please try again in a minute.",
    remedy="Wait a minute; WeChat allows a person a hundred a minute.",
)
WECHAT_BLOCKED = code(
    "WECHAT_BLOCKED",
    zh="微信因安全原因限制了该账号登录，请使用手机号登录。",
    en="WeChat has blocked this account for safety. Please sign in with your telephone number.",
    remedy="Offer requestSmsCode; WeChat tells nobody more.",
)
WECHAT_UNAVAILABLE = code(
    "WECHAT_UNAVAILABLE",
    zh="微信登录暂时不可用，请稍后再试或使用手机号登录。",
    en="WeChat does not answer just now. Try again later, or sign in with your telephone number.",
    remedy="Try again later with a new code of wx.login, or offer requestSmsCode.",
)


async def who_is_behind(wechat: WeChat, said: str) -> WeChatSession:
    """Who the code of `wx.login` stands for. Refuses as WeChat does."""
    try:
        return await wechat.code_to_session(said)
    except WeChatCodeRefused:
        raise refuse(WECHAT_CODE_INVALID, "code") from None
    except WeChatTooOften:
        raise refuse(WECHAT_TOO_OFTEN) from None
    except WeChatPersonBlocked:
        raise refuse(WECHAT_BLOCKED) from None
    except WeChatError:
        raise refuse(WECHAT_UNAVAILABLE) from None
