"""What the staff say of services and calendars."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime, BaseModel

from app.appointments.models import CalendarKind, Mode, Service
from app.core.errors import BAD_VALUE, Reason, because
from app.core.texts import against_text

LENGTHS: Final = (15, 30, 60)
NAME: Final = (1, 30)
MOST_PLACES: Final = 20
MOST_ABSENCES: Final = 50


class Offer(BaseModel):
    """A service as an institution offers it; `minutes` is how long one takes."""

    service: Service
    minutes: int
    modes: list[Mode]
    confirms: bool = False
    active: bool = True


class Desk(BaseModel):
    """A calendar: `capacity` places of a room, one of a person."""

    kind: CalendarKind
    name: str
    capacity: int = 1
    services: list[Service]
    away: list[tuple[AwareDatetime, AwareDatetime]] = []
    active: bool = True


def against_offer(said: Offer) -> Iterator[Reason]:
    if said.minutes not in LENGTHS:
        yield because(BAD_VALUE, "minutes")
    if not said.modes or len(set(said.modes)) < len(said.modes):
        yield because(BAD_VALUE, "modes")


def against_desk(said: Desk) -> Iterator[Reason]:
    yield from against_text(said.name, "name", *NAME)
    if not 1 <= said.capacity <= (MOST_PLACES if said.kind is CalendarKind.ROOM else 1):
        yield because(BAD_VALUE, "capacity")
    if len(set(said.services)) < len(said.services):
        yield because(BAD_VALUE, "services")
    if len(said.away) > MOST_ABSENCES or any(gone >= back for gone, back in said.away):
        yield because(BAD_VALUE, "away")


def away_of(kept: list[list[str]]) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((datetime.fromisoformat(gone), datetime.fromisoformat(back)) for gone, back in kept)
