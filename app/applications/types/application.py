"""What every application has, whatever it is for: where it stands, what runs, who did what."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from app.applications import models
from app.applications.actions.moving import opened, reason_of
from app.applications.loaders import Attended, BasisOf, StepsOf, ViewersPost
from app.applications.models import FOREVER, By, Move
from app.applications.rules.forms import Form, read
from app.applications.rules.machine import MACHINES
from app.applications.rules.routes import WAYS
from app.applications.rules.standing import facts_of, roles_of
from app.applications.types.forms import ApplicationForm, shown_form
from app.core.errors import Language
from app.directory.loaders import InstitutionById, LawyerById, PostOf
from app.directory.types import Lawyer
from app.directory.types.posts import Post
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.visible import Audience
from app.papers.loaders import PapersOf
from app.papers.types import Paper
from app.vault.loaders import AccessesOf, DataKey, FileById, StaffReadings
from app.vault.models import OWNERS, Basis, FileState
from app.vault.types import File, files_of

explain(
    models.ApplicationState,
    "Where an application stands.",
    "ServiceApplicationState",
    **{state: f"{words.zh}. {words.en}" for one in reversed(MACHINES.values()) for state, words in one.states.items()},
)
explain(
    models.Move,
    "What can be done with an application, and was.",
    "ApplicationMove",
    **{row.move: f"{row.zh}. {row.en}" for one in reversed(MACHINES.values()) for row in one.rows},
)
explain(
    By,
    "As what somebody makes a step.",
    "StepBy",
    APPLICANT="Who applies, or acts for her by her consent.",
    STAFF="An officer of the institution.",
    OFFICER="The officer who handles it, or her supervisor.",
    SUPERVISOR="A supervisor of the institution.",
    LAWYER="The lawyer to whom it was offered, or who took it on.",
    NOTARY="The notary of the office who handles it.",
    RESPONDENT="Who was invited to a mediation, with an account or by an invitation.",
    HOUSE="Nobody: a time ran out, an account was closed, or both sides of a mediation have said yes.",
)
explain(
    models.Clock,
    "What runs until something has to be done. Days are the calendar's, and end at midnight in the city.",
    "StatutoryClock",
    REVIEW="Seven days to decide (法律援助法第四十三条); they stand still while something is to be supplied.",
    SUPPLEMENT="The applicant's days to supply what is missing; then it counts as withdrawn.",
    ASSIGN="Three days from the decision to assign a lawyer (法律援助法第四十三条).",
    OBJECTION="Five days to decide an objection (法律援助法第四十九条).",
    REGISTER="Three working days to register an application for mediation, or to say why not.",
    INVITE="Ten days to invite the other side, and for her answer.",
    MEDIATE="Thirty days for an agreement, from the consent of both.",
    EXTENSION="Thirty days more, that both agreed on.",
    PRE_REVIEW="Three working days to look at papers before a notary accepts them.",
    CERTIFY="Fifteen working days to issue the certificate (公证法第三十条); they stand still for three reasons alone.",
    RECHECK="Thirty days to look into a certificate that is said to be wrong (公证程序规则第六十四条).",
)
explain(
    models.Channel,
    "Which way a step of an application came.",
    "StepChannel",
    ONLINE="From a telephone or a computer.",
    WINDOW="At a window.",
    HOUSE="By itself: a time ran out, or an account was closed.",
)
explain(
    models.Route,
    "Another way than mediation.",
    "OtherRoute",
    **{way.route: f"{way.zh}. {way.en}" for way in WAYS.values()},
)
explain(
    models.DeclinedFor,
    "Why a lawyer does not take a case of legal aid.",
    "AssignmentDeclinedFor",
    CONFLICT="A conflict of interest.",
    NOT_MY_FIELD="Not her field.",
    BUSY="She has too much to do.",
    OTHER="Another reason.",
)

explain(
    models.RecusalGround,
    "Why somebody of the staff steps back from an application.",
    "OfficerRecusalGround",
    RELATIVE="She or a near relative of hers is a side of it (本人或者近亲属).",
    INTEREST="She or a near relative of hers has an interest in it (利害关系).",
    OTHER="Another relation that may keep her from being impartial.",
)


@strawberry.type(
    description="What runs, since when and until when. Both sides see the same.", directives=[visible.WITHIN]
)
class RunningClock:
    kind: models.Clock = strawberry.field(description="What has to be done until then.")
    since: datetime = strawberry.field(description="From when it is counted.")
    due_at: datetime = strawberry.field(description="Until when; what it stood still for is in it already.")
    overdue: bool = strawberry.field(description="Whether it is over, and nothing was done.")


WHOLE = OWNERS | {Basis.STAFF}
"""Who sees the numbers of papers whole: whose they are, and the officer who checks them."""


@strawberry.type(
    description="A step of an application. Nobody can change one or take it out.", directives=[visible.WITHIN]
)
class ApplicationStep:
    row: strawberry.Private[Any]
    move: Move = strawberry.field(description="What was done.")
    before: models.ApplicationState = strawberry.field(description="Where it stood.")
    after: models.ApplicationState = strawberry.field(description="Where it stands since.")
    by: By = strawberry.field(description="As what it was done.")
    at: datetime = strawberry.field(description="When.")
    channel: models.Channel = strawberry.field(description="Which way it came.")
    declined_for: models.DeclinedFor | None = strawberry.field(description="Of DECLINE: why.")
    recused_for: models.RecusalGround | None = strawberry.field(description="Of STEP_BACK: why.")
    other_route: models.Route | None = strawberry.field(
        description="Of NOT_ELIGIBLE: where one goes instead, and to which authority; `reason` says it in words."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            row=row,
            move=Move(row.move),
            before=models.ApplicationState(row.before),
            after=models.ApplicationState(row.after),
            by=By(row.by_whom),
            at=row.at,
            channel=models.Channel(row.channel),
            declined_for=models.DeclinedFor(row.code) if row.move == Move.DECLINE else None,
            recused_for=models.RecusalGround(row.code) if row.move == Move.STEP_BACK else None,
            other_route=models.Route(row.code) if row.move == Move.NOT_ELIGIBLE and row.code else None,
        )

    @strawberry.field(description="By which article, if one says so.")
    def article(self, info: Info) -> str | None:
        line = MACHINES[models.ApplicationKind(self.row.kind)].row(self.move, self.row.before)
        return line.article if line else None

    @strawberry.field(description="The same in words, in the language of Accept-Language.")
    def text(self, info: Info) -> str:
        line = MACHINES[models.ApplicationKind(self.row.kind)].row(self.move, self.row.before)
        assert line is not None  # the database refers each step to its line
        return line.zh if info.context.language is Language.ZH else line.en

    @strawberry.field(description="Why, or what is missing, or what was reported: in the words of who did it.")
    async def reason(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.application) if self.row.reason else None
        return reason_of(key, self.row) if key else None

    @strawberry.field(description="Files that came with it.")
    async def attachments(self, info: Info) -> list[File]:
        return await files_of(info, self.row.id)

    @strawberry.field(description="Of OFFER: to whom.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(self.row.lawyer) if self.row.lawyer else None
        return Lawyer.of(row) if row else None


@strawberry.type(
    description="An opening of an application by somebody else than who applies.", directives=[visible.WITHIN]
)
class ApplicationReading:
    part: strawberry.Private[UUID | None]
    at: datetime = strawberry.field(description="When the key was given; once a quarter of an hour at most.")
    basis: str = strawberry.field(description="On what ground: staff, supervisor, assigned or delegate.")
    called: str | None = strawberry.field(
        description="How who read it is called, by the post she has, or had last; null for who has none."
    )

    @strawberry.field(description="The file that was opened; null for what was written.")
    async def file(self, info: Info) -> File | None:
        row = await info.context.loader(FileById).load(self.part) if self.part else None
        return File.of(row) if row else None


@strawberry.interface(description="What somebody applies for at an institution, and how far it has come.")
class ServiceApplication(Node):
    row: strawberry.Private[Any]
    kind: models.ApplicationKind = strawberry.field(description="For what.")
    receipt: str = strawberry.field(description="The number to give on the telephone.")
    state: models.ApplicationState = strawberry.field(description="Where it stands.")
    submitted_at: datetime = strawberry.field(description="When it was sent.")
    moved_at: datetime = strawberry.field(description="When its last step was made.")

    @classmethod
    def common(cls, row: Any) -> dict[str, Any]:
        """What is said of every kind alike."""
        return {
            "id": global_id(cls.__name__, row.id),
            "row": row,
            "kind": models.ApplicationKind(row.kind),
            "receipt": row.receipt,
            "state": models.ApplicationState(row.state),
            "submitted_at": row.submitted_at,
            "moved_at": row.moved_at,
        }

    @strawberry.field(description="What runs now; null where nothing does.")
    def clock(self, info: Info) -> RunningClock | None:
        if not self.row.clock or self.row.due_at >= FOREVER:
            return None
        overdue = self.row.due_at <= info.context.now
        return RunningClock(
            kind=models.Clock(self.row.clock), since=self.row.clock_since, due_at=self.row.due_at, overdue=overdue
        )

    @strawberry.field(
        description="Whether somebody of the institution can handle it. False where all who could have stepped back, "
        "or left: it can be withdrawn and sent to another institution. Told to who reads it."
    )
    async def attended(self, info: Info) -> bool | None:
        return await info.context.loader(Attended).load(self.row.id)

    @strawberry.field(description="The institution it is with; null once that no longer stands in the register.")
    async def institution(self, info: Info) -> Institution | None:
        row = await info.context.loader(InstitutionById).load(self.row.institution)
        return Institution.of(row) if row else None

    @strawberry.field(
        description="What it says now; another's opening is written down for who applies to see.",
        directives=[visible.DOSSIER],
    )
    async def form(self, info: Info) -> ApplicationForm | None:
        said = await self.said(info)
        return shown_form(said, open_ids=await self.whole(info)) if said else None

    async def whole(self, info: Info) -> bool:
        """Whether the viewer sees the numbers of papers whole."""
        return await info.context.loader(BasisOf).load(self.row.id) in WHOLE

    async def said(self, info: Info) -> Form | None:
        """The form, for who has the application's key."""
        key = await info.context.loader(DataKey).load(self.row.id) if self.row.body else None
        return read(self.row.kind, opened(key, self.row)) if key else None

    @strawberry.field(description="What was sent with it at first.", directives=[visible.DOSSIER])
    async def materials(self, info: Info) -> list[File]:
        return [file for file in await files_of(info, self.row.id) if file.state != FileState.GONE]

    @strawberry.field(
        description="Who handles it; null where nobody does yet.",
        directives=[visible.to(Audience.HANDLER, Audience.COLLEAGUE)],
    )
    async def officer(self, info: Info) -> Post | None:
        row = await info.context.loader(PostOf).load(self.row.officer) if self.row.officer else None
        return Post.of(row) if row else None

    @strawberry.field(description="Its steps, in their order.", directives=[visible.DOSSIER])
    async def steps(self, info: Info) -> list[ApplicationStep]:
        return [ApplicationStep.of(row) for row in await info.context.loader(StepsOf).load(self.row.id)]

    @strawberry.field(
        description="Papers that its steps made, to be printed and verified, in their order.",
        directives=[visible.DOSSIER],
    )
    async def papers(self, info: Info) -> list[Paper]:
        return [Paper.of(row) for row in await info.context.loader(PapersOf).load(self.row.id)]

    @strawberry.field(description="What the viewer may do with it now.")
    async def allowed(self, info: Info) -> list[Move]:
        me = viewer(info)
        ground = await info.context.loader(BasisOf).load(self.row.id)
        by = roles_of(self.row, me.id, ground, await info.context.loader(ViewersPost).load(me.id))
        steps = await info.context.loader(StepsOf).load(self.row.id)
        machine = MACHINES[models.ApplicationKind(self.row.kind)]
        return machine.allowed(self.row.state, by, facts_of(self.row, steps, me.id, info.context.now))

    @strawberry.field(
        description="When others opened it, newest first; shown to who applies alone.",
        directives=[visible.to(Audience.ASKER)],
    )
    async def readings(self, info: Info) -> list[ApplicationReading]:
        rows = await info.context.loader(AccessesOf).load(self.row.id)
        staff = {(row.at, row.part): row.called for row in await info.context.loader(StaffReadings).load(self.row.id)}
        return [
            ApplicationReading(
                at=row.at,
                basis=row.basis,
                called=staff.get((row.at, row.part)),
                part=row.part if row.part != row.subject else None,
            )
            for row in rows
        ]
