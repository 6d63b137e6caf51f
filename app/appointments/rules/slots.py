"""When one can come: opening hours, less what is taken, on the service's grid. Pure; half-open intervals throughout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.appointments.models import CalendarKind, Mode

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """Of somebody of the staff, or of a room with so many places; `away`: when nobody is there."""

    id: UUID
    kind: CalendarKind
    capacity: int = 1
    away: tuple[Interval, ...] = ()


class Taken(NamedTuple):
    staff: UUID | None
    room: UUID | None
    place: int | None
    starts_at: datetime
    ends_at: datetime


class Seat(NamedTuple):
    """Who receives her, and where: one of the staff, a place of a room, or both."""

    staff: UUID | None
    room: UUID | None
    place: int | None


class Slot(NamedTuple):
    starts_at: datetime
    ends_at: datetime
    free: int
    """How many more can come then."""


def grid(open: Sequence[Interval], minutes: int) -> Iterator[Interval]:
    """Whole slots, one after the other from each opening on; what is left before the door shuts is none."""
    step = timedelta(minutes=minutes)
    for begins, ends in open:
        at = begins
        while at + step <= ends:
            yield at, at + step
            at += step


def seats(
    calendars: Sequence[Calendar], mode: Mode, taken: Sequence[Taken], begins: datetime, ends: datetime
) -> list[Seat]:
    """Those that are free between the two, each person and each place once. Where somebody of the staff receives, rooms
    are needed by who comes to a window alone; where nobody does, a room's place is what is booked."""
    busy = [one for one in taken if one.starts_at < ends and begins < one.ends_at]
    people = {one.staff for one in busy if one.staff}
    places = {(one.room, one.place) for one in busy if one.room}
    there = [one for one in calendars if not any(gone < ends and begins < back for gone, back in one.away)]
    staff = [one.id for one in there if one.kind is CalendarKind.STAFF and one.id not in people]
    rooms = [
        (one.id, place)
        for one in there
        if one.kind is CalendarKind.ROOM
        for place in range(1, one.capacity + 1)
        if (one.id, place) not in places
    ]
    by_staff = any(one.kind is CalendarKind.STAFF for one in calendars)
    in_rooms = any(one.kind is CalendarKind.ROOM for one in calendars) and (mode is Mode.WINDOW or not by_staff)
    if by_staff and in_rooms:
        return [Seat(who, *where) for who, where in zip(staff, rooms, strict=False)]
    return [Seat(who, None, None) for who in staff] if by_staff else [Seat(None, *where) for where in rooms]


def slots(
    open: Sequence[Interval],
    minutes: int,
    calendars: Sequence[Calendar],
    mode: Mode,
    taken: Sequence[Taken],
    since: datetime,
    until: datetime,
) -> list[Slot]:
    """Those that begin in [since, until) and at which somebody can still come."""
    found = (
        Slot(begins, ends, len(seats(calendars, mode, taken, begins, ends)))
        for begins, ends in grid(open, minutes)
        if since <= begins < until
    )
    return [slot for slot in found if slot.free]
