"""How often a code may be sent, and how often it may be tried: one in a million to guess, ten times five a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from app.core.errors import Reason, because, code

LIFE = timedelta(minutes=5)
TRIES = 5


@dataclass(frozen=True)
class Limit:
    most: int
    within: timedelta


EVERY_ATTEMPT = (Limit(1, timedelta(minutes=1)),)
PER_PHONE = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
PER_ADDRESS = (Limit(20, timedelta(hours=1)),)
LONGEST = max(limit.within for limit in PER_PHONE)

CODE_TOO_SOON = code(
    "CODE_TOO_SOON",
    zh="请在 {seconds} 秒后再获取验证码。",
    en="Please ask for the next code in {seconds} seconds.",
    remedy="Wait that long; a code that was sent stays good for five minutes.",
)
CODE_LIMIT = code(
    "CODE_LIMIT",
    zh="该号码获取验证码过于频繁，请在 {minutes} 分钟后再试。",
    en="This number has asked for too many codes. Please try again in {minutes} minutes.",
    remedy="Wait that long, or sign in with WeChat.",
)
ADDRESS_LIMIT = code(
    "ADDRESS_LIMIT",
    zh="当前网络获取验证码过于频繁，请在 {minutes} 分钟后再试。",
    en="Too many codes were asked for from this network. Please try again in {minutes} minutes.",
    remedy="Wait that long, use another network, or sign in with WeChat.",
)
CODE_EXPIRED = code(
    "CODE_EXPIRED",
    zh="验证码已失效，请重新获取。",
    en="The code is no longer valid. Please ask for a new one.",
    remedy="Call requestSmsCode again; only the newest code counts, once and for five minutes.",
)
CODE_WRONG = code(
    "CODE_WRONG",
    zh="验证码不正确，还可尝试 {left} 次。",
    en="The code is not right. Tries left: {left}.",
    remedy="Let the person type it again; after five wrong ones ask for a new code.",
)
CODE_TRIED_OUT = code(
    "CODE_TRIED_OUT",
    zh="验证码错误次数过多，请重新获取。",
    en="Too many wrong codes. Please ask for a new one.",
    remedy="Call requestSmsCode again.",
)


class Sent(NamedTuple):
    at: datetime
    left: bool = True
    """False for a code that the provider did not take: it holds back the next minute, not the day."""


def free_at(sent: Sequence[datetime], limits: Sequence[Limit], now: datetime) -> datetime:
    """When the next one may go: `now`, or the moment the oldest that stands in the way is old enough."""
    free = now
    for limit in limits:
        recent = sorted(at for at in sent if at + limit.within > now)
        if len(recent) >= limit.most:
            free = max(free, recent[-limit.most] + limit.within)
    return free


def phone_free_at(sent: Sequence[Sent], now: datetime) -> datetime:
    attempts = free_at([one.at for one in sent], EVERY_ATTEMPT, now)
    return max(attempts, free_at([one.at for one in sent if one.left], PER_PHONE, now))


def against_sending(phone: Sequence[Sent], address: Sequence[datetime], now: datetime) -> Iterator[Reason]:
    """`phone`: what was made for the number in the last day; `address`: for this network in the last hour."""
    wait = (phone_free_at(phone, now) - now).total_seconds()
    # Half a minute of grace: whoever waited for the lock looks with the eyes of when it came.
    if wait > 90:
        yield because(CODE_LIMIT, "phone", minutes=ceil(wait / 60))
    elif wait > 0:
        yield because(CODE_TOO_SOON, "phone", seconds=ceil(wait))
    wait = (free_at(address, PER_ADDRESS, now) - now).total_seconds()
    if wait > 0:
        yield because(ADDRESS_LIMIT, minutes=ceil(wait / 60))


def against_trying(expires_at: datetime, tries: int, used_at: datetime | None, now: datetime) -> Iterator[Reason]:
    """Whether the newest code for a number may be compared at all."""
    if used_at is not None or expires_at <= now:
        yield because(CODE_EXPIRED, "code")
    elif tries >= TRIES:
        yield because(CODE_TRIED_OUT, "code")


def against_wrong(tries: int) -> Reason:
    """After the `tries`-th wrong one."""
    return because(CODE_WRONG, "code", left=TRIES - tries) if tries < TRIES else because(CODE_TRIED_OUT, "code")
