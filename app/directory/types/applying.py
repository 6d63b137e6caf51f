"""A lawyer's application, as she sees it, and the administrators."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.core.sealing import KeyProvider
from app.directory.actions.applying import opened, reason_of
from app.directory.loaders import LawyerById
from app.directory.models import ApplicationState, Gender, Pool
from app.directory.rules.applying import Application
from app.directory.rules.licence import licence_of, pool_of
from app.directory.types import Lawyer, Specialty
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.places.types import Division
from app.vault.loaders import AccessesOf, DataKey, FileById
from app.vault.models import FileState
from app.vault.types import File, files_of

explain(
    ApplicationState,
    "Where a lawyer's application stands.",
    OPEN="It waits for a decision.",
    APPROVED="She stands in the directory.",
    REFUSED="She was not admitted; `reason` says why.",
    WITHDRAWN="She took it back.",
)


@strawberry.type(description="What a lawyer says of herself who applies.", directives=[visible.WITHIN])
class ApplicationDetails:
    said: strawberry.Private[Application]
    name: str = strawberry.field(description="Her name, as in the licence.")
    licence: str = strawberry.field(description="The number of her licence, 17 digits.")
    firm: str = strawberry.field(description="The registered name of her firm.")
    languages: list[str] = strawberry.field(description="Languages and dialects she speaks.")
    introduction: str = strawberry.field(description="What everybody may read of her; may be empty.")
    gender: Gender | None = strawberry.field(description="Her gender, as the number of the licence says.")
    first_year: int | None = strawberry.field(description="The year in which she first practised, as the number says.")
    pool: Pool | None = strawberry.field(description="Where she would practise, seen from the city.")

    @classmethod
    def of(cls, said: Application) -> Self:
        licence = licence_of(said.licence)
        return cls(
            said=said,
            name=said.name,
            licence=said.licence,
            firm=said.firm,
            languages=said.languages,
            introduction=said.introduction,
            gender=licence.gender if licence else None,
            first_year=licence.year if licence else None,
            pool=pool_of(licence, said.division) if licence else None,
        )

    @strawberry.field(description="What she practises, of the first level of `categories`.")
    def specialties(self) -> list[Specialty]:
        return [Specialty(code=code) for code in self.said.specialties]

    @strawberry.field(description="Where in the city her firm is; null where it is elsewhere.")
    def division(self) -> Division | None:
        return Division.of(self.said.division) if self.said.division else None


@strawberry.type(description="An opening of an application by an administrator.", directives=[visible.WITHIN])
class ApplicationAccess:
    part: strawberry.Private[UUID | None]
    at: datetime = strawberry.field(description="When the key was given; once a quarter of an hour at most.")

    @strawberry.field(description="The picture that was opened; null for what was written.")
    async def picture(self, info: Info) -> File | None:
        row = await info.context.loader(FileById).load(self.part) if self.part else None
        return File.of(row) if row else None


@strawberry.type(
    description="A lawyer's wish to stand in the directory. Administrators see that there is one; what it says and the "
    "pictures of her licence are opened by her, and by the one administrator who checks it until it is decided. Some "
    "time after that both are destroyed.",
    directives=[visible.to(Audience.SELF, Audience.ADMIN)],
)
class LawyerApplication(Node):
    row: strawberry.Private[Any]
    state: ApplicationState = strawberry.field(description="Where it stands.")
    made_at: datetime = strawberry.field(description="When she applied.")
    decided_at: datetime | None = strawberry.field(description="When it was decided or taken back, null until then.")
    kept_until: datetime | None = strawberry.field(
        description="When what she sent is destroyed; null while it is open. A legal hold may keep it longer."
    )
    taken: bool = strawberry.field(description="Whether an administrator checks it now.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("LawyerApplication", row.id),
            row=row,
            state=ApplicationState(row.state),
            made_at=row.made_at,
            decided_at=row.decided_at,
            kept_until=row.keep_until,
            taken=row.state == ApplicationState.OPEN and row.checker is not None,
        )

    @strawberry.field(description="Whether it is the viewer who checks it now.", directives=[visible.CHECKED])
    def mine(self, info: Info) -> bool:
        checks = info.context.viewer is not None and info.context.viewer.id == self.row.checker
        return self.taken and checks

    @strawberry.field(
        description="What she wrote; an administrator's opening is written down for her to see.",
        directives=[visible.APPLICATION],
    )
    async def details(self, info: Info) -> ApplicationDetails | None:
        key = await info.context.loader(DataKey).load(self.row.id)
        return ApplicationDetails.of(opened(key, self.row)) if key and self.row.body else None

    @strawberry.field(
        description="Her licence; a picture that an administrator fetches is written down for her to see.",
        directives=[visible.APPLICATION],
    )
    async def pictures(self, info: Info) -> list[File]:
        return [file for file in await files_of(info, self.row.id) if file.state != FileState.GONE]

    @strawberry.field(description="Why it was decided so; null while it is not, and for what was taken back.")
    def reason(self, info: Info) -> str | None:
        return reason_of(info.context.door(KeyProvider), self.row)

    @strawberry.field(description="Her entry in the directory, once she is admitted.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        if self.row.state != ApplicationState.APPROVED:
            return None
        row = await info.context.loader(LawyerById).load(self.row.person)
        return Lawyer.of(row) if row else None

    @strawberry.field(
        description="When administrators opened it, newest first; shown to her alone.", directives=[visible.SELF]
    )
    async def accesses(self, info: Info) -> list[ApplicationAccess]:
        rows = await info.context.loader(AccessesOf).load(self.row.id)
        return [ApplicationAccess(at=row.at, part=row.part if row.part != row.subject else None) for row in rows]


ApplyAsLawyerResult = Annotated[
    LawyerApplication | Refused, strawberry.union("ApplyAsLawyerResult", description=PAYLOAD)
]
WithdrawResult = Annotated[
    LawyerApplication | Refused, strawberry.union("WithdrawLawyerApplicationResult", description=PAYLOAD)
]
CheckResult = Annotated[
    LawyerApplication | Refused, strawberry.union("CheckLawyerApplicationResult", description=PAYLOAD)
]
DecideResult = Annotated[
    LawyerApplication | Refused, strawberry.union("DecideLawyerApplicationResult", description=PAYLOAD)
]
