"""How fast one may write, and how far unread messages are counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from app.core.errors import code

A_MINUTE: Final = 20
"""Messages that one person may send within a minute, whatever they are about."""
MINUTE: Final = timedelta(minutes=1)
COUNTED: Final = 99
"""Unread ones are not counted beyond this: a client shows "99+"."""

TOO_FAST = code(
    "TOO_FAST",
    zh="消息发送过于频繁，请在 {seconds} 秒后再试。",
    en="That was too many messages; please try again in {seconds} seconds.",
    remedy="Keep the text, wait that long, and send it again with the same idempotency key.",
)


def seconds_to_wait(sent: Sequence[datetime], now: datetime) -> int:
    """How long until one more may be sent, 0 for at once; `sent` are the last ones, newest first."""
    if len(sent) < A_MINUTE:
        return 0
    return max(0, ceil((sent[A_MINUTE - 1] + MINUTE - now).total_seconds()))
