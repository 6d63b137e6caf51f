"""Who is what: how people stand, what was decided about them, and deciding it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts import reads
from app.accounts.actions import minors, offices
from app.accounts.actions.identity import digest_of, present
from app.accounts.loaders import FileById
from app.accounts.models import IdentityKind
from app.accounts.rules.offices import against_reason, against_roles
from app.accounts.rules.said import telephone
from app.accounts.types.offices import PersonFile, PersonFileResult, PersonMove
from app.core.access import Role
from app.core.db import now
from app.core.errors import BAD_VALUE, Refused, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsAdmin, SeesFiles

WHOM = "A file's id, or a lawyer's as the directory gives it."
WHY = "Why, 4 to 300 characters: it stays in the record. Name nobody else in it."


@strawberry.input(description="What somebody of the staff is from now on.")
class SetRolesInput:
    person_id: strawberry.ID = strawberry.field(description=WHOM)
    roles: list[Role] = strawberry.field(description="All offices that she holds; none ends her work here.")
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description="Who is to hold nothing and sign in no more.")
class SuspendPersonInput:
    person_id: strawberry.ID = strawberry.field(description=WHOM)
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description="Who is to be again what she was.")
class ReinstatePersonInput:
    person_id: strawberry.ID = strawberry.field(description=WHOM)
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description="Whose second factor counts no more.")
class ResetTotpInput:
    person_id: strawberry.ID = strawberry.field(description=WHOM)
    reason: str = strawberry.field(description=WHY)


@strawberry.type
class OfficesQuery:
    @strawberry.field(
        permission_classes=[SeesFiles],
        description="How somebody stands, by an id or by her telephone; null if unknown. A minor's file is refused "
        "(MINOR_ACCESS_NEEDED) until another has approved it; opening it is written down.",
    )
    async def person_file(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description=WHOM)] = None,
        phone: Annotated[str | None, strawberry.argument(description="A number she signs in with.")] = None,
    ) -> PersonFile | None:
        if (id is None) == (phone is None):
            raise refuse(BAD_VALUE, "id")
        person = await _who_has(info, telephone(phone)) if phone is not None else person_of(str(id), "id")
        row = await info.context.loader(FileById).load(person) if person else None
        if row is None and person:
            async with info.context.write() as session:
                if await minors.open_file(session, viewer(info), person, now(session)):
                    (row,) = await reads.people(session, viewer(info), [person])
        return PersonFile.of(row) if row else None

    @strawberry.field(permission_classes=[SeesFiles], description="All who hold an office, or held one, newest first.")
    async def staff(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PersonFile] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.staff_page(session, viewer(info), wanted)
        found: Connection[PersonFile] = connect(wanted, rows, lambda row: (row.created_at, row.id), PersonFile.of)
        return found

    @strawberry.field(
        permission_classes=[SeesFiles], description="What was decided about one person, or about all, newest first."
    )
    async def person_moves(
        self,
        info: Info,
        person_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only about this person.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PersonMove] | None:
        wanted = page(first, after, last, before)
        person = person_of(person_id) if person_id is not None else None
        async with info.context.read() as session:
            rows = await reads.move_page(session, viewer(info), wanted, person)
        found: Connection[PersonMove] = connect(wanted, rows, lambda row: (row.at, row.id), PersonMove.of)
        return found


@strawberry.type
class OfficesMutation:
    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="Say which offices somebody holds. What she no longer holds ends at once: she signs in anew.",
    )
    async def set_roles(
        self, info: Info, input: Annotated[SetRolesInput, strawberry.argument(description="Who is what, and why.")]
    ) -> PersonFileResult | None:
        person = person_of(input.person_id)
        refuse_if([*against_roles(input.roles), *against_reason(input.reason)])
        async with info.context.write() as session:
            keys, moment = info.context.door(KeyProvider), now(session)
            row = await offices.set_roles(session, keys, viewer(info), person, input.roles, input.reason, moment)
        return PersonFile.of(row)

    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="Suspend somebody: she is signed out everywhere and signs in no more, and what she was working on "
        "is offered to others.",
    )
    async def suspend_person(
        self, info: Info, input: Annotated[SuspendPersonInput, strawberry.argument(description="Whom, and why.")]
    ) -> PersonFileResult | None:
        return await _decide(info, offices.suspend, input.person_id, input.reason)

    @strawberry.mutation(
        permission_classes=[IsAdmin], description="End a suspension: she is what she was before, and signs in again."
    )
    async def reinstate_person(
        self, info: Info, input: Annotated[ReinstatePersonInput, strawberry.argument(description="Whom, and why.")]
    ) -> PersonFileResult | None:
        return await _decide(info, offices.reinstate, input.person_id, input.reason)

    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="End somebody's second factor, because her telephone is lost or in wrong hands: she is signed out "
        "everywhere. inviteStaff lets her set a password and a second factor anew.",
    )
    async def reset_totp(
        self, info: Info, input: Annotated[ResetTotpInput, strawberry.argument(description="Whose, and why.")]
    ) -> PersonFileResult | None:
        return await _decide(info, offices.reset_totp, input.person_id, input.reason)


def person_of(said: str, field: str = "personId") -> UUID:
    """Whose file, or whose entry in the directory: a lawyer's id is the person's."""
    try:
        return uuid_of(said, "PersonFile", field)
    except Refused:
        return uuid_of(said, "Lawyer", field)


async def _decide(info: Info, act: Callable[..., Awaitable[Any]], said: str, reason: str) -> PersonFile:
    person = person_of(said)
    refuse_if(list(against_reason(reason)))
    async with info.context.write() as session:
        row = await act(session, info.context.door(KeyProvider), viewer(info), person, reason, now(session))
    return PersonFile.of(row)


async def _who_has(info: Info, phone: str) -> UUID | None:
    name = digest_of(info.context.door(KeyProvider), IdentityKind.SMS, phone)
    async with info.context.read() as session:
        await present(session, name)
        return await reads.whose(session, IdentityKind.SMS, name)


async def _files(info: Info, keys: list[str]) -> list[PersonFile | None]:
    rows = await info.context.loader(FileById).load_many([as_uuid(key) for key in keys])
    return [PersonFile.of(row) if row else None for row in rows]


async def _moves(info: Info, keys: list[str]) -> list[Any]:
    if (asking := info.context.viewer) is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        rows = {str(row.id): row for row in await reads.moves(session, asking, [as_uuid(key) for key in keys])}
    return [PersonMove.of(rows[key]) if key in rows else None for key in keys]


NODES: dict[str, Fetch] = {"PersonFile": _files, "PersonMove": _moves}
