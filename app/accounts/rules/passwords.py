"""What a password is, and how often one may be tried: for a person who is in a hurry, and not for a machine.

Long, and none of those everybody tries first; no rules about kinds of characters and no end of its life
(NIST SP 800-63B, 3.1.1.2). Who tries in vain waits ever longer, and a try counts before it is looked at, so that
fifty at once are no more than one after the other.
"""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from math import ceil
from typing import Final

from app.core.errors import BAD_TEXT, TOO_LONG, TOO_SHORT, Reason, because, code
from app.core.texts import unstorable

LENGTH: Final = (12, 128)
COMMON: Final = frozenset((files("app.accounts") / "data" / "passwords.txt").read_text().split())
VARIETY: Final = 5
"""Different characters at least."""

FREE: Final = 5
FREE_OF_A_NETWORK: Final = 30
"""Tries before there is any wait: a whole office may sit behind one address."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(hours=24)
"""After so long without a try it is as if there had been none."""

PASSWORD_COMMON = code(
    "PASSWORD_COMMON",
    zh="该密码过于常见或过于简单，请换一个。",
    en="This password is too common or too simple. Please choose another.",
    remedy="Let the person choose one of her own: a sentence is long, and easy to remember.",
)
TRY_LATER = code(
    "TRY_LATER",
    zh="尝试次数过多，请在 {seconds} 秒后再试。",
    en="Too many tries. Please try again in {seconds} seconds.",
    remedy="Wait that long. The wait grows with each try in vain, up to a quarter of an hour.",
)
SIGN_IN_WRONG = code(
    "SIGN_IN_WRONG",
    zh="账号、密码或动态验证码不正确。",
    en="The name, the password or the code is not right.",
    remedy="Let the person type all three again; a code of the app works once, and for half a minute.",
)


def plain(password: str) -> str:
    """As it is compared: the same on every keyboard (RFC 8265)."""
    return unicodedata.normalize("NFKC", password)


def against_password(password: str, field: str, *names: str) -> Iterator[Reason]:
    """Whether it may be somebody's who is called so. Length counts all characters."""
    shortest, longest = LENGTH
    if unstorable(password):
        yield because(BAD_TEXT, field)
    elif len(plain(password)) < shortest:
        yield because(TOO_SHORT, field, limit=shortest)
    elif len(plain(password)) > longest:
        yield because(TOO_LONG, field, limit=longest)
    elif _common(plain(password).casefold(), names):
        yield because(PASSWORD_COMMON, field)


def _common(password: str, names: tuple[str, ...]) -> bool:
    return (
        password in COMMON
        or len(set(password)) < VARIETY
        or any(len(name) >= 4 and name.casefold() in password for name in names)
    )


def wait_after(tries: int, free: int = FREE) -> timedelta:
    """How long after the `tries`-th in vain the next may come."""
    if tries < free:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - free, 10)))


def counted(tries: int, last_at: datetime, now: datetime) -> int:
    """How many of them still count."""
    return 0 if last_at + FORGOTTEN <= now else tries


def against_trying_again(tries: int, last_at: datetime, now: datetime, free: int = FREE) -> Iterator[Reason]:
    left = (last_at + wait_after(counted(tries, last_at, now), free) - now).total_seconds()
    if left > 0 and counted(tries, last_at, now) >= free:
        yield because(TRY_LATER, seconds=ceil(left))
