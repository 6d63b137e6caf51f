"""What an institution offers, as its officers say it."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.appointments.actions import desk as actions
from app.appointments.loaders import CalendarById, ServiceById
from app.appointments.models import CalendarKind, Mode, Service
from app.appointments.rules.desk import Desk, Offer
from app.appointments.types import (
    AppointmentCalendar,
    AppointmentCalendarResult,
    AppointmentService,
    SetAppointmentServiceResult,
)
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import IsOfficer, WorksSomewhere
from app.graph.weights import ListSize

WHY = "Why, 4 to 300 characters: it stays in the history."
VERSION = "The version that you read."
KEPT = " Left out, it stays."


@strawberry.input(description="What the viewer's institution offers from now on.")
class SetAppointmentServiceInput:
    service: Service = strawberry.field(description="What for.")
    minutes: int = strawberry.field(description="How long a slot is: 15, 30 or 60.")
    modes: list[Mode] = strawberry.field(description="How the two can meet; one at least.")
    confirms: bool = strawberry.field(default=False, description="Whether the staff confirm each booking first.")
    active: bool = strawberry.field(default=True, description="False: it is offered no more. What is booked stays.")
    version: int = strawberry.field(description="The version that you read; 0 for what was not offered yet.")
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description="When nobody is there.")
class AbsenceInput:
    from_: datetime = strawberry.field(name="from", description="From then on.")
    until: datetime = strawberry.field(description="Until then.")


@strawberry.input(description="Whose time appointments may take.")
class OpenAppointmentCalendarInput:
    kind: CalendarKind = strawberry.field(description="Whose time it is.")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of the staff: whose, by the id of her post at the viewer's institution."
    )
    name: str = strawberry.field(description="How residents know it, 1 to 30 characters.")
    capacity: int = strawberry.field(default=1, description="Places of a room, 1 to 20; 1 of a person.")
    services: list[Service] = strawberry.field(description="What it serves.")
    reason: str = strawberry.field(description=WHY)
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="What is said of a calendar from now on. What was booked stays.")
class ChangeAppointmentCalendarInput:
    calendar_id: strawberry.ID = strawberry.field(description="One of the viewer's institution.")
    version: int = strawberry.field(description=VERSION)
    name: str | None = strawberry.field(default=None, description="1 to 30 characters." + KEPT)
    capacity: int | None = strawberry.field(default=None, description="Places of a room." + KEPT)
    services: list[Service] | None = strawberry.field(default=None, description="What it serves." + KEPT)
    away: list[AbsenceInput] | None = strawberry.field(
        default=None, description="When nobody is there, at most 50 stretches." + KEPT
    )
    active: bool | None = strawberry.field(default=None, description="False: it is kept no more." + KEPT)
    reason: str = strawberry.field(description=WHY)

    def plain(self) -> dict[str, Any]:
        names = ("name", "capacity", "services", "active")
        said = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        away = {} if self.away is None else {"away": [(each.from_, each.until) for each in self.away]}
        return said | away


@strawberry.type
class DeskQuery:
    @strawberry.field(
        permission_classes=[WorksSomewhere],
        description="The calendars of the viewer's institution, those that are kept no more included.",
        directives=[ListSize(assumed_size=20)],
    )
    async def appointment_calendars(self, info: Info) -> list[AppointmentCalendar] | None:
        async with info.context.read() as session:
            rows = await actions.calendars(session, viewer(info))
        return [AppointmentCalendar.of(row) for row in rows]


@strawberry.type
class DeskMutation:
    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Say what your institution can be visited for. Its history keeps it.",
    )
    async def set_appointment_service(
        self, info: Info, input: Annotated[SetAppointmentServiceInput, strawberry.argument(description="The offer.")]
    ) -> SetAppointmentServiceResult | None:
        names = ("service", "minutes", "modes", "confirms", "active")
        said = Offer(**{name: getattr(input, name) for name in names})
        async with info.context.write() as session:
            id = await actions.offer(session, viewer(info), said, input.version, input.reason, now(session))
        row = await info.context.loader(ServiceById).load(id)
        if row is None:
            raise refuse(NOT_FOUND)
        return AppointmentService.of(row)

    @strawberry.mutation(
        permission_classes=[IsOfficer], description="Open a calendar of your institution: a colleague's, or a room's."
    )
    async def open_appointment_calendar(
        self, info: Info, input: Annotated[OpenAppointmentCalendarInput, strawberry.argument(description="Whose.")]
    ) -> AppointmentCalendarResult | None:
        person = uuid_of(input.person_id, "Post", "personId") if input.person_id is not None else None
        names = ("kind", "name", "capacity", "services")
        said = Desk(**{name: getattr(input, name) for name in names})
        async with info.context.write() as session:
            why = (input.reason, input.idempotency_key, now(session))
            id = await actions.open_calendar(session, viewer(info), info.context.door(KeyProvider), said, person, *why)
        row = await info.context.loader(CalendarById).load(id)
        if row is None:
            raise refuse(NOT_FOUND)
        return AppointmentCalendar.of(row)

    @strawberry.mutation(
        permission_classes=[IsOfficer],
        description="Change a calendar of your institution, or say when nobody is there. Its history keeps it.",
    )
    async def change_appointment_calendar(
        self,
        info: Info,
        input: Annotated[ChangeAppointmentCalendarInput, strawberry.argument(description="What changes.")],
    ) -> AppointmentCalendarResult | None:
        id = uuid_of(input.calendar_id, "AppointmentCalendar", "calendarId")
        async with info.context.write() as session:
            how = (input.version, input.reason, now(session))
            await actions.change_calendar(session, viewer(info), id, input.plain(), *how)
        row = await info.context.loader(CalendarById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "calendarId")
        return AppointmentCalendar.of(row)
