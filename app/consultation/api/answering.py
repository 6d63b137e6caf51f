"""What seated lawyers write."""

from typing import Annotated

import strawberry

from app.consultation import reads
from app.consultation.actions import answering as actions
from app.consultation.api.nodes import seat_found
from app.consultation.rules import answering
from app.consultation.types import seat as types
from app.consultation.types.answer import Answer
from app.core.db import now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import IsLawyer

OfferId = Annotated[strawberry.ID, strawberry.argument(description="The offer.")]
SeatId = Annotated[strawberry.ID, strawberry.argument(description="The seat.")]
Key = Annotated[str, strawberry.argument(description="8 to 64 characters, the same for repeats of this request.")]


@strawberry.input(description="An article of law that an answer rests on.")
class LegalBasisInput:
    law: str = strawberry.field(description="The law, e.g. 劳动合同法.")
    article: str = strawberry.field(description="The article, e.g. 第八十二条.")


@strawberry.input(description="An answer, part by part. A draft may leave anything empty.")
class AnswerContentInput:
    conclusion: str = strawberry.field(description="The answer in short, at most 500 characters.")
    basis: list[LegalBasisInput] = strawberry.field(
        default_factory=list, description="The articles it rests on, at most 20."
    )
    next_steps: list[str] = strawberry.field(default_factory=list, description="What to do next, in order, at most 20.")
    evidence: list[str] = strawberry.field(
        default_factory=list, description="Evidence to collect and keep, at most 20."
    )
    deadlines: list[str] = strawberry.field(
        default_factory=list, description="Dates and limits not to miss, at most 20."
    )
    text: str = strawberry.field(description="The full answer, 60 to 5,000 characters.")
    summary: str = strawberry.field(description="The same in plain words, at most 150 characters.")

    def plain(self) -> answering.Content:
        basis = [answering.Basis(law=b.law, article=b.article) for b in self.basis]
        return answering.Content(
            conclusion=self.conclusion,
            basis=basis,
            next_steps=self.next_steps,
            evidence=self.evidence,
            deadlines=self.deadlines,
            text=self.text,
            summary=self.summary,
        )


@strawberry.type
class AnsweringMutation:
    @strawberry.mutation(permission_classes=[IsLawyer], description="Keep what is written so far; the last one wins.")
    async def save_answer_draft(
        self,
        info: Info,
        seat_id: SeatId,
        content: Annotated[AnswerContentInput, strawberry.argument(description="The answer as it is now.")],
    ) -> types.SaveAnswerDraftResult:
        seat = uuid_of(seat_id, "Seat", "seatId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await actions.save_draft(session, viewer(info), keys, seat, content.plain(), now(session))
        return await seat_found(info, seat)

    @strawberry.mutation(
        permission_classes=[IsLawyer], description="Deliver the answer; the answers of the others open to you."
    )
    async def submit_answer(
        self,
        info: Info,
        seat_id: SeatId,
        content: Annotated[AnswerContentInput, strawberry.argument(description="The answer.")],
        idempotency_key: Key,
    ) -> types.SubmitAnswerResult:
        seat = uuid_of(seat_id, "Seat", "seatId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.deliver(
                session, viewer(info), keys, seat, content.plain(), idempotency_key, now(session)
            )
            (row,) = await reads.answers(session, viewer(info), [id])
        return Answer.of(row)
