"""Legal aid as its applicant sees it, the officers, and the lawyer."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications.loaders import ApplicationById, BasisOf
from app.applications.models import ApplicationKind, AssignmentState
from app.applications.rules.forms import legal_aid as forms
from app.applications.types.application import ServiceApplication
from app.applications.types.forms.legal_aid import LegalAidForm
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.rules.eligibility import LAWS, EligibilityKind, judged
from app.guidance.types.eligibility import Eligibility
from app.vault.models import OWNERS

explain(
    AssignmentState,
    "What came of an assignment.",
    OFFERED="It waits for the lawyer's answer.",
    ACCEPTED="She works on it.",
    DECLINED="She did not take it.",
    LAPSED="She did not answer in time.",
    ENDED="It was taken back, or ended before its time.",
    DONE="It is closed.",
)
BOTH = visible.to(Audience.HANDLER, Audience.ASSIGNED)


@strawberry.type(
    description="An application for legal aid. What it says is opened by who applies, the officer who handles it, her "
    "supervisors, and the lawyer who took it on; the institution's other officers see that there is one.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.HANDLER, Audience.COLLEAGUE, Audience.ASSIGNED)],
)
class LegalAidApplication(ServiceApplication):
    matter: str = strawberry.field(description="What it is about: a code of the form's list of matters.")
    urgent: bool = strawberry.field(
        description="Whether a time limit was less than seven days away when it was sent: aid may come in advance."
    )
    advance: bool = strawberry.field(description="Whether aid was provided in advance: the papers follow.")
    change_asked: bool = strawberry.field(description="Whether another lawyer was asked for, and nobody has answered.")
    reported: bool = strawberry.field(description="Whether the lawyer has reported.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            **cls.common(row),
            matter=row.matter,
            urgent=row.urgent,
            advance=row.advance,
            change_asked=row.change_asked,
            reported=row.reported,
        )

    @strawberry.field(description="What it says now.", directives=[visible.DOSSIER])
    async def form(self, info: Info) -> LegalAidForm | None:
        said = await self.said(info)
        return LegalAidForm.of(said, await self.whole(info)) if isinstance(said, forms.LegalAidForm) else None

    @strawberry.field(
        description="What the rules of eligibility say of it, one by one: those of `checkEligibility`.",
        directives=[visible.DOSSIER],
    )
    async def eligibility(self, info: Info) -> Eligibility | None:
        said = await self.said(info)
        if not isinstance(said, forms.LegalAidForm):
            return None
        kind = EligibilityKind.LEGAL_AID
        return Eligibility.of(judged(kind, forms.answers(said)), LAWS[kind], info.context.language)

    @strawberry.field(
        description="The lawyer who works on it, or was offered it; null where there is none.",
        directives=[visible.DOSSIER],
    )
    async def lawyer(self, info: Info) -> Lawyer | None:
        if self.row.lawyer is None or await info.context.loader(BasisOf).load(self.row.id) is None:
            return None
        row = await info.context.loader(LawyerById).load(self.row.lawyer)
        return Lawyer.of(row) if row else None

    @strawberry.field(
        description="What the lawyer gets for it, in fen; null while it is not recorded.", directives=[BOTH]
    )
    async def subsidy_fen(self, info: Info) -> int | None:
        ground = await info.context.loader(BasisOf).load(self.row.id)
        return self.row.subsidy if ground and ground not in OWNERS else None


@strawberry.type(
    description="A case of legal aid that was offered to a lawyer. Before she accepts she sees what kind of matter it "
    "is, and nothing else.",
    directives=[visible.SELF],
)
class Assignment(Node):
    row: strawberry.Private[Any]
    kind: ApplicationKind = strawberry.field(description="What was applied for.")
    matter: str = strawberry.field(description="What it is about: a code of the form's list of matters.")
    state: AssignmentState = strawberry.field(description="What came of it.")
    offered_at: datetime = strawberry.field(description="When it was offered.")
    due_at: datetime = strawberry.field(description="Until when she answers; then it is offered to another.")
    answered_at: datetime | None = strawberry.field(description="When she answered; null where she did not.")
    ended_at: datetime | None = strawberry.field(description="When it ended for her; null while it has not.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Assignment", row.id),
            row=row,
            kind=ApplicationKind(row.kind),
            matter=row.matter,
            state=AssignmentState(row.state),
            offered_at=row.offered_at,
            due_at=row.due_at,
            answered_at=row.answered_at,
            ended_at=row.ended_at,
        )

    @strawberry.field(description="The case itself, as long as she reads it.")
    async def application(self, info: Info) -> LegalAidApplication | None:
        row = await info.context.loader(ApplicationById).load(self.row.application)
        return LegalAidApplication.of(row) if row else None


AssignmentResult = Annotated[Assignment | Refused, strawberry.union("AssignmentResult", description=PAYLOAD)]
AidResult = Annotated[LegalAidApplication | Refused, strawberry.union("LegalAidApplicationResult", description=PAYLOAD)]
