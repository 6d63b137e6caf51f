"""What is asked after the first answer, and whom it waits for."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.consultation.loaders import LogOfQuestion, PolicyByVersion
from app.consultation.loaders.following import FollowUpsOfQuestion, InquiriesOfQuestion
from app.consultation.models import FollowUpState
from app.consultation.reads.following import SHOWN
from app.consultation.rules import following as rules
from app.consultation.rules.following import InquiryKind, WaitingOn
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.threads.loaders import MessageById, ThreadAbout
from app.threads.types import Message, Thread

explain(
    FollowUpState,
    "How a follow-up stands.",
    WAITING="It waits for a lawyer.",
    ANSWERED="A lawyer replied, or a new lawyer answered the question.",
    STOPPED="No reply is needed: the asker says so, or the question is over.",
)
explain(
    InquiryKind,
    "What a lawyer needs to know.",
    AMOUNT="How much it is about.",
    DATE="When it happened, or since when.",
    CONTRACT="What was agreed, and whether in writing.",
    EVIDENCE="What can be shown.",
    PARTIES="Who took part.",
    PLACE="Where it happened.",
    OTHER="Something else.",
)
explain(
    WaitingOn,
    "Whose turn it is, as far as the viewer may know.",
    LAWYER="Lawyers': promised answers are missing, or a follow-up waits.",
    ASKER="The asker's: a lawyer asked back, or words must be changed before it can be sent.",
    NONE="Nobody's: it goes on when somebody says something.",
)


@strawberry.type(
    description="A follow-up's clock. Its time is shorter by day than by night, and while a lawyer waits for the asker "
    "it stands still.",
    directives=[visible.WITHIN],
)
class FollowUpClock:
    due_at: datetime | None = strawberry.field(description="When a reply is due; null while the clock stands still.")
    reached_at: datetime | None = strawberry.field(description="When the first reply came, null while none has.")
    late: bool = strawberry.field(description="Whether the time ran out first. Late stays late.")


@strawberry.type(
    description="The asker asks back, one lawyer who answered or all of them.", directives=[visible.READERS]
)
class FollowUp(Node):
    row: strawberry.Private[Any]
    state: FollowUpState = strawberry.field(description="How it stands.")
    stage: int = strawberry.field(
        description="To whom it is put: 0 its addressee, 1 all who answered, 2 further lawyers too."
    )
    asked_at: datetime = strawberry.field(description="When it was asked.")
    ended_at: datetime | None = strawberry.field(description="When it was answered or stopped.")

    @classmethod
    def of(cls, row: Any) -> "FollowUp":
        return cls(
            id=global_id("FollowUp", row.id),
            row=row,
            state=FollowUpState(row.state),
            stage=row.stage,
            asked_at=row.asked_at,
            ended_at=row.ended_at,
        )

    @strawberry.field(description="How long it may wait; null for thanks and whatever else needed no reply.")
    async def clock(self, info: Info) -> FollowUpClock | None:
        if rules.never_waited(self.row):
            return None
        log = await info.context.loader(LogOfQuestion).load(self.row.question)
        policy = await info.context.loader(PolicyByVersion).load(self.row.policy)
        found = rules.clock(self.row, rules.pauses_of(log), policy, info.context.now)
        return FollowUpClock(due_at=found.due_at, reached_at=found.reached_at, late=found.late) if found else None

    @strawberry.field(description="The lawyer it was put to at first; null for all.")
    async def to(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(self.row.lawyer) if self.row.lawyer else None
        return Lawyer.of(row) if row else None

    @strawberry.field(description="What was asked.")
    async def message(self, info: Info) -> Message | None:
        return await _message(info, self.row.id)


@strawberry.type(
    description="A lawyer asks the asker back. The clocks of the question stand still until she replies, or it is "
    "resolved.",
    directives=[visible.to(Audience.ASKER, Audience.DELEGATE, Audience.ANSWERED, Audience.AUTHOR)],
)
class Inquiry(Node):
    row: strawberry.Private[Any]
    kinds: list[InquiryKind] = strawberry.field(description="What the lawyer needs to know.")
    asked_at: datetime = strawberry.field(description="When it was sent: from here the clocks stand still.")
    replied_at: datetime | None = strawberry.field(description="When the asker replied, null while she has not.")

    @classmethod
    def of(cls, row: Any) -> "Inquiry":
        return cls(
            id=global_id("Inquiry", row.id),
            row=row,
            kinds=[InquiryKind(kind) for kind in row.kinds],
            asked_at=row.asked_at,
            replied_at=row.replied_at,
        )

    @strawberry.field(description="Who asks.")
    async def lawyer(self, info: Info) -> Lawyer | None:
        row = await info.context.loader(LawyerById).load(self.row.lawyer)
        return Lawyer.of(row) if row else None

    @strawberry.field(description="What is asked, in the lawyer's words.")
    async def message(self, info: Info) -> Message | None:
        return await _message(info, self.row.id)


async def _message(info: Info, id: Any) -> Message | None:
    row = await info.context.loader(MessageById).load(id)
    return Message.of(row) if row else None


async def follow_ups_of(info: Info, question: Any) -> list[FollowUp]:
    rows = await info.context.loader(FollowUpsOfQuestion).load(question)
    return [FollowUp.of(row) for row in rows[:SHOWN]]


async def inquiries_of(info: Info, question: Any) -> list[Inquiry]:
    rows = await info.context.loader(InquiriesOfQuestion).load(question)
    return [Inquiry.of(row) for row in rows[:SHOWN]]


async def waiting_on(info: Info, question: Any) -> WaitingOn:
    """Of a row of `question`."""
    log = await info.context.loader(LogOfQuestion).load(question.id)
    policy = await info.context.loader(PolicyByVersion).load(question.policy)
    follow_ups = await info.context.loader(FollowUpsOfQuestion).load(question.id)
    inquiries = await info.context.loader(InquiriesOfQuestion).load(question.id)
    waits = sum(row.state == FollowUpState.WAITING for row in follow_ups)
    since = question.status_at or question.asked_at  # of what was asked before, no reply is owed any more
    wanted = sum(row.replied_at is None and row.asked_at >= since for row in inquiries)
    return rules.waiting_on(question.status, rules.counting(log) >= policy.promised, waits, wanted)


async def thread_of(info: Info, question: Any) -> Thread | None:
    row = await info.context.loader(ThreadAbout).load(question)
    return Thread.of(row) if row else None


AskFollowUpResult = Annotated[FollowUp | Refused, strawberry.union("AskFollowUpResult", description=PAYLOAD)]
StopFollowUpResult = Annotated[FollowUp | Refused, strawberry.union("StopFollowUpResult", description=PAYLOAD)]
AnswerFollowUpResult = Annotated[Message | Refused, strawberry.union("AnswerFollowUpResult", description=PAYLOAD)]
RequestInformationResult = Annotated[
    Inquiry | Refused, strawberry.union("RequestInformationResult", description=PAYLOAD)
]
GiveInformationResult = Annotated[Inquiry | Refused, strawberry.union("GiveInformationResult", description=PAYLOAD)]
