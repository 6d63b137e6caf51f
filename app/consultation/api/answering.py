"""What seated lawyers write, and what the asker finds helpful."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation import reads
from app.consultation.actions import answering as actions
from app.consultation.api.nodes import seat_found
from app.consultation.api.scribe import transcribe
from app.consultation.rules import answering
from app.consultation.types import seat as types
from app.consultation.types.answer import AmendAnswerResult, Answer, MarkHelpfulResult
from app.core.access import Viewer
from app.core.db import Session, now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import IsLawyer, IsResident
from app.vault.loaders import DataKey
from app.vault.types import ATTACHMENTS, SPOKEN, WRITTEN_DOWN, TranscriptInput, ids_of, spoken

SEAT = "Your seat on the question, its lease still running."


@strawberry.input(description="An article of law that an answer rests on.")
class LegalBasisInput:
    law: str = strawberry.field(description="The law, e.g. 劳动合同法.")
    article: str = strawberry.field(description="The article, e.g. 第八十二条.")


@strawberry.input(description="The nearest statutory limit, e.g. one year from the end of the employment.")
class LegalLimitInput:
    amount: int = strawberry.field(description="How many units; no limit is longer than twenty years.")
    unit: answering.LimitUnit = strawberry.field(description="Days, months or years.")
    begins: str | None = strawberry.field(default=None, description="From when it runs, at most 100 characters.")

    def plain(self) -> answering.Limit:
        return answering.Limit(amount=self.amount, unit=self.unit, begins=self.begins)


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
    text: str = strawberry.field(
        description="The full answer, 60 to 5,000 characters; may be empty where it is spoken."
    )
    summary: str = strawberry.field(description="The same in plain words, at most 150 characters.")
    outlook: answering.Outlook | None = strawberry.field(
        default=None, description="How good the case is; compared with the other answers."
    )
    forum: answering.Forum | None = strawberry.field(
        default=None, description="Where to go first; compared with the other answers."
    )
    limit: LegalLimitInput | None = strawberry.field(
        default=None, description="The nearest statutory limit; compared with the other answers."
    )

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
            outlook=self.outlook,
            forum=self.forum,
            limit=self.limit.plain() if self.limit else None,
        )


@strawberry.input(description="What is written so far, to be kept for any of your devices.")
class SaveAnswerDraftInput:
    seat_id: strawberry.ID = strawberry.field(description=SEAT)
    content: AnswerContentInput = strawberry.field(description="The answer as it is now.")


@strawberry.input(description="An answer that is ready for the asker.")
class SubmitAnswerInput:
    seat_id: strawberry.ID = strawberry.field(description=SEAT)
    content: AnswerContentInput = strawberry.field(
        description="The answer as the asker is to read it; its `text` may be empty beside `voice`."
    )
    voice: strawberry.ID | None = strawberry.field(
        default=None, description=f"The full answer as it is spoken. {SPOKEN}"
    )
    transcript: TranscriptInput | None = strawberry.field(
        default=None, description=f"{WRITTEN_DOWN} A spoken answer counts once they are there."
    )
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The answer that helped.")
class MarkHelpfulInput:
    answer_id: strawberry.ID = strawberry.field(description="An answer to a question of yours.")


@strawberry.input(description="A new version of an answer.")
class AmendAnswerInput:
    answer_id: strawberry.ID = strawberry.field(description="The answer, one of your own.")
    content: AnswerContentInput = strawberry.field(description="The whole answer as it is to be read from now on.")
    attachments: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=f"Added to those it has. {ATTACHMENTS}"
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class AnsweringMutation:
    @strawberry.mutation(permission_classes=[IsLawyer], description="Keep what is written so far; the last one wins.")
    async def save_answer_draft(
        self,
        info: Info,
        input: Annotated[SaveAnswerDraftInput, strawberry.argument(description="Where, and what.")],
    ) -> types.SaveAnswerDraftResult | None:
        seat = uuid_of(input.seat_id, "Seat", "seatId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await actions.save_draft(session, viewer(info), keys, seat, input.content.plain(), now(session))
        return await seat_found(info, seat)

    @strawberry.mutation(
        permission_classes=[IsLawyer], description="Deliver the answer; the answers of the others open to you."
    )
    async def submit_answer(
        self,
        info: Info,
        input: Annotated[SubmitAnswerInput, strawberry.argument(description="From which seat, and what.")],
    ) -> types.SubmitAnswerResult | None:
        seat, content = uuid_of(input.seat_id, "Seat", "seatId"), input.content.plain()
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            key = input.idempotency_key
            files, said = ids_of(input.attachments), spoken(input.voice, input.transcript)
            kept = await actions.deliver(session, viewer(info), keys, seat, content, key, now(session), files, said)
            answer = Answer.of(kept.row) if kept.row else await _standing(session, viewer(info), kept.id)
        if kept.key:  # that she was given it is written down
            info.context.loader(DataKey).prime(answer.row.question, kept.key)
        transcribe(info, said)
        return answer

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Change an answer of yours while the question is open or resolved; the earlier versions stay.",
    )
    async def amend_answer(
        self, info: Info, input: Annotated[AmendAnswerInput, strawberry.argument(description="What it says now.")]
    ) -> AmendAnswerResult | None:
        answer, content = uuid_of(input.answer_id, "Answer", "answerId"), input.content.plain()
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            key, files = input.idempotency_key, ids_of(input.attachments)
            await actions.amend(session, viewer(info), keys, answer, content, key, now(session), files)
            return await _standing(session, viewer(info), answer)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say that an answer helped: one that did not count counts from now on. Twice is the same.",
    )
    async def mark_helpful(
        self, info: Info, input: Annotated[MarkHelpfulInput, strawberry.argument(description="Which answer helped.")]
    ) -> MarkHelpfulResult | None:
        answer = uuid_of(input.answer_id, "Answer", "answerId")
        async with info.context.write() as session:
            await actions.mark_helpful(session, viewer(info), answer, now(session))
            return await _standing(session, viewer(info), answer)


async def _standing(session: Session, viewer: Viewer, answer: UUID) -> Answer:
    """The answer as its reader may see it now; a repeat of a request is answered the same way."""
    rows = await reads.answers(session, viewer, [answer])
    if not rows:
        raise refuse(NOT_FOUND)
    return Answer.of(rows[0])
