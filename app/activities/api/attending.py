"""Signing up, giving it up, and being there."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.activities.actions import attending as actions
from app.activities.api.following import Id, shown
from app.activities.loaders import ActivityById, EnrolmentById
from app.activities.reads import attending as reads
from app.activities.rules.attending import against_checking_in
from app.activities.types import ActivityResult, Enrolment, EnrolmentResult
from app.activities.types.attending import CheckedIn, CheckInActivityResult, EntranceCode
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Edits, IsEditor, IsResident, SignedIn


@strawberry.input(description="You want to come.")
class EnrollInput:
    activity_id: strawberry.ID = strawberry.field(description="To which gathering.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="You do not come.")
class LeaveActivityInput:
    activity_id: strawberry.ID = strawberry.field(description="To which gathering.")


@strawberry.input(description="Somebody is there. Exactly one of code and ticket.")
class CheckInActivityInput:
    activity_id: strawberry.ID = strawberry.field(description="At which gathering.")
    code: str | None = strawberry.field(default=None, description="Yourself: what the entrance shows.")
    ticket: str | None = strawberry.field(default=None, description="As an editor: what she shows you.")


@strawberry.input(description="How many can come to what is public already and still to be.")
class SetActivityPlacesInput:
    activity_id: strawberry.ID = strawberry.field(description="To which gathering.")
    version: int = strawberry.field(description="The version that you read.")
    places: int | None = strawberry.field(
        default=None, description="1 to 100,000, and as many as have a place at least; left out, everybody."
    )


@strawberry.type
class AttendingQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="What you signed up for, the newest first; what is over too."
    )
    async def my_enrolments(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Enrolment] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.page_of(session, viewer(info), wanted)
        made: Connection[Enrolment] = connect(wanted, rows, lambda row: (row.made_at, row.id), Enrolment.of)
        return made

    @strawberry.field(
        permission_classes=[Edits],
        description="The code that the entrance of a gathering shows now, an hour before it begins at the earliest; "
        "null where there is none.",
    )
    async def entrance_code(self, info: Info, id: Id) -> EntranceCode | None:
        row = await info.context.loader(ActivityById).load(uuid_of(id, "Activity"))
        if row is None:
            return None
        refuse_if(list(against_checking_in(row, info.context.now)))
        return EntranceCode.of(info, row)


@strawberry.type
class AttendingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Sign up for a gathering: with a place while there are any, else in the queue. Who is under "
        "fourteen needs a guardian's yes.",
    )
    async def enroll(
        self, info: Info, input: Annotated[EnrollInput, strawberry.argument(description="To which.")]
    ) -> EnrolmentResult | None:
        id, keys = uuid_of(input.activity_id, "Activity", "activityId"), info.context.door(KeyProvider)
        async with info.context.write() as session:
            made = await actions.enrol(session, viewer(info), keys, id, input.idempotency_key, now(session))
        return await _enrolment(info, made)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Give it up. Whoever has waited longest gets the place, and is told.",
    )
    async def leave_activity(
        self, info: Info, input: Annotated[LeaveActivityInput, strawberry.argument(description="Which.")]
    ) -> EnrolmentResult | None:
        id = uuid_of(input.activity_id, "Activity", "activityId")
        async with info.context.write() as session:
            left = await actions.leave(session, viewer(info), id)
        return await _enrolment(info, left)

    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="Say how many can come. Where it is more, who has waited longest moves up, and is told; nobody who "
        "has a place loses it.",
    )
    async def set_activity_places(
        self, info: Info, input: Annotated[SetActivityPlacesInput, strawberry.argument(description="How many.")]
    ) -> ActivityResult | None:
        id = uuid_of(input.activity_id, "Activity", "activityId")
        async with info.context.write() as session:
            await actions.set_places(session, viewer(info), id, input.version, input.places, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Somebody who has a place is there: she scans the code at the entrance, or shows her ticket to an "
        "editor. Twice is once.",
    )
    async def check_in_activity(
        self, info: Info, input: Annotated[CheckInActivityInput, strawberry.argument(description="By what.")]
    ) -> CheckInActivityResult | None:
        id, keys = uuid_of(input.activity_id, "Activity", "activityId"), info.context.door(KeyProvider)
        async with info.context.write() as session:
            by = (input.code, input.ticket, now(session))
            at = await actions.check_in(session, viewer(info), keys, id, *by)
        return CheckedIn(at=at, activity=await shown(info, id))


async def _enrolment(info: Info, id: UUID) -> Enrolment:
    row = await info.context.loader(EnrolmentById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "activityId")
    return Enrolment.of(row)


async def _enrolments(info: Info, keys: list[str]) -> list[Enrolment | None]:
    rows = await info.context.loader(EnrolmentById).load_many([as_uuid(key) for key in keys])
    return [Enrolment.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Enrolment": _enrolments}
