"""Which slots there are, and taking one: the database's exclusion constraints decide who has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.appointments import reads
from app.appointments.models import Appointment, Mode, Service
from app.appointments.rules import booking as rules
from app.appointments.rules.policy import Policy
from app.appointments.rules.slots import Calendar, Interval, Seat, Slot, seats, slots
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.directory.reads import opening
from app.directory.rules.hours import intervals
from app.places.rules.workdays import CITY_TIME

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Desk:
    """What a service of an institution is served by; `at`: (longitude, latitude) or None."""

    institution: UUID
    service: Service
    minutes: int
    modes: Sequence[str]
    confirms: bool
    calendars: list[Calendar]
    at: tuple[float, float] | None


async def desk(session: Session, institution: UUID, service: Service) -> Desk:
    """Refuses NOT_FOUND and NOT_OFFERED."""
    row = await reads.offered(session, institution, service)
    if row is None:
        if not await reads.works(session, institution):
            raise refuse(NOT_FOUND, "institutionId")
        raise refuse(rules.NOT_OFFERED, "service")
    at = None if row.longitude is None else (row.longitude, row.latitude)
    serving = await reads.serving(session, institution, service)
    return Desk(institution, service, row.minutes, row.modes, row.confirms, serving, at)


async def free(
    session: Session,
    viewer: Viewer | None,
    institution: UUID,
    service: Service,
    mode: Mode | None,
    asked: Interval,
    now: datetime,
) -> list[Slot]:
    """Between two moments, as far as any may be booked now; by the first mode that is offered if none is named.

    Six statements, however many slots there are.
    """
    _, policy = await reads.policy(session)
    refuse_if(rules.against_span(*asked, policy))
    there = await desk(session, institution, service)
    mode = mode or Mode(there.modes[0])
    if mode not in there.modes:
        raise refuse(rules.NOT_OFFERED, "mode")
    first, last = rules.bookable(now, policy)
    since, until = max(asked[0], first), min(asked[1], last)
    if since >= until:
        return []
    open = await _open(session, viewer, institution, since, until)
    taken = await reads.taken(session, institution, since, until + DAY)
    return slots(open, there.minutes, there.calendars, mode, taken, since, until)


async def open_today(session: Session, viewer: Viewer, there: Desk, now: datetime) -> list[Interval]:
    return await _open(session, viewer, there.institution, now, midnight(now) + DAY)


async def take_next(
    session: Session, there: Desk, open: Sequence[Interval], row: dict[str, Any], now: datetime
) -> None:
    """The first slot that is left of today, the one that has begun included; refuses OUT_OF_HOURS and SLOT_TAKEN."""
    if not any(shuts > now for _, shuts in open):
        raise refuse(rules.OUT_OF_HOURS, "institutionId")
    since, until = now - timedelta(minutes=there.minutes), midnight(now) + DAY
    await _let_go(session, there, since, until)
    taken = await reads.taken(session, there.institution, since, until)
    for slot in slots(open, there.minutes, there.calendars, Mode.WINDOW, taken, since, until):
        if slot.ends_at > now:
            free = seats(there.calendars, Mode.WINDOW, taken, slot.starts_at, slot.ends_at)
            if await _sit(session, free, row | {"starts_at": slot.starts_at, "ends_at": slot.ends_at}):
                return
    raise refuse(rules.SLOT_TAKEN, "service")


async def check_start(
    session: Session, viewer: Viewer, there: Desk, start: datetime, now: datetime, policy: Policy
) -> None:
    """Refuses a moment at which nobody may come: PAST, TOO_SOON, BEYOND_HORIZON, OUT_OF_HOURS, NOT_A_SLOT."""
    refuse_if(rules.against_start(start, now, policy))
    open = await _open(session, viewer, there.institution, start, start + timedelta(minutes=there.minutes))
    refuse_if(rules.against_hours(start, open, there.minutes))


async def take(session: Session, there: Desk, calendar: UUID | None, start: datetime, row: dict[str, Any]) -> None:
    """Of the free seats at that moment one that is still free when it is written; refuses SLOT_TAKEN."""
    end, mode = start + timedelta(minutes=there.minutes), Mode(row["mode"])
    serving = there.calendars
    if calendar is not None:
        named = next((one for one in serving if one.id == calendar), None)
        if named is None:
            raise refuse(rules.FOREIGN_CALENDAR, "calendarId")
        serving = [one for one in serving if one.kind is not named.kind or one is named]
    await _let_go(session, there, start, end)
    taken = await reads.taken(session, there.institution, start, end)
    candidates = seats(serving, mode, taken, start, end)
    if not await _sit(session, candidates, row | {"starts_at": start, "ends_at": end}):
        raise refuse(rules.SLOT_TAKEN, "startsAt")


async def _let_go(session: Session, there: Desk, since: datetime, until: datetime) -> None:
    """Holds that ran out, whether the relay has come by or not: they would stand in the way."""
    await session.rows(select(func.door.let_go(there.institution, since, until)))


async def _sit(session: Session, candidates: Sequence[Seat], row: dict[str, Any]) -> bool:
    """On one of these seats, if one is still free when it is written. Each begins at another, by its own random id, so
    that fifty do not all wait for the same."""
    first = row["id"].int % len(candidates) if candidates else 0
    for seat in (*candidates[first:], *candidates[:first]):
        said = row | seat._asdict()
        if (await session.rows(insert(Appointment).inline().values(said).on_conflict_do_nothing())).rowcount:
            return True
    return False


def midnight(at: datetime) -> datetime:
    """The beginning of that day in the city."""
    return datetime.combine(at.astimezone(CITY_TIME).date(), time.min, CITY_TIME)


async def _open(
    session: Session, viewer: Viewer | None, institution: UUID, since: datetime, until: datetime
) -> list[Interval]:
    """Whole days: a slot's grid begins where the door opens."""
    hours = (await opening.hours_of(session, viewer, [institution])).get(institution)
    if hours is None:
        return []
    calendar = await opening.calendar(session)
    return intervals(hours, midnight(since), midnight(until - timedelta(microseconds=1)) + DAY, calendar)
