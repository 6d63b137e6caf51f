"""Who may sign up for a gathering, and by what it is shown that she is there. Pure."""

import base64
import hmac
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.accounts.rules.consenting import Readiness, against_asking
from app.activities.models import ActivityKind, ActivityState
from app.activities.rules.content import MOST_PLACES
from app.activities.rules.machine import ACTIVITY_STATE
from app.activities.rules.policy import CHECK_IN
from app.core.errors import BAD_VALUE, Reason, because, code

SECRET: Final = "activity-check-in"
"""For KeyProvider.secret."""
SLOT: Final = 60
"""Seconds that the code at the entrance is shown; it is good for as long again."""
_MAC: Final = 12
_TO_COME: Final = (ActivityState.SCHEDULED, ActivityState.OPEN, ActivityState.CLOSED)

NO_SIGN_UP = code(
    "NO_SIGN_UP",
    zh="该活动无需报名。",
    en="Nobody signs up for this.",
    remedy="Take part in it directly; one signs up for a GATHERING.",
)
SIGN_UP_CLOSED = code(
    "SIGN_UP_CLOSED",
    zh="报名尚未开始或已经结束。",
    en="One cannot sign up now.",
    remedy="Look at opensAt, closesAt and state.",
)
ALREADY_THERE = code(
    "ALREADY_THERE",
    zh="您已签到，不能再取消报名。",
    en="You have checked in already.",
    remedy="There is nothing to give up any more.",
)
NOT_ENROLLED = code(
    "NOT_ENROLLED",
    zh="没有报名，或仍在候补。",
    en="Not signed up, or still waiting for a place.",
    remedy="Call enroll while it is open; who waits has no place yet.",
)
CHECK_IN_WRONG = code(
    "CHECK_IN_WRONG",
    zh="签到码无效或已过期，请重新扫码。",
    en="This code is not good, or no longer. Please scan it again.",
    remedy="The code at the entrance changes every minute; scan what is shown now.",
)
CHECK_IN_CLOSED = code(
    "CHECK_IN_CLOSED",
    zh="现在不能签到：活动开始前 {minutes} 分钟至结束后 {minutes} 分钟内可签到。",
    en="One checks in from {minutes} minutes before it begins until {minutes} minutes after its end.",
    remedy="Come back then.",
)
PLACES_TAKEN = code(
    "PLACES_TAKEN",
    zh="已有 {limit} 人报名成功，名额不能少于此数。",
    en="{limit} people have a place already: there cannot be fewer.",
    remedy="Say at least as many as have a place (`taken`).",
)


def against_places(row: Any, wanted: int | None, now: datetime) -> Iterator[Reason]:
    """Of what is public and still to come; nobody who has a place loses it."""
    if wanted is not None and not 1 <= wanted <= MOST_PLACES:
        yield because(BAD_VALUE, "places")
    elif row.kind != ActivityKind.GATHERING:
        yield because(NO_SIGN_UP)
    elif row.state not in _TO_COME or row.begins_at <= now:
        yield because(ACTIVITY_STATE)
    elif wanted is not None and wanted < row.taken:
        yield because(PLACES_TAKEN, "places", limit=row.taken)


def against_enrolling(row: Any, ready: Readiness, now: datetime) -> Iterator[Reason]:
    """Under fourteen with a guardian's yes alone (PIPL 31)."""
    if row.kind != ActivityKind.GATHERING:
        yield because(NO_SIGN_UP)
    elif row.state != ActivityState.OPEN or row.closes_at <= now:
        yield because(SIGN_UP_CLOSED)
    else:
        yield from against_asking(ready, "", in_danger=False)


def against_checking_in(row: Any, now: datetime) -> Iterator[Reason]:
    held = row.state in (ActivityState.OPEN, ActivityState.CLOSED) and row.begins_at is not None
    if not (held and row.begins_at - CHECK_IN <= now <= row.ends_at + CHECK_IN):
        yield because(CHECK_IN_CLOSED, minutes=int(CHECK_IN.total_seconds()) // 60)


def slot_of(at: datetime) -> int:
    return int(at.timestamp()) // SLOT


def entrance_code(secret: bytes, activity: UUID, slot: int) -> str:
    """Eight letters and digits of 40 bits."""
    told = hmac.digest(secret, b"entrance" + activity.bytes + slot.to_bytes(8), sha256)
    return base64.b32encode(told[:5]).decode()


def entered(secret: bytes, activity: UUID, said: str, now: datetime) -> bool:
    """Whether it is what the entrance shows now, or showed a moment ago."""
    good = (entrance_code(secret, activity, slot_of(now) - back) for back in (0, 1))
    return any([hmac.compare_digest(one.encode(), said.strip().upper().encode()) for one in good])


def ticket_of(secret: bytes, enrolment: UUID) -> str:
    """What she shows at the entrance: nobody else can make it."""
    told = enrolment.bytes + hmac.digest(secret, b"ticket" + enrolment.bytes, sha256)[:_MAC]
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def enrolment_of(secret: bytes, ticket: str) -> UUID | None:
    """None for what this house has not made, to the letter."""
    try:
        id = UUID(bytes=base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))[:16])
    except ValueError:
        return None
    return id if hmac.compare_digest(ticket_of(secret, id).encode(), ticket.encode()) else None
