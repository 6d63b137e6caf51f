"""Applying to stand in the directory, and deciding about it."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.rules.offices import against_reason
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.directory.actions import applying as actions
from app.directory.loaders import ApplicationById
from app.directory.reads import applying as reads
from app.directory.rules.applying import Application
from app.directory.types.applying import (
    ApplyAsLawyerResult,
    CheckResult,
    DecideResult,
    LawyerApplication,
    WithdrawResult,
)
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsAdmin, IsResident


@strawberry.input(description="Who you are, and your licence to practise.")
class ApplyAsLawyerInput:
    name: str = strawberry.field(description="Your name, as in the licence, 2 to 30 characters.")
    licence: str = strawberry.field(description="The number of your licence, 17 digits.")
    firm: str = strawberry.field(description="The registered name of your firm, 4 to 60 characters.")
    specialties: list[str] = strawberry.field(
        description="Codes of what you practise, of the first level of `categories`, 1 to 6."
    )
    division_code: str | None = strawberry.field(
        default=None, description="The division of the city in which your firm is; left out where it is elsewhere."
    )
    languages: list[str] = strawberry.field(
        default_factory=lambda: ["普通话"], description="Languages and dialects you speak, by name, 1 to 6."
    )
    introduction: str = strawberry.field(
        default="", description="What everybody may read of you, at most 300 characters."
    )
    pictures: list[strawberry.ID] = strawberry.field(
        description="Your licence: files of yours of the kind PICTURE, READY and not used yet, 1 to 9."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")

    def plain(self) -> tuple[Application, list[UUID]]:
        said = Application(
            name=self.name,
            licence=self.licence,
            firm=self.firm,
            specialties=self.specialties,
            division=self.division_code,
            languages=self.languages,
            introduction=self.introduction,
        )
        return said, [uuid_of(id, "File", f"pictures.{place}") for place, id in enumerate(self.pictures)]


@strawberry.input(description="The application that you take back.")
class WithdrawLawyerApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="One of yours that is open.")


@strawberry.input(description="The application that you look into.")
class CheckLawyerApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="One that is open, and not your own.")


@strawberry.input(description="What becomes of an application, and why.")
class DecideLawyerApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="One that you check.")
    approve: bool = strawberry.field(description="True admits her, false does not.")
    reason: str = strawberry.field(
        description="Why, 4 to 300 characters: she reads it, and it stays in the record. Name nobody else in it."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class ApplyingQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="Your newest application as a lawyer; null where you made none."
    )
    async def viewer_lawyer_application(self, info: Info) -> LawyerApplication | None:
        async with info.context.read() as session:
            row = await reads.newest(session, viewer(info))
        return LawyerApplication.of(row) if row else None

    @strawberry.field(
        permission_classes=[IsAdmin],
        description="Lawyers' applications: those that are open, who waits longest first; or the others, newest first.",
    )
    async def lawyer_applications(
        self,
        info: Info,
        open: Annotated[bool, strawberry.argument(description="False for those that are no longer open.")] = True,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LawyerApplication] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.application_page(session, viewer(info), wanted, open)
        found: Connection[LawyerApplication] = connect(
            wanted, rows, lambda row: (row.made_at, row.id), LawyerApplication.of
        )
        return found


@strawberry.type
class ApplyingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Apply to stand in the directory and to answer questions. One application is open at a time; you "
        "are told of the decision.",
    )
    async def apply_as_lawyer(
        self, info: Info, input: Annotated[ApplyAsLawyerInput, strawberry.argument(description="Who you are.")]
    ) -> ApplyAsLawyerResult | None:
        said, pictures = input.plain()
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.apply(session, viewer(info), keys, said, pictures, key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Take an application back: what you wrote and sent with it is destroyed at once.",
    )
    async def withdraw_lawyer_application(
        self,
        info: Info,
        input: Annotated[WithdrawLawyerApplicationInput, strawberry.argument(description="Which one.")],
    ) -> WithdrawResult | None:
        id = _id_of(input.application_id)
        async with info.context.write() as session:
            await actions.withdraw(session, viewer(info), id, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="Look into an application. From now on you open it and its pictures until it is decided; whoever "
        "checked it before does no longer, and the applicant sees what was opened when.",
    )
    async def check_lawyer_application(
        self,
        info: Info,
        input: Annotated[CheckLawyerApplicationInput, strawberry.argument(description="Which one.")],
    ) -> CheckResult | None:
        id = _id_of(input.application_id)
        async with info.context.write() as session:
            await actions.check(session, viewer(info), id)
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="Decide an application that you check. Who is approved stands in the directory at once; the "
        "decision stays in her file, and what she sent is destroyed later on (`keptUntil`).",
    )
    async def decide_lawyer_application(
        self,
        info: Info,
        input: Annotated[DecideLawyerApplicationInput, strawberry.argument(description="Which one, and how.")],
    ) -> DecideResult | None:
        id = _id_of(input.application_id)
        refuse_if(list(against_reason(input.reason)))
        async with info.context.write() as session:
            keys, how = info.context.door(KeyProvider), (input.approve, input.reason, input.idempotency_key)
            await actions.decide(session, viewer(info), keys, id, *how, now(session))
        return await _shown(info, id)


def _id_of(said: str) -> UUID:
    return uuid_of(said, "LawyerApplication", "applicationId")


async def _shown(info: Info, application: UUID) -> LawyerApplication:
    row = await info.context.loader(ApplicationById).load(application)
    if row is None:
        raise refuse(NOT_FOUND, "applicationId")
    return LawyerApplication.of(row)


async def _applications(info: Info, keys: list[str]) -> list[LawyerApplication | None]:
    rows = await info.context.loader(ApplicationById).load_many([as_uuid(key) for key in keys])
    return [LawyerApplication.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"LawyerApplication": _applications}
