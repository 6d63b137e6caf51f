"""What a lawyer does with the cases of legal aid that are offered to her."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.applications import reads
from app.applications.actions import moving
from app.applications.api.nodes import ENCLOSED, KEY
from app.applications.loaders import AssignmentById
from app.applications.models import DeclinedFor, Move
from app.applications.rules.acting import Act
from app.applications.types.legal_aid import Assignment, AssignmentResult
from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsLawyer
from app.vault.types import ids_of


@strawberry.input(description="Whether you take the case.")
class AnswerAssignmentInput:
    assignment_id: strawberry.ID = strawberry.field(description="One of yours that waits for an answer.")
    accept: bool = strawberry.field(description="True: you read it from now on, and work on it.")
    declined_for: DeclinedFor | None = strawberry.field(default=None, description="Why not; said if you do not.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What was done, and what came of it.")
class ReportAssignmentInput:
    assignment_id: strawberry.ID = strawberry.field(description="One of yours that you work on.")
    report: str = strawberry.field(description="The report, 4 to 3,000 characters.")
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ENCLOSED)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class PractisingQuery:
    @strawberry.field(permission_classes=[IsLawyer], description="Cases of legal aid offered to you, newest first.")
    async def assignments(
        self,
        info: Info,
        open: Annotated[
            bool | None, strawberry.argument(description="True: those you may answer or work on; false: the others.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Assignment] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.assignment_page(session, viewer(info), wanted, open)
        return connect(wanted, rows, lambda row: (row.offered_at, row.id), Assignment.of)  # type: ignore[no-any-return]


@strawberry.type
class PractisingMutation:
    @strawberry.mutation(permission_classes=[IsLawyer], description="Take a case of legal aid, or say why you do not.")
    async def answer_assignment(
        self, info: Info, input: Annotated[AnswerAssignmentInput, strawberry.argument(description="Yes or no.")]
    ) -> AssignmentResult | None:
        if input.accept == (input.declined_for is not None):
            raise refuse(BAD_VALUE, "declinedFor")
        move = Move.ACCEPT if input.accept else Move.DECLINE
        act = Act(move=move, application=_NOT_YET, code=input.declined_for)
        return await _answered(info, input.assignment_id, act, input.idempotency_key)

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Report what was done; the officer reads it and closes the case. A later report goes beside it.",
    )
    async def report_assignment(
        self, info: Info, input: Annotated[ReportAssignmentInput, strawberry.argument(description="The report.")]
    ) -> AssignmentResult | None:
        act = Act(move=Move.REPORT, application=_NOT_YET, reason=input.report, files=ids_of(input.attachments))
        return await _answered(info, input.assignment_id, act, input.idempotency_key)


_NOT_YET = new_id()
"""Of which application it is, the assignment says."""


async def _answered(info: Info, said: str, act: Act, key: str) -> Assignment:
    id = uuid_of(said, "Assignment", "assignmentId")
    async with info.context.write() as session:
        keys = info.context.door(KeyProvider)
        await moving.answer(session, viewer(info), keys, id, act, key, now(session))
    return await _found(info, id)


async def _found(info: Info, id: UUID) -> Assignment:
    row = await info.context.loader(AssignmentById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "assignmentId")
    return Assignment.of(row)


async def _assignments(info: Info, keys: list[str]) -> list[Assignment | None]:
    rows = await info.context.loader(AssignmentById).load_many([as_uuid(key) for key in keys])
    return [Assignment.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Assignment": _assignments}
