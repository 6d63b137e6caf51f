"""Holding a slot, booking it, moving it, and giving it up."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.appointments.actions import booking as actions
from app.appointments.actions.booking import Wanted
from app.appointments.api.finding import shown
from app.appointments.models import Mode, Service
from app.appointments.rules.booking import Contact
from app.appointments.types import AppointmentResult
from app.core.db import now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import IsResident, SignedIn, WorksSomewhere

KEY = "8 to 64 characters, the same for repeats of this request."
CALENDAR = "Somebody or some room of those that serve it; left out, whoever is free."


@strawberry.input(description="A slot that is to be kept for you.")
class HoldSlotInput:
    institution_id: strawberry.ID = strawberry.field(description="Where.")
    service: Service = strawberry.field(description="What for.")
    mode: Mode = strawberry.field(description="How.")
    starts_at: datetime = strawberry.field(description="The beginning of a slot.")
    calendar_id: strawberry.ID | None = strawberry.field(default=None, description=CALENDAR)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A slot that you still hold.")
class ExtendHoldInput:
    appointment_id: strawberry.ID = strawberry.field(description="One of yours that is HELD.")


@strawberry.input(description="Who comes, and for what. It is sealed; the staff of that institution read it.")
class BookAppointmentInput:
    appointment_id: strawberry.ID = strawberry.field(description="One of yours that is HELD.")
    name: str = strawberry.field(description="What to call you, 1 to 30 characters.")
    phone: str = strawberry.field(
        default="", description="A mobile number; needed where you are called or somebody comes to you."
    )
    topic: str = strawberry.field(default="", description="What it is about, at most 300 characters.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Another time for an appointment of yours.")
class RescheduleAppointmentInput:
    appointment_id: strawberry.ID = strawberry.field(description="One of yours that is REQUESTED or CONFIRMED.")
    starts_at: datetime = strawberry.field(description="The beginning of another slot.")
    calendar_id: strawberry.ID | None = strawberry.field(default=None, description=CALENDAR)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="An appointment that will not be.")
class CancelAppointmentInput:
    appointment_id: strawberry.ID = strawberry.field(description="Yours, or one of your institution.")
    reason: str = strawberry.field(
        default="", description="From the staff: why, 4 to 300 characters; she reads it. Of yours it is not kept."
    )


@strawberry.input(description="A booking that you confirm.")
class ConfirmAppointmentInput:
    appointment_id: strawberry.ID = strawberry.field(description="One of your institution that is REQUESTED.")


@strawberry.type
class BookingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Have a slot kept for five minutes, while you fill in the rest. Of those who want the last place "
        "one has it. A person has two appointments before her at most, held ones counted.",
    )
    async def hold_slot(
        self, info: Info, input: Annotated[HoldSlotInput, strawberry.argument(description="Which one.")]
    ) -> AppointmentResult | None:
        wanted = Wanted(
            institution=uuid_of(input.institution_id, "Institution", "institutionId"),
            service=input.service,
            mode=input.mode,
            starts_at=input.starts_at,
            calendar=calendar_of(input.calendar_id),
        )
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.hold(session, viewer(info), keys, wanted, input.idempotency_key, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident], description="You are still there: five minutes from now, half an hour in all."
    )
    async def extend_hold(
        self, info: Info, input: Annotated[ExtendHoldInput, strawberry.argument(description="Which one.")]
    ) -> AppointmentResult | None:
        id = appointment_of(input.appointment_id)
        async with info.context.write() as session:
            await actions.extend(session, viewer(info), id, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Book the slot that is held for you. It holds at once, or once the staff confirm it (a home visit, "
        "or where the service says so); the slot is yours meanwhile.",
    )
    async def book_appointment(
        self, info: Info, input: Annotated[BookAppointmentInput, strawberry.argument(description="Who comes.")]
    ) -> AppointmentResult | None:
        id = appointment_of(input.appointment_id)
        said = Contact(name=input.name, phone=input.phone, topic=input.topic)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.book(session, viewer(info), keys, id, said, key, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Come at another time, until two hours before. The new appointment takes the old one's place, with "
        "what you wrote; if the new slot is taken, the old one stays.",
    )
    async def reschedule_appointment(
        self, info: Info, input: Annotated[RescheduleAppointmentInput, strawberry.argument(description="When.")]
    ) -> AppointmentResult | None:
        id, calendar = appointment_of(input.appointment_id), calendar_of(input.calendar_id)
        async with info.context.write() as session:
            keys, when = info.context.door(KeyProvider), (input.starts_at, calendar, input.idempotency_key)
            new = await actions.move(session, viewer(info), keys, id, *when, now(session))
        return await shown(info, new)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Give an appointment up, until two hours before it begins (a held slot at any time); or, as one of "
        "the staff there, cancel it and say why.",
    )
    async def cancel_appointment(
        self, info: Info, input: Annotated[CancelAppointmentInput, strawberry.argument(description="Which one.")]
    ) -> AppointmentResult | None:
        id = appointment_of(input.appointment_id)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await actions.cancel(session, viewer(info), keys, id, input.reason, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[WorksSomewhere], description="Confirm a booking at your institution; she is told."
    )
    async def confirm_appointment(
        self, info: Info, input: Annotated[ConfirmAppointmentInput, strawberry.argument(description="Which one.")]
    ) -> AppointmentResult | None:
        id = appointment_of(input.appointment_id)
        async with info.context.write() as session:
            await actions.confirm(session, viewer(info), id)
        return await shown(info, id)


def appointment_of(said: str) -> UUID:
    return uuid_of(said, "Appointment", "appointmentId")


def calendar_of(said: str | None) -> UUID | None:
    return None if said is None else uuid_of(said, "AppointmentCalendar", "calendarId")
