"""What is asked of a booking, and why it is refused. Moments are the database's."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Final

from pydantic import BaseModel

from app.accounts.rules.said import BAD_PHONE, mobile
from app.appointments.models import Mode
from app.appointments.rules.policy import Policy
from app.appointments.rules.slots import Interval, grid
from app.core.errors import Reason, because, code
from app.core.texts import against_text
from app.places.rules.coordinates import EARTH, Spot

NAME: Final = (1, 30)
TOPIC_MAX: Final = 300
WHY: Final = (4, 300)
CORRECTED: Final = timedelta(days=7)
"""For so long the staff may say that somebody had come after all."""

PAST = code(
    "PAST",
    zh="该时间已过。",
    en="That moment has passed.",
    remedy="Choose one of `appointmentSlots`.",
)
TOO_SOON = code(
    "TOO_SOON",
    zh="须至少提前 {minutes} 分钟预约。",
    en="Book at least {minutes} minutes ahead.",
    remedy="Choose a later slot, or go there and take a number.",
)
BEYOND_HORIZON = code(
    "BEYOND_HORIZON",
    zh="最多可预约 {days} 天以内的时间。",
    en="Bookings are taken for the next {days} days.",
    remedy="Choose an earlier slot.",
)
SPAN_TOO_LONG = code(
    "SPAN_TOO_LONG",
    zh="一次最多查询 {days} 天，且开始须早于结束。",
    en="Ask for at most {days} days at once, from before to.",
    remedy="Send a shorter span.",
)
OUT_OF_HOURS = code(
    "OUT_OF_HOURS",
    zh="该时间不在机构的服务时间内。",
    en="The institution does not receive anybody then.",
    remedy="Choose one of `appointmentSlots`.",
)
NOT_A_SLOT = code(
    "NOT_A_SLOT",
    zh="该时间不是可预约的时段起点，每个时段 {minutes} 分钟。",
    en="No slot begins at that moment; each has {minutes} minutes.",
    remedy="Choose one of `appointmentSlots`.",
)
SLOT_TAKEN = code(
    "SLOT_TAKEN",
    zh="该时段已约满。",
    en="That slot is taken.",
    remedy="Read `appointmentSlots` again and choose another.",
)
OVERLAPPING = code(
    "OVERLAPPING",
    zh="您在该时间已有其他预约。",
    en="You have another appointment at that time.",
    remedy="Choose another time, or cancel the other one.",
)
FOREIGN_CALENDAR = code(
    "FOREIGN_CALENDAR",
    zh="该日程不属于此机构，或不提供此项服务。",
    en="This calendar is not of that institution, or does not serve that.",
    remedy="Choose one that `appointmentServices` names; the staff keep those of their own institution.",
)
NOT_OFFERED = code(
    "NOT_OFFERED",
    zh="该机构不提供此项预约服务或此种方式。",
    en="The institution does not offer this service, or not in this way.",
    remedy="See `appointmentServices`.",
)
HOLD_EXPIRED = code(
    "HOLD_EXPIRED",
    zh="为您保留的时段已超时释放。",
    en="The slot was held for you and is not any more.",
    remedy="Hold it again, if it is still free.",
)
HELD_LONG = code(
    "HELD_LONG",
    zh="同一时段最多保留 {minutes} 分钟。",
    en="A slot is held for {minutes} minutes at most.",
    remedy="Book it now.",
)
TOO_MANY_BOOKINGS = code(
    "TOO_MANY_BOOKINGS",
    zh="您已有 {limit} 个未完成的预约。",
    en="You have {limit} appointments before you already.",
    remedy="Cancel one, or come when one is over.",
)
WINDOW_ONLY = code(
    "WINDOW_ONLY",
    zh="因近期多次爽约，{until} 前只能预约到窗口办理。",
    en="After appointments that were missed only windows can be booked until {until}.",
    remedy="Book the mode WINDOW.",
)
TOO_LATE = code(
    "TOO_LATE",
    zh="须在开始前至少 {minutes} 分钟取消或改期。",
    en="Cancel or move it at least {minutes} minutes before it begins.",
    remedy="Call the institution.",
)
TOO_EARLY = code(
    "TOO_EARLY",
    zh="请在开始前 {minutes} 分钟内签到；未到时间不能记为爽约。",
    en="Check in from {minutes} minutes before it begins; nobody missed what has not begun.",
    remedy="Come back later.",
)
NOT_ON_SITE = code(
    "NOT_ON_SITE",
    zh="您不在该机构附近，请到现场后再操作，或请窗口人员办理。",
    en="You do not seem to be there.",
    remedy="Send where you are (`at`) once you are there, or ask at the window.",
)
NOBODY_WAITS = code(
    "NOBODY_WAITS",
    zh="当前没有等候的人。",
    en="Nobody is waiting.",
    remedy="Try again later.",
)


class Contact(BaseModel):
    """Sealed with the appointment. `phone` is E.164; empty what was not said."""

    name: str = ""
    phone: str = ""
    topic: str = ""


def against_contact(said: Contact) -> Iterator[Reason]:
    yield from against_text(said.name, "name", *NAME)
    yield from against_text(said.topic, "topic", 0, TOPIC_MAX)
    if said.phone and mobile(said.phone) is None:
        yield because(BAD_PHONE, "phone")


def against_silence(said: Contact, mode: Mode) -> list[Reason]:
    """Whoever is called or visited at home says by which number."""
    needed = mode in (Mode.TELEPHONE, Mode.HOME_VISIT)
    return [because(BAD_PHONE, "phone")] if needed and not said.phone else []


def tidied(said: Contact) -> Contact:
    return Contact(name=said.name.strip(), phone=mobile(said.phone) or "", topic=said.topic.strip())


def against_span(since: datetime, until: datetime, policy: Policy) -> list[Reason]:
    if timedelta() < until - since <= policy.span:
        return []
    return [because(SPAN_TOO_LONG, "to", days=policy.span.days)]


def bookable(now: datetime, policy: Policy) -> Interval:
    """Between which moments a slot may begin."""
    return now + policy.lead, now + policy.horizon


def against_start(start: datetime, now: datetime, policy: Policy) -> list[Reason]:
    first, last = bookable(now, policy)
    if start <= now:
        return [because(PAST, "startsAt")]
    if start < first:
        return [because(TOO_SOON, "startsAt", minutes=minutes(policy.lead))]
    return [because(BEYOND_HORIZON, "startsAt", days=policy.horizon.days)] if start >= last else []


def against_hours(start: datetime, open: Sequence[Interval], length: int) -> list[Reason]:
    """`open`: when it is open on that day, `length` in minutes."""
    end = start + timedelta(minutes=length)
    if not any(begins <= start and end <= ends for begins, ends in open):
        return [because(OUT_OF_HOURS, "startsAt")]
    known = any(begins == start for begins, _ in grid(open, length))
    return [] if known else [because(NOT_A_SLOT, "startsAt", minutes=length)]


def on_site(here: Spot | None, there: tuple[float, float] | None, metres: int) -> bool:
    """Whether who is here is there; so near a plane is as good as the ball. False where either is not known."""
    if here is None or there is None:
        return False
    east = radians(here.longitude - there[0]) * cos(radians(there[1]))
    return hypot(east, radians(here.latitude - there[1])) * EARTH <= metres


def minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
