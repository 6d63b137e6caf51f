"""The eight digits by which somebody is known at a window, and what is asked of them: pure."""

import hmac
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.core.errors import Reason, because, code
from app.places.rules.workdays import CITY_TIME

LIFE: Final = timedelta(hours=24)
"""Of a code: made at home in the evening, it is good at the window the next day."""
CODES_A_DAY: Final = 20
"""Of one person."""
DIGITS: Final = 8
MARK: Final = "LEGAL-WINDOW-"
"""What the QR code says before the digits, so that a scanner at the window knows it."""

PICKUP_CODE_WRONG = code(
    "PICKUP_CODE_WRONG",
    zh="取件码不正确。",
    en="The code is not right.",
    remedy="Let it be read out again, or scan it. Tries are counted, and in vain they take ever longer.",
)
PICKUP_CODE_EXPIRED = code(
    "PICKUP_CODE_EXPIRED",
    zh="取件码已失效，请申请人重新生成。",
    en="The code is no longer good; she makes a new one.",
    remedy="Ask for a new one: `createPickupCode`. Only the newest counts, once and for 24 hours.",
)
PICKUP_CODE_USED = code(
    "PICKUP_CODE_USED",
    zh="取件码已在窗口使用，请申请人重新生成。",
    en="The code was opened at a window already.",
    remedy="`windowVisits` shows whom you received today; for another window she makes a new code.",
)
PICKUP_CODE_OWN = code(
    "PICKUP_CODE_OWN",
    zh="不能受理自己的或者已经回避的事项，请由同事办理。",
    en="This is your own, or you have stepped back from it; a colleague sees to it.",
    remedy="Leave it to a colleague.",
)
NOT_THIS_WINDOW = code(
    "NOT_THIS_WINDOW",
    zh="该事项不由本窗口受理，请到受理机构或公共法律服务窗口办理。",
    en="It is not with this institution.",
    remedy="Send her to the institution that has it, or to a service window.",
)
NO_WINDOW_POST = code(
    "NO_WINDOW_POST",
    zh="您目前没有窗口岗位。",
    en="You have no post at a window.",
    remedy="An administrator gives posts by `setPost`.",
)
PICKUP_CODES_FULL = code(
    "PICKUP_CODES_FULL",
    zh="一天最多生成 {limit} 个取件码。",
    en="At most {limit} codes a day.",
    remedy="Use the one that is still good, or go to the window with your papers.",
)


class Slip(BaseModel):
    """All that a window sees of what was said: written by whose it is when she makes the code, and nothing else."""

    name: str
    id_number: str
    phone: str
    """Masked, all three; empty what was not said."""
    asked: str | None
    """What the institution asked her to supply, as it stands when she makes the code."""


class Told(BaseModel):
    """A code as the database knows it, for who works at a window."""

    own: bool
    opened: bool
    ended: bool
    expires_at: datetime
    here: bool


def digits_of(secret: bytes, id: UUID) -> str:
    """The same whenever she asks for them again."""
    return f"{int.from_bytes(hmac.digest(secret, f'pick-up|{id}'.encode(), sha256)) % 10**DIGITS:0{DIGITS}}"


def read(said: str) -> str | None:
    """The digits of what was typed or scanned; None where there are none."""
    plain = "".join(said.strip().upper().removeprefix(MARK).split())
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def against_code(told: Told | None, now: datetime) -> Iterator[Reason]:
    """The first fault alone. That it is not for this window is said of good ones only."""
    if told is None:
        yield because(PICKUP_CODE_WRONG, "code")
    elif told.own:
        yield because(PICKUP_CODE_OWN, "code")
    elif told.opened:
        yield because(PICKUP_CODE_USED, "code")
    elif told.ended or told.expires_at <= now:
        yield because(PICKUP_CODE_EXPIRED, "code")
    elif not told.here:
        yield because(NOT_THIS_WINDOW, "code")


def midnight(now: datetime) -> datetime:
    """The end of the day in the city."""
    return datetime.combine(now.astimezone(CITY_TIME).date() + timedelta(days=1), time.min, CITY_TIME)
