"""An invitation, as who holds its link sees it, and as the mediator does."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications.rules.forms.mediation import MediationSource
from app.core.ids import public_id
from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.refusals import PAYLOAD, Refused
from app.mediation import models
from app.mediation.rules.inviting import Invitee
from app.mediation.rules.rights import RIGHTS


@strawberry.type(
    description="An invitation to a mediation, for who holds its link. Whoever invites, and to what, it says only "
    "where the door is sent that the code opened; of the file, and of what the other said, nothing.",
    directives=[visible.ANYONE],
)
class MediationInvitation:
    said: strawberry.Private[Invitee]
    phone_end: str = strawberry.field(description="The last four digits of the telephone to which codes go.")
    expires_at: datetime = strawberry.field(description="Until when the link is good.")
    answer: models.Answer | None = strawberry.field(description="What was answered; null where nothing was.")
    joined: bool = strawberry.field(description="Whether an account follows the mediation by it.")
    name: str | None = strawberry.field(description="Who is invited; null without the door.")
    inviter: str | None = strawberry.field(
        description="Who asks for the mediation; null without the door, and where nobody does: the committee offers it."
    )
    source: MediationSource | None = strawberry.field(
        description="Whether somebody applied, the committee offers it, or it was referred to the committee; null "
        "without the door."
    )
    matter: str | None = strawberry.field(
        description="To what kind of dispute: a code of `DisputeKind`; null without the door."
    )

    @classmethod
    def of(cls, row: Any, said: Invitee, inside: bool) -> Self:
        return cls(
            said=said,
            phone_end=said.phone[-4:],
            expires_at=row.expires_at,
            answer=models.Answer(row.answer) if row.answer else None,
            joined=row.person is not None,
            name=said.name if inside else None,
            inviter=said.inviter or None if inside else None,
            source=said.source if inside else None,
            matter=said.matter if inside else None,
        )

    @strawberry.field(
        description="What a mediation is, and which rights and duties she has in it, in the language of "
        "Accept-Language: to be shown before she answers (人民调解工作若干规定第三十条)."
    )
    def rights(self, info: Info) -> list[str]:
        return list(RIGHTS[info.context.language])

    @strawberry.field(description="The committee that mediates: where, and how it is reached.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.said.institution)
        return Institution.of(row) if row else None


@strawberry.type(description="A door that a code has opened.", directives=[visible.ANYONE])
class MediationDoor:
    door: str = strawberry.field(description="To be sent with what follows; good for half an hour, with this link.")
    invitation: MediationInvitation = strawberry.field(description="What it leads to.")


@strawberry.type(description="Somebody who was invited, as the mediator sees it.", directives=[visible.WITHIN])
class MediationInvitee:
    id: strawberry.ID = strawberry.field(description="Of the invitation.")
    name: str = strawberry.field(description="Who.")
    side: models.Side = strawberry.field(description="On which side.")
    phone_end: str = strawberry.field(description="The last four digits of her telephone.")
    made_at: datetime = strawberry.field(description="When she was invited.")
    expires_at: datetime = strawberry.field(description="Until when the link is good.")
    answer: models.Answer | None = strawberry.field(description="What she said; null where nothing.")
    answered_at: datetime | None = strawberry.field(description="When.")
    joined: bool = strawberry.field(description="Whether she follows it with an account of her own.")
    ended: bool = strawberry.field(description="Whether a newer invitation took its place.")

    @classmethod
    def of(cls, row: Any, said: Invitee | None) -> Self:
        return cls(
            id=strawberry.ID(public_id("MediationInvitee", row.id)),
            name=said.name if said else "",
            side=models.Side(row.side),
            phone_end=said.phone[-4:] if said else "",
            made_at=row.made_at,
            expires_at=row.expires_at,
            answer=models.Answer(row.answer) if row.answer else None,
            answered_at=row.answered_at,
            joined=row.person is not None,
            ended=row.ended_at is not None,
        )


MediationInvitationResult = Annotated[
    MediationInvitation | Refused, strawberry.union("MediationInvitationResult", description=PAYLOAD)
]
AnswerInvitationResult = Annotated[
    MediationInvitation | Refused, strawberry.union("AnswerInvitationResult", description=PAYLOAD)
]
OpenInvitationResult = Annotated[MediationDoor | Refused, strawberry.union("OpenInvitationResult", description=PAYLOAD)]
