"""A second person's yes before the staff see what is a minor's."""

from contextlib import suppress
from typing import Annotated, Any, Final
from uuid import UUID

import strawberry

from app.accounts.actions import minors
from app.accounts.models import MinorData
from app.accounts.reads import minors as reads
from app.accounts.rules.offices import against_reason
from app.accounts.types.minors import ApproveMinorAccessResult, MinorAccess, RequestMinorAccessResult
from app.core.db import Session, now
from app.core.errors import NOT_FOUND, Refused, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import TendsMinors


@strawberry.input(description="What of a minor's you must see, and why.")
class RequestMinorAccessInput:
    about_id: strawberry.ID = strawberry.field(
        description="A task or a report that you have taken, a file, or an appointment where you work."
    )
    reason: str = strawberry.field(description="Why, 4 to 300 characters: it stays in the record. Name nobody in it.")


@strawberry.input(description="Which request of another's you approve.")
class ApproveMinorAccessInput:
    access_id: strawberry.ID = strawberry.field(description="A request of `minorAccesses`.")


@strawberry.type
class MinorsQuery:
    @strawberry.field(
        permission_classes=[TendsMinors],
        description="What the staff asked to see of minors, what was approved and what was opened, newest first.",
    )
    async def minor_accesses(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MinorAccess] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.minor_access_page(session, viewer(info), wanted)
        found: Connection[MinorAccess] = connect(wanted, rows, lambda row: (row.asked_at, row.id), MinorAccess.of)
        return found


@strawberry.type
class MinorsMutation:
    @strawberry.mutation(
        permission_classes=[TendsMinors],
        description="Ask that another approve your seeing what is a minor's, within a day. Asked again, it is the same "
        "request.",
    )
    async def request_minor_access(
        self, info: Info, input: Annotated[RequestMinorAccessInput, strawberry.argument(description="What, and why.")]
    ) -> RequestMinorAccessResult | None:
        kind, subject = _about(input.about_id)
        refuse_if(list(against_reason(input.reason)))
        async with info.context.write() as session:
            keys, moment = info.context.door(KeyProvider), now(session)
            id = await minors.request(session, keys, viewer(info), kind, subject, input.reason, moment)
            return await _found(session, info, id)

    @strawberry.mutation(
        permission_classes=[TendsMinors],
        description="Approve another's request: for a day she may open it. For who holds the same office, of an "
        "appointment for who works at the institution, and for security officers; nobody approves her own. Twice "
        "changes nothing.",
    )
    async def approve_minor_access(
        self, info: Info, input: Annotated[ApproveMinorAccessInput, strawberry.argument(description="Which one.")]
    ) -> ApproveMinorAccessResult | None:
        id = uuid_of(input.access_id, "MinorAccess", "accessId")
        async with info.context.write() as session:
            await minors.approve(session, viewer(info), id, now(session))
            return await _found(session, info, id)


_ABOUT: Final = {MinorData.TASK: "Task", MinorData.APPOINTMENT: "Appointment", MinorData.REPORT: "Report"}


def _about(said: str) -> tuple[MinorData, UUID]:
    for kind, type in _ABOUT.items():
        with suppress(Refused):
            return kind, uuid_of(said, type, "aboutId")
    return MinorData.FILE, uuid_of(said, "PersonFile", "aboutId")


async def _found(session: Session, info: Info, id: UUID) -> MinorAccess:
    found = await reads.minor_accesses(session, viewer(info), [id])
    if not found:
        raise refuse(NOT_FOUND)
    return MinorAccess.of(found[0])


async def _accesses(info: Info, keys: list[str]) -> list[Any]:
    if (asking := info.context.viewer) is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        rows = {str(row.id): row for row in await reads.minor_accesses(session, asking, [as_uuid(key) for key in keys])}
    return [MinorAccess.of(rows[key]) if key in rows else None for key in keys]


NODES: dict[str, Fetch] = {"MinorAccess": _accesses}
