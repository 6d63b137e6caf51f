"""A mediation as its two sides see it, and the mediator."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications.loaders import ApplicationById, BasisOf
from app.applications.models import FOREVER, ApplicationState, Route
from app.applications.rules import routes
from app.applications.rules.routes import Way
from app.applications.types.application import ServiceApplication
from app.applications.types.results import shown_as
from app.core.errors import Language
from app.core.sealing import KeyProvider
from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.mediation import models
from app.mediation.actions.inviting import invitee_of
from app.mediation.actions.speaking import opened
from app.mediation.loaders import (
    AgreementsOf,
    AssentsOf,
    CalledOf,
    ConfirmationsOf,
    InvitationsOf,
    RecordsOf,
)
from app.mediation.rules.standing import side_of, teller_of, where_of
from app.mediation.types.agreements import CourtConfirmation, MediationAgreement, MediationAssent
from app.mediation.types.invitations import MediationInvitee
from app.vault.loaders import DataKey
from app.vault.types import File, files_of

PARTIES = visible.to(Audience.PARTY, Audience.HANDLER)


@strawberry.type(description="Another way than mediation, with its law.", directives=[visible.WITHIN])
class OtherWay:
    route: Route = strawberry.field(description="Which.")
    text: str = strawberry.field(description="What one does, in the language of Accept-Language.")
    law: str = strawberry.field(description="By which law.")
    article: str = strawberry.field(description="Its article.")

    @classmethod
    def of(cls, way: Way, language: Language) -> Self:
        return cls(
            route=way.route, text=way.zh if language is Language.ZH else way.en, law=way.law, article=way.article
        )


@strawberry.type(
    description="A sheet of the file: of what both sides read, or of what one of them alone does.",
    directives=[visible.WITHIN],
)
class MediationRecord:
    row: strawberry.Private[Any]
    id: strawberry.ID = strawberry.field(description="Of the sheet.")
    where: models.Where = strawberry.field(description="Who reads it.")
    kind: models.RecordKind = strawberry.field(description="What sheet it is.")
    teller: models.Teller = strawberry.field(description="Whose words it holds.")
    at: datetime = strawberry.field(description="When it was written.")
    attended: list[models.Side] = strawberry.field(description="Of SESSION: which sides were there.")
    appointment_ids: list[strawberry.ID] = strawberry.field(description="Of SESSION: the appointments it was.")

    @classmethod
    def of(cls, case: Any, row: Any) -> Self:
        return cls(
            row=row,
            id=global_id("MediationRecord", row.id),
            where=where_of(case, row.subject),
            kind=models.RecordKind(row.kind),
            teller=models.Teller(row.teller),
            at=row.at,
            attended=[models.Side(side) for side in row.attended],
            appointment_ids=[global_id("Appointment", id) for id in row.appointments],
        )

    @strawberry.field(description="The words; null once they were destroyed.")
    async def text(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.subject) if self.row.body else None
        return opened(key, self.row) if key else None

    @strawberry.field(description="Files that came with it.")
    async def attachments(self, info: Info) -> list[File]:
        return await files_of(info, self.row.id)


@strawberry.type(
    description="A mediation, from its registration on, as both sides follow it. What one side tells in confidence the "
    "other never sees.",
    directives=[PARTIES],
)
class Mediation(Node):
    row: strawberry.Private[Any]
    state: ApplicationState = strawberry.field(description="Where it stands.")
    matter: str = strawberry.field(description="What kind of dispute: a code of `DisputeKind`.")
    opened_at: datetime = strawberry.field(description="When it was registered.")
    extended: bool = strawberry.field(description="Whether both have agreed on more time.")
    applied: bool = strawberry.field(
        description="Whether one of the two applied; else the committee offers it, of its own accord or because it was "
        "referred to it (人民调解法第十七条), and begins once both sides consent."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Mediation", row.id),
            row=row,
            state=ApplicationState(row.state),
            matter=row.matter,
            opened_at=row.opened_at,
            extended=row.extended,
            applied=row.applied,
        )

    @strawberry.field(description="Until when the next thing has to be done, or an agreement found.")
    def due_at(self) -> datetime | None:
        return self.row.due_at if self.row.due_at < FOREVER else None

    @strawberry.field(description="The committee.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None

    @strawberry.field(description="How the mediator is called; null while there is none.")
    async def mediator(self, info: Info) -> str | None:
        return await info.context.loader(CalledOf).load(self.row.id)

    @strawberry.field(
        description="On which side the viewer is; null for the mediator.", directives=[visible.to(Audience.PARTY)]
    )
    async def side(self, info: Info) -> models.Side | None:
        own = await info.context.loader(BasisOf).load(self.row.applicant_side)
        teller = teller_of(own, await info.context.loader(BasisOf).load(self.row.respondent_side))
        return side_of(teller) if teller else None

    @strawberry.field(
        description="The application it came from; who applied and the mediator see it, the other side never does.",
        directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.HANDLER)],
    )
    async def application(self, info: Info) -> ServiceApplication | None:
        row = await info.context.loader(ApplicationById).load(self.row.application)
        return shown_as(row) if row else None

    @strawberry.field(description="Who was invited.", directives=[visible.to(Audience.HANDLER)])
    async def invitations(self, info: Info) -> list[MediationInvitee]:
        own = await info.context.loader(BasisOf).load(self.row.applicant_side)
        if teller_of(own, None) is not models.Teller.MEDIATOR:
            return []
        rows, keys = await info.context.loader(InvitationsOf).load(self.row.id), info.context.door(KeyProvider)
        return [MediationInvitee.of(row, invitee_of(keys, row) if row.said else None) for row in rows]

    @strawberry.field(description="The sheets that the viewer may read, in their order.")
    async def records(self, info: Info) -> list[MediationRecord]:
        rows = await info.context.loader(RecordsOf).load(self.row.id)
        return [MediationRecord.of(self.row, row) for row in rows]

    @strawberry.field(description="The agreement on the table, or the one that binds.")
    async def agreement(self, info: Info) -> MediationAgreement | None:
        rows = await info.context.loader(AgreementsOf).load(self.row.id)
        return MediationAgreement.of(rows[0]) if rows else None

    @strawberry.field(
        description="What the sides said to the agreement, to more time, to the court and to carrying over."
    )
    async def assents(self, info: Info) -> list[MediationAssent]:
        return [MediationAssent.of(row) for row in await info.context.loader(AssentsOf).load(self.row.id)]

    @strawberry.field(description="Of an agreement that binds: its confirmation by the court; null where none may be.")
    async def confirmation(self, info: Info) -> CourtConfirmation | None:
        rows = await info.context.loader(ConfirmationsOf).load(self.row.id)
        return CourtConfirmation.of(rows[0]) if rows else None

    @strawberry.field(
        description="The other ways (人民调解法第二十六条), once it has ended without an agreement; and those that are "
        "open where what was agreed on is not done in time."
    )
    async def other_ways(self, info: Info) -> list[OtherWay]:
        ways = routes.told(self.state, self.matter)
        return [OtherWay.of(way, info.context.language) for way in ways]


@strawberry.type(description="Something that happened in a mediation.", directives=[visible.WITHIN])
class MediationEvent:
    kind: str = strawberry.field(description="A move of `ApplicationMove`, or RECORDED, SPOKEN, KEPT, PAPER.")
    at: datetime = strawberry.field(description="When.")
    cursor: str = strawberry.field(description="Its place in the news.")


@strawberry.type(description="A mediation as it stands, and its news since.", directives=[PARTIES])
class MediationUpdates:
    events: list[MediationEvent] = strawberry.field(description="In their order.")
    mediation: Mediation = strawberry.field(description="As it stands now.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Send it as `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The database's time.")


MediationResult = Annotated[Mediation | Refused, strawberry.union("MediationResult", description=PAYLOAD)]
MediationUpdatesResult = Annotated[
    MediationUpdates | Refused, strawberry.union("MediationUpdatesResult", description=PAYLOAD)
]


@strawberry.type(
    description="A mediation, with the link for who was invited to it.", directives=[visible.to(Audience.HANDLER)]
)
class RespondentInvitation:
    token: str = strawberry.field(
        description="The link's secret, to be passed on to her alone: as `pages/mediation?token=` of the mini program, "
        "or as a QR code. A repeat of this request shows it again; nothing else does."
    )
    mediation: Mediation = strawberry.field(description="As it stands now.")


InviteRespondentResult = Annotated[
    RespondentInvitation | Refused, strawberry.union("InviteRespondentResult", description=PAYLOAD)
]
