"""Legal aid as its applicant sees it, the officers, and the lawyer."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.applications import models
from app.applications.actions.applying import opened
from app.applications.actions.drafts import opened as opened_draft
from app.applications.loaders import ApplicationById, BasisOf
from app.applications.models import ApplicationKind, AssignmentState
from app.applications.rules import form as forms
from app.applications.rules.drafts import wiped_at
from app.applications.types.application import ServiceApplication
from app.applications.types.form import LegalAidForm
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.rules.eligibility import LAWS, EligibilityKind, judged
from app.guidance.types.eligibility import Eligibility
from app.vault.loaders import DataKey
from app.vault.models import OWNERS, Basis, FileState
from app.vault.types import File, files_of

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
_WHOLE = OWNERS | {Basis.STAFF}
"""Who sees the numbers of papers whole: whose they are, and the officer who checks them."""
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
            id=global_id("LegalAidApplication", row.id),
            row=row,
            kind=ApplicationKind(row.kind),
            receipt=row.receipt,
            state=models.ApplicationState(row.state),
            submitted_at=row.submitted_at,
            moved_at=row.moved_at,
            matter=row.matter,
            urgent=row.urgent,
            advance=row.advance,
            change_asked=row.change_asked,
            reported=row.reported,
        )

    @strawberry.field(
        description="What it says now; another's opening is written down for who applies to see.",
        directives=[visible.DOSSIER],
    )
    async def form(self, info: Info) -> LegalAidForm | None:
        said = await self._said(info)
        ground = await info.context.loader(BasisOf).load(self.row.id)
        return LegalAidForm.of(said, open_ids=ground in _WHOLE) if said else None

    @strawberry.field(
        description="What the rules of eligibility say of it, one by one: those of `checkEligibility`.",
        directives=[visible.DOSSIER],
    )
    async def eligibility(self, info: Info) -> Eligibility | None:
        said = await self._said(info)
        if said is None:
            return None
        kind = EligibilityKind.LEGAL_AID
        return Eligibility.of(judged(kind, forms.answers(said)), LAWS[kind], info.context.language)

    async def _said(self, info: Info) -> forms.LegalAidForm | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.body else None
        return forms.loaded(opened(key, self.row).encode()) if key else None

    @strawberry.field(description="What was sent with it at first.", directives=[visible.DOSSIER])
    async def materials(self, info: Info) -> list[File]:
        return [file for file in await files_of(info, self.row.id) if file.state != FileState.GONE]

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


@strawberry.type(
    description="What somebody is writing before she applies, on any of her devices.", directives=[visible.SELF]
)
class ApplicationDraft(Node):
    row: strawberry.Private[Any]
    kind: ApplicationKind = strawberry.field(description="What she means to apply for.")
    revision: int = strawberry.field(description="The revision that is kept; save with a greater one.")
    saved_at: datetime = strawberry.field(description="When it was last saved.")
    expires_at: datetime = strawberry.field(description="When it is wiped unless it is saved again: 30 days later.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("ApplicationDraft", row.id),
            row=row,
            kind=ApplicationKind(row.kind),
            revision=row.revision,
            saved_at=row.saved_at,
            expires_at=wiped_at(row.saved_at),
        )

    @strawberry.field(description="What she wrote so far; null once it was sent, discarded or wiped.")
    async def form(self, info: Info) -> LegalAidForm | None:
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.content else None
        return LegalAidForm.of(forms.loaded(opened_draft(key, self.row).encode()), open_ids=True) if key else None


@strawberry.type(description="Something that happened to an application.", directives=[visible.WITHIN])
class ApplicationEvent:
    move: models.Move = strawberry.field(description="The step that was made.")
    at: datetime = strawberry.field(description="When.")
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")


@strawberry.type(description="An application as it stands, and its news.", directives=[visible.WITHIN])
class ApplicationUpdates:
    events: list[ApplicationEvent] = strawberry.field(description="What happened since the cursor, oldest first.")
    application: LegalAidApplication = strawberry.field(description="How it stands now.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The server's clock when this was read.")


@strawberry.type(
    description="An application that went to another institution: nobody of this one sees it any more.",
    directives=[visible.WITHIN],
)
class ApplicationTransferred:
    receipt: str = strawberry.field(description="Its number, which stays.")


ApplicationResult = Annotated[
    LegalAidApplication | Refused, strawberry.union("LegalAidApplicationResult", description=PAYLOAD)
]
TransferResult = Annotated[
    ApplicationTransferred | Refused, strawberry.union("TransferApplicationResult", description=PAYLOAD)
]
AssignmentResult = Annotated[Assignment | Refused, strawberry.union("AssignmentResult", description=PAYLOAD)]
ApplicationDraftResult = Annotated[
    ApplicationDraft | Refused, strawberry.union("ApplicationDraftResult", description=PAYLOAD)
]
ApplicationUpdatesResult = Annotated[
    ApplicationUpdates | Refused, strawberry.union("ApplicationUpdatesResult", description="News, or why not.")
]
