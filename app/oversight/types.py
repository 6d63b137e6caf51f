"""A task as supervisors see it: no question, no answer, no name."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.consultation.loaders.petitions import PetitionById
from app.consultation.models import Outcome
from app.consultation.rules.lateness import LateReason
from app.consultation.types.petitions import Petition
from app.core.errors import refuse
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.types.categories import Category
from app.notices.models import Template
from app.outside.post import Channel
from app.oversight.models import TaskKind
from app.places.types import Division

explain(
    TaskKind,
    "What a supervisor sees to.",
    BREACH="A promise was broken: find out why lawyers did not come, within half an hour.",
    CALLBACK="A resident wants to be called.",
    LOW_RATING="An answer got one star or two: see to it within two working days.",
    APPEAL="A resident says that a question was blocked by mistake: decide within two working days.",
    MISCONFIGURED="A provider refuses our messages for our own settings (template, page, field, sign, capability): "
    "have them mended within two hours. Done by itself once such a message gets through; comes again if it is "
    "called done and is not.",
    HOT_ISSUE="Something is asked about much more than usual (`hotIssues`): see what is behind it within two working "
    "days, and send what helps there, an article or a mediator.",
)


@strawberry.type(
    description="Something a supervisor must see to. It says nothing of what was asked or by whom.",
    directives=[visible.to(Audience.SUPERVISOR)],
)
class Task(Node):
    row: strawberry.Private[Any]
    kind: TaskKind = strawberry.field(description="What is to be seen to.")
    made_at: datetime = strawberry.field(description="When it came up.")
    due_at: datetime = strawberry.field(description="Until when it is to be done.")
    overdue: bool = strawberry.field(description="Whether its time ran out before it was done. Late stays late.")
    escalated: int = strawberry.field(description="How often all supervisors were told that it is overdue.")
    taken: bool = strawberry.field(description="Whether somebody has taken it.")
    mine: bool = strawberry.field(description="Whether it was the viewer who took it.")
    taken_at: datetime | None = strawberry.field(description="Since when somebody has it.")
    done_at: datetime | None = strawberry.field(description="When it was done, null until then.")
    outcome: Outcome | None = strawberry.field(description="What came of it, null until it is done.")
    late_reason: LateReason | None = strawberry.field(
        description="Of BREACH: why the answers were not there in time; else null."
    )
    channel: Channel | None = strawberry.field(description="Of MISCONFIGURED: whose provider refuses; else null.")
    template: Template | None = strawberry.field(description="Of MISCONFIGURED: on which template; else null.")

    @classmethod
    def of(cls, row: Any, viewer: UUID, now: datetime) -> "Task":
        return cls(
            id=global_id("Task", row.id),
            row=row,
            kind=TaskKind(row.kind),
            made_at=row.made_at,
            due_at=row.due_at,
            overdue=(row.done_at or now) > row.due_at,
            escalated=row.escalated,
            taken=row.taken_by is not None,
            mine=row.taken_by == viewer,
            taken_at=row.taken_at,
            done_at=row.done_at,
            outcome=Outcome(row.outcome) if row.outcome else None,
            late_reason=LateReason(row.late_reason) if row.late_reason else None,
            channel=Channel(row.channel) if row.channel else None,
            template=Template(row.template) if row.template else None,
        )

    @strawberry.field(
        description="What the question was about when the task came up, or what many ask; null where it is neither."
    )
    def category(self) -> Category | None:
        return Category.of(self.row.category) if self.row.category else None

    @strawberry.field(description="The town it comes from; null where it is about no question, or the whole city.")
    def town(self) -> Division | None:
        return Division.of(self.row.town) if self.row.town else None

    @strawberry.field(
        description="What the resident asks, for callbacks and appeals: readable while the viewer has the task, and "
        "the resident sees that it was opened. "
        "A minor's is refused (MINOR_ACCESS_NEEDED) until another has approved it.",
        directives=[visible.to(Audience.TAKER)],
    )
    async def petition(self, info: Info) -> Petition | None:
        if not self.mine or self.done_at or self.kind not in (TaskKind.CALLBACK, TaskKind.APPEAL):
            return None
        row = await info.context.loader(PetitionById).load(self.row.about)
        if row is None:  # it is her task, and not hers to read
            raise refuse(MINOR_ACCESS_NEEDED)
        return Petition.of(row)


TakeTaskResult = Annotated[Task | Refused, strawberry.union("TakeTaskResult", description=PAYLOAD)]
ReturnTaskResult = Annotated[Task | Refused, strawberry.union("ReturnTaskResult", description=PAYLOAD)]
CompleteTaskResult = Annotated[Task | Refused, strawberry.union("CompleteTaskResult", description=PAYLOAD)]
