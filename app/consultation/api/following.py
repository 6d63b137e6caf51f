"""Asking back, from either side."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.actions import following as actions
from app.consultation.api.scribe import transcribe
from app.consultation.loaders.following import FollowUpById, InquiryById
from app.consultation.rules.following import InquiryKind
from app.consultation.types import following as types
from app.consultation.types.following import FollowUp, Inquiry
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import IsLawyer, IsResident
from app.threads.loaders import MessageById
from app.threads.types import Message
from app.vault.types import ATTACHMENTS, SPOKEN, WRITTEN_DOWN, TranscriptInput, ids_of, spoken

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="What the asker asks back, once a lawyer has answered. There is no limit to how often.")
class AskFollowUpInput:
    question_id: strawberry.ID = strawberry.field(description="A question of yours that has an answer.")
    body: str = strawberry.field(
        default="", description="What is asked, 1 to 2,000 characters; may be empty beside `voice`."
    )
    voice: strawberry.ID | None = strawberry.field(default=None, description=SPOKEN)
    transcript: TranscriptInput | None = strawberry.field(default=None, description=WRITTEN_DOWN)
    to_lawyer_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="One of the lawyers who answered; all of them when left out, or once she practises no more.",
    )
    no_reply_needed: bool = strawberry.field(
        default=False, description="True for thanks and the like, on which no clock is to run. Plain thanks are known."
    )
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What the asker asked back and no longer needs to know.")
class StopFollowUpInput:
    follow_up_id: strawberry.ID = strawberry.field(description="A follow-up of yours.")


@strawberry.input(description="A lawyer's reply to a follow-up.")
class AnswerFollowUpInput:
    follow_up_id: strawberry.ID = strawberry.field(
        description="What the asker asks back about a question you answered."
    )
    body: str = strawberry.field(
        default="", description="The reply, 1 to 5,000 characters; may be empty beside `voice`."
    )
    voice: strawberry.ID | None = strawberry.field(default=None, description=SPOKEN)
    transcript: TranscriptInput | None = strawberry.field(default=None, description=WRITTEN_DOWN)
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What a lawyer needs to know before she can answer well.")
class RequestInformationInput:
    question_id: strawberry.ID = strawberry.field(description="The question you have a seat on, or answered.")
    text: str = strawberry.field(description="What is asked, in her words, 5 to 500 characters.")
    kinds: list[InquiryKind] = strawberry.field(
        default_factory=list, description="What it is about, for the asker's form; each at most once."
    )
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The asker's reply to a lawyer who asked back.")
class GiveInformationInput:
    inquiry_id: strawberry.ID = strawberry.field(description="What a lawyer asks you about your question.")
    body: str = strawberry.field(
        default="",
        description="The reply, 1 to 2,000 characters; may be empty beside `voice`. All lawyers who take part read and "
        "hear it: they are facts of the case.",
    )
    voice: strawberry.ID | None = strawberry.field(default=None, description=SPOKEN)
    transcript: TranscriptInput | None = strawberry.field(default=None, description=WRITTEN_DOWN)
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class FollowingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Ask back, as often as needed. A resolved question is opened again, within 30 days.",
    )
    async def ask_follow_up(
        self, info: Info, input: Annotated[AskFollowUpInput, strawberry.argument(description="What is asked.")]
    ) -> types.AskFollowUpResult | None:
        to = uuid_of(input.to_lawyer_id, "Lawyer", "toLawyerId") if input.to_lawyer_id else None
        said = actions.AskedBack(
            question=uuid_of(input.question_id, "Question", "questionId"),
            body=input.body,
            to=to,
            no_reply_needed=input.no_reply_needed,
            attachments=ids_of(input.attachments),
            spoken=spoken(input.voice, input.transcript),
        )
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.ask_back(session, viewer(info), keys, said, input.idempotency_key, now(session))
        transcribe(info, said.spoken)
        return await _follow_up(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident], description="No reply is needed any more. What has ended stays as it ended."
    )
    async def stop_follow_up(
        self,
        info: Info,
        input: Annotated[StopFollowUpInput, strawberry.argument(description="Which follow-up needs no reply.")],
    ) -> types.StopFollowUpResult | None:
        id = uuid_of(input.follow_up_id, "FollowUp", "followUpId")
        async with info.context.write() as session:
            await actions.stop(session, viewer(info), id, now(session))
        return await _follow_up(info, id)

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Reply to a follow-up. Any lawyer who answered the question may; the first reply ends the wait.",
    )
    async def answer_follow_up(
        self, info: Info, input: Annotated[AnswerFollowUpInput, strawberry.argument(description="The reply.")]
    ) -> types.AnswerFollowUpResult | None:
        said = actions.Replied(
            regards=uuid_of(input.follow_up_id, "FollowUp", "followUpId"),
            body=input.body,
            attachments=ids_of(input.attachments),
            spoken=spoken(input.voice, input.transcript),
        )
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.reply(session, viewer(info), keys, said, input.idempotency_key, now(session))
        transcribe(info, said.spoken)
        row = await info.context.loader(MessageById).load(id)
        if row is None:
            raise refuse(NOT_FOUND)
        return Message.of(row)

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Ask the asker back. The clocks stand still and your seat is kept until she replies, half an hour "
        "beyond your lease at most.",
    )
    async def request_information(
        self, info: Info, input: Annotated[RequestInformationInput, strawberry.argument(description="What is asked.")]
    ) -> types.RequestInformationResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        files = ids_of(input.attachments)
        said = actions.Wanted(question=question, text=input.text, kinds=input.kinds, attachments=files)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.inquire(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await _inquiry(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident], description="Reply to a lawyer who asked back; the clocks run on."
    )
    async def give_information(
        self, info: Info, input: Annotated[GiveInformationInput, strawberry.argument(description="The reply.")]
    ) -> types.GiveInformationResult | None:
        said = actions.Replied(
            regards=uuid_of(input.inquiry_id, "Inquiry", "inquiryId"),
            body=input.body,
            attachments=ids_of(input.attachments),
            spoken=spoken(input.voice, input.transcript),
        )
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.inform(session, viewer(info), keys, said, input.idempotency_key, now(session))
        transcribe(info, said.spoken)
        return await _inquiry(info, id)


async def _follow_up(info: Info, id: UUID) -> FollowUp:
    row = await info.context.loader(FollowUpById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return FollowUp.of(row)


async def _inquiry(info: Info, id: UUID) -> Inquiry:
    row = await info.context.loader(InquiryById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return Inquiry.of(row)


async def follow_ups(info: Info, keys: list[str]) -> list[FollowUp | None]:
    rows = await info.context.loader(FollowUpById).load_many([as_uuid(key) for key in keys])
    return [FollowUp.of(row) if row else None for row in rows]


async def inquiries(info: Info, keys: list[str]) -> list[Inquiry | None]:
    rows = await info.context.loader(InquiryById).load_many([as_uuid(key) for key in keys])
    return [Inquiry.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"FollowUp": follow_ups, "Inquiry": inquiries}
