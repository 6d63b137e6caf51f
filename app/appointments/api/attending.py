"""Who comes: checking in, numbers for who walks in, and what came of it."""

from typing import Annotated

import strawberry

from app.appointments.actions import attending as actions
from app.appointments.api.booking import KEY, appointment_of
from app.appointments.api.finding import shown
from app.appointments.models import Service
from app.appointments.types import AppointmentResult
from app.core.db import now
from app.core.errors import refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import SignedIn, WorksSomewhere
from app.places.rules.coordinates import Spot, against_spot
from app.places.types import CoordinatesInput

HERE = "Where you are, as your telephone says; it is compared and not kept. The staff leave it out."


@strawberry.input(description="Somebody is there.")
class CheckInInput:
    appointment_id: strawberry.ID = strawberry.field(description="Yours, or one of your institution; CONFIRMED.")
    at: CoordinatesInput | None = strawberry.field(default=None, description=HERE)


@strawberry.input(description="Whether it took place.")
class RecordAttendanceInput:
    appointment_id: strawberry.ID = strawberry.field(description="One of your institution.")
    attended: bool = strawberry.field(description="False: she did not come, or did not answer.")


@strawberry.input(description="A number for who comes without an appointment.")
class TakeWalkInNumberInput:
    institution_id: strawberry.ID = strawberry.field(description="Where.")
    service: Service = strawberry.field(description="What for.")
    at: CoordinatesInput | None = strawberry.field(default=None, description=HERE)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Whom to call.")
class CallNextNumberInput:
    service: Service | None = strawberry.field(default=None, description="Only who comes for that.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class AttendingMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Say that you are there, from half an hour before it begins: at a window only from there; or, "
        "as one of the staff, that she is.",
    )
    async def check_in(
        self, info: Info, input: Annotated[CheckInInput, strawberry.argument(description="Whose.")]
    ) -> AppointmentResult | None:
        id, here = appointment_of(input.appointment_id), _here(input.at)
        async with info.context.write() as session:
            await actions.check_in(session, viewer(info), id, here, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[WorksSomewhere],
        description="Say whether an appointment took place. That somebody missed hers can be put right for seven days; "
        "two missed within 90 days leave windows alone open to her for 30.",
    )
    async def record_attendance(
        self, info: Info, input: Annotated[RecordAttendanceInput, strawberry.argument(description="Whose.")]
    ) -> AppointmentResult | None:
        id = appointment_of(input.appointment_id)
        async with info.context.write() as session:
            await actions.attend(session, viewer(info), id, input.attended, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Take a number: for yourself once you are there, or as one of the staff for who stands before you. "
        "It takes the next free slot of today, of the same places that are booked.",
    )
    async def take_walk_in_number(
        self, info: Info, input: Annotated[TakeWalkInNumberInput, strawberry.argument(description="Where.")]
    ) -> AppointmentResult | None:
        at, here = uuid_of(input.institution_id, "Institution", "institutionId"), _here(input.at)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.take_number(session, viewer(info), keys, at, input.service, here, key, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[WorksSomewhere],
        description="Call the next of those who wait at your institution: the booked first, then the lowest number.",
    )
    async def call_next_number(
        self, info: Info, input: Annotated[CallNextNumberInput, strawberry.argument(description="Whom.")]
    ) -> AppointmentResult | None:
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.call_next(session, viewer(info), keys, input.service, key, now(session))
        return await shown(info, id)


def _here(said: CoordinatesInput | None) -> Spot | None:
    if said is None:
        return None
    spot = said.kept()
    refuse_if(list(against_spot(spot, "at")))
    return spot
