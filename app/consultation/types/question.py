"""What a resident sees: the question, its promise, its answers, and who has opened it."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.consultation import models
from app.consultation.loaders import (
    AnswersOfQuestion,
    BriefOfQuestion,
    LogOfQuestion,
    PolicyByVersion,
    SeatsOfQuestion,
)
from app.consultation.rules import promise as clock
from app.consultation.types.answer import Answer
from app.core.sealing import unseal
from app.directory.loaders import LawyerById
from app.directory.types import Division, Lawyer
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.types import Category
from app.vault.loaders import AccessesOf, DataKey

explain(
    models.QuestionStatus,
    "Where a question stands.",
    NEEDS_EDIT="It was not sent: some words must be changed first.",
    BLOCKED="It was not sent: a platform must not pass on what it says; the asker may appeal.",
    OPEN="Lawyers may answer.",
    RESOLVED="The asker is satisfied, or said nothing more; a follow-up opens it again within 30 days.",
    CLOSED="Resolved for 30 days: to be read, no longer to be continued.",
    WITHDRAWN="The asker took it back.",
)
explain(
    clock.QuestionEventKind,
    "What can happen to a question.",
    QUESTION_ASKED="It was asked; the promise runs from here.",
    WAVE_SENT="Lawyers were called.",
    SEAT_CLAIMED="A lawyer took a seat and reads it.",
    LEASE_EXTENDED="A lawyer took two minutes more.",
    SEAT_FREED="A seat was given back or lost.",
    ANSWER_DELIVERED="An answer arrived.",
    PROMISE_BROKEN="The promised time ran out; the search goes on.",
    ANSWER_AMENDED="A lawyer changed her answer; both versions stay.",
    ANSWER_COUNTED="The asker found an answer helpful that had not counted until then.",
    BEST_CHOSEN="The asker chose the best answer.",
    ANSWER_RATED="The asker rated an answer.",
    RECATEGORISED="A lawyer corrected what it is about.",
    FOLLOW_UP_ASKED="The asker asked back.",
    FOLLOW_UP_OPENED="A follow-up waited too long and was put to more lawyers.",
    FOLLOW_UP_ANSWERED="A follow-up was answered.",
    FOLLOW_UP_STOPPED="A follow-up needs no reply any more.",
    INFORMATION_WANTED="A lawyer needs to know more; the clock stands still until the asker replies.",
    INFORMATION_GIVEN="The asker replied; the clock runs on.",
    QUESTION_RESOLVED="It is resolved.",
    QUESTION_REOPENED="A follow-up opened it again.",
    QUESTION_CLOSED="It is closed for good.",
    QUESTION_WITHDRAWN="The asker took it back.",
    QUESTION_BLOCKED="It was not sent, and the asker was told why.",
    QUESTION_REVISED="The asker changed its words and sent it again; the promise runs from here.",
    CALLBACK_WANTED="The asker wants to be called.",
)


@strawberry.type(description="One of the promised answers: when it was due and when it came.")
class PromiseMark:
    due_at: datetime = strawberry.field(description="The end of the promised time.")
    reached_at: datetime | None = strawberry.field(description="When it came, null while it has not.")
    late: bool = strawberry.field(description="Whether the promised time ran out first. Late stays late.")

    @classmethod
    def of(cls, mark: clock.Mark, now: datetime, until: datetime | None) -> "PromiseMark":
        return cls(due_at=mark.due_at, reached_at=mark.reached_at, late=mark.missed(now, until))


@strawberry.type(
    description="The promise's clock, computed from what happened and the policy the question was asked under."
)
class Promise:
    answers_promised: int = strawberry.field(description="How many answers by different lawyers are promised.")
    answers_delivered: int = strawberry.field(description="How many have been delivered.")
    first_answer: PromiseMark = strawberry.field(description="The first counting answer.")
    last_answer: PromiseMark = strawberry.field(description="The last of the promised answers.")


@strawberry.type(description="A reading of this question by somebody else than the asker.")
class Access:
    at: datetime = strawberry.field(description="When the key was given; once a quarter of an hour at most.")
    basis: str = strawberry.field(description="On what ground: offered, seat or answered.")
    lawyer: Lawyer | None = strawberry.field(description="Who read it.")


@strawberry.type(
    description="A resident's question, read by the asker and the lawyers who take part, and by nobody else."
)
class Question(Node):
    row: strawberry.Private[Any]
    status: models.QuestionStatus = strawberry.field(description="Where it stands.")
    asked_at: datetime = strawberry.field(description="When it was asked; the promise runs from here.")

    @classmethod
    def of(cls, row: Any) -> "Question":
        status = models.QuestionStatus(row.status)
        return cls(id=global_id("Question", row.id), row=row, status=status, asked_at=row.asked_at)

    @strawberry.field(description="The question in the asker's words.")
    async def body(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.id)
        return unseal(key, self.row.body, "question", "body", self.row.id) if key else None

    @strawberry.field(description="The one line that lawyers read before they take part.")
    async def brief(self, info: Info) -> str | None:
        row = await info.context.loader(BriefOfQuestion).load(self.row.id)
        return await open_brief(info, row.id, row.body) if row else None

    @strawberry.field(description="What it is about.")
    def category(self) -> Category | None:
        return Category.of(self.row.category)

    @strawberry.field(description="The town or village it comes from.")
    def division(self) -> Division | None:
        return Division.of(self.row.division)

    @strawberry.field(description="Answers in the order in which they were delivered.")
    async def answers(self, info: Info) -> list[Answer]:
        rows = await info.context.loader(AnswersOfQuestion).load(self.row.id)
        return [Answer.of(row) for row in rows]

    @strawberry.field(description="Lawyers who are writing now.")
    async def lawyers_writing(self, info: Info) -> int:
        rows = await info.context.loader(SeatsOfQuestion).load(self.row.id)
        return sum(row.delivered_at is None for row in rows)

    @strawberry.field(description="The promise and how it is kept.")
    async def promise(self, info: Info) -> Promise:
        rows = await info.context.loader(LogOfQuestion).load(self.row.id)
        policy = await info.context.loader(PolicyByVersion).load(self.row.policy)
        happened = [clock.Happened(row.kind, row.at, bool(row.ids.get("counts"))) for row in rows]
        kept = clock.promise(happened, policy)
        now = info.context.now
        return Promise(
            answers_promised=policy.promised,
            answers_delivered=kept.delivered,
            first_answer=PromiseMark.of(kept.first, now, kept.withdrawn_at),
            last_answer=PromiseMark.of(kept.last, now, kept.withdrawn_at),
        )

    @strawberry.field(description="Who else has opened it or its brief, newest first; shown to the asker alone.")
    async def accesses(self, info: Info) -> list[Access]:
        brief = await info.context.loader(BriefOfQuestion).load(self.row.id)
        subjects = [self.row.id, brief.id] if brief else [self.row.id]
        found = await info.context.loader(AccessesOf).load_many(subjects)
        rows = sorted((row for rows in found for row in rows), key=lambda row: row.at, reverse=True)
        readers = await info.context.loader(LawyerById).load_many([row.person for row in rows])
        return [
            Access(at=row.at, basis=row.basis, lawyer=Lawyer.of(reader) if reader else None)
            for row, reader in zip(rows, readers, strict=True)
        ]


async def open_brief(info: Info, id: Any, sealed: bytes) -> str | None:
    key = await info.context.loader(DataKey).load(id)
    return unseal(key, sealed, "brief", "body", id) if key else None


@strawberry.type(description="One thing that happened to a question.")
class QuestionEvent:
    kind: clock.QuestionEventKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")


@strawberry.type(description="News of a question: what happened, and how it stands now.")
class QuestionUpdates:
    events: list[QuestionEvent] = strawberry.field(description="What happened since the cursor, oldest first.")
    question: Question = strawberry.field(description="The question as it stands now.")
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The clock that the promise runs by.")


QuestionUpdatesResult = Annotated[
    QuestionUpdates | Refused, strawberry.union("QuestionUpdatesResult", description=PAYLOAD)
]
QuestionResult = Annotated[Question | Refused, strawberry.union("AskQuestionResult", description=PAYLOAD)]
WithdrawResult = Annotated[Question | Refused, strawberry.union("WithdrawQuestionResult", description=PAYLOAD)]
