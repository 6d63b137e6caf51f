"""What can be booked when, and what is booked."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.reads import post
from app.appointments import reads
from app.appointments.actions import slots
from app.appointments.loaders import AppointmentById, CalendarById, ServiceById
from app.appointments.models import Mode, Service
from app.appointments.types import Appointment, AppointmentCalendar, AppointmentService, AppointmentSlot
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone, IsResident, WorksSomewhere
from app.graph.weights import Cost, ListSize

From = Annotated[datetime, strawberry.argument(name="from", description="Only what begins from then on.")]
To = Annotated[datetime, strawberry.argument(name="to", description="Only what begins before then.")]


@strawberry.type
class FindingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What an institution can be visited for.",
        directives=[ListSize(assumed_size=4)],
    )
    async def appointment_services(
        self,
        info: Info,
        institution_id: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
    ) -> list[AppointmentService]:
        at = uuid_of(institution_id, "Institution", "institutionId")
        async with info.context.read() as session:
            rows = await reads.services(session, [at])
        return [AppointmentService.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[Anyone],
        description="When one can come, in order: within the opening hours (holidays and days worked instead counted "
        "in), two hours from now at the earliest, thirty days ahead at most, less what is taken or held. At most 31 "
        "days at once. Empty where nobody has said when the institution is open.",
        directives=[Cost(weight=5), ListSize(assumed_size=20)],
    )
    async def appointment_slots(
        self,
        info: Info,
        institution_id: Annotated[strawberry.ID, strawberry.argument(description="Where.")],
        service: Annotated[Service, strawberry.argument(description="What for.")],
        from_: From,
        to: To,
        mode: Annotated[
            Mode | None, strawberry.argument(description="How; the first that is offered if left out.")
        ] = None,
    ) -> list[AppointmentSlot] | None:
        at = uuid_of(institution_id, "Institution", "institutionId")
        async with info.context.read() as session:
            asked = (from_, to)
            found = await slots.free(session, info.context.viewer, at, service, mode, asked, now(session))
        return [AppointmentSlot.of(slot) for slot in found]

    @strawberry.field(
        permission_classes=[IsResident], description="Your appointments, the latest first; what is over too."
    )
    async def appointments(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Appointment] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.page_of(session, viewer(info), wanted)
        made: Connection[Appointment] = connect(wanted, rows, lambda row: (row.starts_at, row.id), Appointment.of)
        return made

    @strawberry.field(
        permission_classes=[WorksSomewhere],
        description="What is booked at the viewer's institution, the earliest first; slots that are only held are not "
        "among it.",
    )
    async def institution_appointments(
        self,
        info: Info,
        from_: From,
        to: To,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Appointment] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            works = await post(session, viewer(info))
            found = (from_, to, wanted)
            rows = await reads.page_at(session, viewer(info), works.institution, *found) if works else []
        made: Connection[Appointment] = connect(wanted, rows, lambda row: (row.starts_at, row.id), Appointment.of)
        return made


async def shown(info: Info, id: UUID) -> Appointment:
    row = await info.context.loader(AppointmentById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "appointmentId")
    return Appointment.of(row)


async def _appointments(info: Info, keys: list[str]) -> list[Appointment | None]:
    rows = await info.context.loader(AppointmentById).load_many([as_uuid(key) for key in keys])
    return [Appointment.of(row) if row else None for row in rows]


async def _services(info: Info, keys: list[str]) -> list[AppointmentService | None]:
    rows = await info.context.loader(ServiceById).load_many([as_uuid(key) for key in keys])
    return [AppointmentService.of(row) if row else None for row in rows]


async def _calendars(info: Info, keys: list[str]) -> list[AppointmentCalendar | None]:
    rows = await info.context.loader(CalendarById).load_many([as_uuid(key) for key in keys])
    return [AppointmentCalendar.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {
    "Appointment": _appointments,
    "AppointmentService": _services,
    "AppointmentCalendar": _calendars,
}
