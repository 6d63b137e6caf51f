"""What a resident sees: the question, its promise, its answers, and who has opened it."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.accounts.types.delegating import Delegation
from app.consultation import models
from app.consultation.loaders import (
    AnswersOfQuestion,
    BriefOfQuestion,
    SeatsOfQuestion,
)
from app.consultation.rules import promise as clock
from app.consultation.rules.following import WaitingOn
from app.consultation.rules.life import QuestionAct
from app.consultation.types import life
from app.consultation.types.access import Access, accesses_of
from app.consultation.types.agreement import Agreement, agreement_of
from app.consultation.types.answer import Answer
from app.consultation.types.follow_through import FollowThrough, follow_through_of
from app.consultation.types.following import FollowUp, Inquiry, follow_ups_of, inquiries_of, thread_of, waiting_on
from app.consultation.types.life import Screening
from app.consultation.types.petitions import Breach, Petition, breach_of, newest
from app.consultation.types.promise import Promise
from app.consultation.types.record import Receipt
from app.core.sealing import unseal
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.graph.edges import OfRow, column, edge
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.live import RESYNC
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.guidance.types.categories import Category
from app.places.types import Division
from app.screening.types import SafetyCard
from app.threads.types import Thread
from app.vault.loaders import DataKey
from app.vault.types import File, Voice, files_of, voice_of

explain(
    models.QuestionStatus,
    "Where a question stands.",
    NEEDS_EDIT="It was not sent: some words must be changed first.",
    BLOCKED="It was not sent: a platform must not pass on what it says; the asker may appeal.",
    OPEN="Lawyers may answer.",
    RESOLVED="The asker is satisfied, or said nothing more; a follow-up opens it again within 30 days.",
    CLOSED="Resolved for 30 days: to be read, no longer to be continued.",
    WITHDRAWN="The asker took it back; or the house did, where the words of its recording, once they came, were such "
    "as the law forbids to pass on: then `screening` says so.",
    ERASED="Nothing of it is left, and nobody reads it any more.",
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
    ANSWER_COUNTED="An answer counts that had not until then: the asker found it helpful, or its spoken words came.",
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
    QUESTION_ERASED="Its contents were destroyed.",
    QUESTION_BLOCKED="It was not sent, and the asker was told why.",
    QUESTION_REVISED="The asker changed its words and sent it again; the promise runs from here.",
    CALLBACK_WANTED="The asker wants to be called.",
    TRANSCRIPT_WRITTEN="The words of a recording came, or were corrected.",
)


@strawberry.type(
    description="A resident's question, read by the asker and the lawyers who take part, and by nobody else.",
    directives=[visible.READERS],
)
class Question(OfRow, Node):
    row: strawberry.Private[Any]
    status: models.QuestionStatus = column("Where it stands.")
    asked_at: datetime = column("When it was asked; the promise runs from here.")
    round: int = column("How often it was opened again.")
    delegated: bool = strawberry.field(
        resolver=lambda self: self.row.delegation is not None,
        description="Whether another asked it on the asker's behalf, by her consent.",
    )

    @classmethod
    def of(cls, row: Any) -> "Question":
        return cls(id=global_id("Question", row.id), row=row)

    @strawberry.field(description="When it was resolved, the last time; null while it is not.")
    async def resolved_at(self, info: Info) -> datetime | None:
        return await life.resolved_at(info, self.row)

    @strawberry.field(description="Until when a follow-up opens it again; null unless it is RESOLVED.")
    async def reopens_until(self, info: Info) -> datetime | None:
        return await life.reopens_until(info, self.row)

    @strawberry.field(
        description="What the viewer may do with it now; nothing unless it is hers, or asked by her.",
        directives=[visible.OWNERS],
    )
    async def allowed(self, info: Info) -> list[QuestionAct]:
        return await life.allowed_to(info, self.row)

    @strawberry.field(
        description="Why it was not sent, for its owners while it NEEDS_EDIT or is BLOCKED; or why the house took it "
        "back, where it did. Else null.",
        directives=[visible.OWNERS],
    )
    async def screening(self, info: Info) -> Screening | None:
        return await life.screening_of(info, self.row)

    @strawberry.field(description="What helps at once where its words tell of danger, most urgent first; usually none.")
    def safety_cards(self, info: Info) -> list[SafetyCard]:
        return life.safety_cards_of(info, self.row)

    @strawberry.field(
        description="On whose consent it was asked for another; shown to the two of them alone.",
        directives=[visible.OWNERS],
    )
    async def delegation(self, info: Info) -> Delegation | None:
        return await life.delegation_of(info, self.row)

    @strawberry.field(
        description="The lawyers its asker chose by name; shown to its owners alone.", directives=[visible.OWNERS]
    )
    async def named_lawyers(self, info: Info) -> list[Lawyer]:
        return await life.named_lawyers_of(info, self.row)

    @strawberry.field(
        description="Whether lawyers are compared with an opposing party, whose name is kept nowhere; for its owners.",
        directives=[visible.OWNERS],
    )
    async def opposing_party_known(self, info: Info) -> bool:
        return await life.party_known(info, self.row)

    @strawberry.field(description="The question in the asker's words; empty where she only speaks.")
    @edge(DataKey, by="row.id")
    def body(self, key: bytes | None) -> str | None:
        return unseal(key, self.row.body, "question", "body", self.row.id) if key else None

    @strawberry.field(description="The question as the asker speaks it; null where it is only written.")
    async def voice(self, info: Info) -> Voice | None:
        return await voice_of(info, self.row.id)

    @strawberry.field(description="The files that go with it, in their order.")
    async def attachments(self, info: Info) -> list[File]:
        return await files_of(info, self.row.id)

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

    @strawberry.field(description="Answers in the order in which they were delivered.", directives=[visible.UNBLINDED])
    @edge(AnswersOfQuestion, by="row.id")
    def answers(self, rows: list[Any]) -> list[Answer]:
        return [Answer.of(row) for row in rows]

    @strawberry.field(
        description="Where its answers agree; null below two that count, and for a lawyer who has not answered.",
        directives=[visible.UNBLINDED],
    )
    async def agreement(self, info: Info) -> Agreement | None:
        return await agreement_of(info, self.row.id)

    @strawberry.field(description="What was said about it after it was asked, as far as the viewer may read it.")
    async def thread(self, info: Info) -> Thread | None:
        return await thread_of(info, self.row.id)

    @strawberry.field(description="What the asker asked back, the newest 20, newest first.")
    async def follow_ups(self, info: Info) -> list[FollowUp]:
        return await follow_ups_of(info, self.row.id)

    @strawberry.field(description="What lawyers asked back, the newest 20, newest first.")
    async def inquiries(self, info: Info) -> list[Inquiry]:
        return await inquiries_of(info, self.row.id)

    @strawberry.field(description="Whose turn it is, as far as the viewer may know.")
    async def waiting_on(self, info: Info) -> WaitingOn:
        return await waiting_on(info, self.row)

    @strawberry.field(description="Lawyers who are writing now.")
    @edge(SeatsOfQuestion, by="row.id")
    def lawyers_writing(self, rows: list[Any]) -> int:
        return sum(row.delivered_at is None for row in rows)

    @strawberry.field(description="The promise and how it is kept; null while the question has not been sent.")
    async def promise(self, info: Info) -> Promise | None:
        return await Promise.of(info, self.row)

    @strawberry.field(
        description="A signed timeline to keep and to show; null for everybody but the asker.",
        directives=[visible.OWNERS],
    )
    async def receipt(self, info: Info) -> Receipt | None:
        return await Receipt.of(info, self.row)

    @strawberry.field(description="That the promise was broken, and what can be done; null while it is not.")
    async def breach(self, info: Info) -> Breach | None:
        return await breach_of(info, self.row)

    @strawberry.field(
        description="The asker's appeal against a block, null where she made none.", directives=[visible.OWNERS]
    )
    async def appeal(self, info: Info) -> Petition | None:
        return await newest(info, self.row, models.PetitionKind.APPEAL)

    @strawberry.field(
        description="What came of it, as its asker says; shown to her alone.",
        directives=[visible.to(Audience.ASKER)],
    )
    async def follow_through(self, info: Info) -> FollowThrough | None:
        return await follow_through_of(info, self.row)

    @strawberry.field(
        description="Who else has opened it or its brief, newest first; shown to the asker alone.",
        directives=[visible.to(Audience.ASKER)],
    )
    async def accesses(self, info: Info) -> list[Access]:
        return await accesses_of(info, self.row.id)


async def open_brief(info: Info, id: Any, sealed: bytes) -> str | None:
    key = await info.context.loader(DataKey).load(id)
    return unseal(key, sealed, "brief", "body", id) if key else None


@strawberry.type(description="One thing that happened to a question.", directives=[visible.WITHIN])
class QuestionEvent:
    kind: clock.QuestionEventKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")


@strawberry.type(description="News of a question: what happened, and how it stands now.", directives=[visible.READERS])
class QuestionUpdates:
    events: list[QuestionEvent] = strawberry.field(description="What happened since the cursor, oldest first.")
    question: Question = strawberry.field(description="The question as it stands now.")
    resync: bool = strawberry.field(description=RESYNC)
    cursor: str = strawberry.field(description="Hand it to `after` to go on from here.")
    server_time: datetime = strawberry.field(description="The clock that the promise runs by.")


QuestionUpdatesResult = Annotated[
    QuestionUpdates | Refused, strawberry.union("QuestionUpdatesResult", description=PAYLOAD)
]
QuestionResult = Annotated[Question | Refused, strawberry.union("AskQuestionResult", description=PAYLOAD)]
WithdrawResult = Annotated[Question | Refused, strawberry.union("WithdrawQuestionResult", description=PAYLOAD)]
ReviseQuestionResult = Annotated[Question | Refused, strawberry.union("ReviseQuestionResult", description=PAYLOAD)]
ResolveQuestionResult = Annotated[Question | Refused, strawberry.union("ResolveQuestionResult", description=PAYLOAD)]
