"""WeChat's servers, asked and answered: who signed in, what is sent to whom, and what is pushed to us."""

from app.outside.wechat.errors import (
    WeChatCodeRefused,
    WeChatError,
    WeChatMisconfigured,
    WeChatPersonBlocked,
    WeChatTooOften,
    WeChatUnavailable,
    WeChatUnreached,
)
from app.outside.wechat.sessions import WeChat, WeChatSession

__all__ = [
    "WeChat",
    "WeChatCodeRefused",
    "WeChatError",
    "WeChatMisconfigured",
    "WeChatPersonBlocked",
    "WeChatSession",
    "WeChatTooOften",
    "WeChatUnavailable",
    "WeChatUnreached",
]
