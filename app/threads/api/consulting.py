"""A resident consults an institution, and its staff answer her."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.reads import post
from app.core import feed
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.directory.loaders import PostOf
from app.directory.rules.services import APPLICATIONS
from app.directory.types.posts import Post
from app.graph import live
from app.graph.context import Info, viewer
from app.graph.ids import as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, SignedIn, WorksSomewhere
from app.graph.stories import Story
from app.threads.actions import consulting as actions
from app.threads.loaders import ConsultationById
from app.threads.reads import consulting as reads
from app.threads.rules.consulting import ConsultationEventKind
from app.threads.types.consulting import (
    ConsultationEvent,
    ConsultationUpdates,
    ConsultationUpdatesResult,
    HandOverConsultationResult,
    InstitutionConsultation,
    InstitutionConsultationResult,
)
from app.vault.types import ATTACHMENTS, ids_of

KEY = "8 to 64 characters, the same for repeats of this request."
Id = Annotated[
    strawberry.ID, strawberry.argument(description="A consultation that is yours, or of the institution you work for.")
]


@strawberry.input(description="What you ask an institution.")
class ConsultInstitutionInput:
    institution_id: strawberry.ID = strawberry.field(description="Which one.")
    body: str = strawberry.field(description="What it is about, 10 to 2,000 characters.")
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    application_id: strawberry.ID | None = strawberry.field(
        default=None, description="An application of yours with that institution, if it is about one."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What you say further.")
class SendToInstitutionInput:
    consultation_id: strawberry.ID = strawberry.field(description="Your consultation.")
    body: str = strawberry.field(description="1 to 2,000 characters.")
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What the institution says.")
class ReplyInConsultationInput:
    consultation_id: strawberry.ID = strawberry.field(description="One that you hold.")
    body: str = strawberry.field(description="1 to 2,000 characters.")
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ATTACHMENTS)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What you take.")
class TakeConsultationInput:
    consultation_id: strawberry.ID = strawberry.field(description="One that waits at your institution.")


@strawberry.input(description="Who goes on with it.")
class HandOverConsultationInput:
    consultation_id: strawberry.ID = strawberry.field(description="One that you hold.")
    to_colleague: strawberry.ID = strawberry.field(description="The post of somebody else at your institution.")


@strawberry.input(description="What is over.")
class CloseConsultationInput:
    consultation_id: strawberry.ID = strawberry.field(description="Yours, or one that you hold.")


@strawberry.type
class ConsultingQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="A consultation with an institution; null when it is not yours to see.",
    )
    async def institution_consultation(self, info: Info, id: Id) -> InstitutionConsultation | None:
        row = await info.context.loader(ConsultationById).load(uuid_of(id, "InstitutionConsultation"))
        return InstitutionConsultation.of(row) if row else None

    @strawberry.field(permission_classes=[IsResident], description="Your consultations, newest first.")
    async def institution_consultations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[InstitutionConsultation] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.mine(session, viewer(info), wanted)
        made: Connection[InstitutionConsultation] = connect(
            wanted, rows, lambda row: (row.opened_at, row.id), InstitutionConsultation.of
        )
        return made

    @strawberry.field(
        permission_classes=[WorksSomewhere],
        description="What waits at the viewer's institution, then what she holds, then what she closed within a week; "
        "of each the oldest first.",
    )
    async def consultation_desk(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[InstitutionConsultation] | None:
        wanted = page(first, after, last, before, key=str)
        async with info.context.read() as session:
            works = await post(session, viewer(info))
            rows = await reads.desk(session, viewer(info), works.institution, wanted) if works else []
        made: Connection[InstitutionConsultation] = connect(
            wanted, rows, lambda row: (row.turn, row.id), InstitutionConsultation.of
        )
        return made

    @strawberry.field(
        permission_classes=[SignedIn], description="The polling twin of the subscription of the same name."
    )
    async def consultation_updates(
        self, info: Info, consultation_id: Id, after: live.Since = None
    ) -> ConsultationUpdatesResult | None:
        return await STORY.look(info, consultation_id, after)


@strawberry.type
class ConsultingSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn],
        description="A consultation as it stands, then its news. Ends when it is no longer yours to see.",
    )
    async def consultation_updates(
        self, info: Info, consultation_id: Id, after: live.Since = None
    ) -> AsyncGenerator[ConsultationUpdatesResult, None]:
        async with aclosing(STORY.follow(info, consultation_id, after)) as frames:
            async for frame in frames:
                yield frame


@strawberry.type
class ConsultingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Consult an institution. You are told at once whether it is open, when it opens, and whether "
        "somebody is there. One consultation is open per person and institution.",
    )
    async def consult_institution(
        self, info: Info, input: Annotated[ConsultInstitutionInput, strawberry.argument(description="Whom, and what.")]
    ) -> InstitutionConsultationResult | None:
        at = uuid_of(input.institution_id, "Institution", "institutionId")
        about = input.application_id
        application = None if about is None else uuid_of(about, APPLICATIONS.values(), "applicationId")
        files = ids_of(input.attachments)
        said = actions.Opened(institution=at, body=input.body, application=application, files=files)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.open(session, viewer(info), keys, said, key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(permission_classes=[IsResident], description="Say more in a consultation of yours.")
    async def send_to_institution(
        self, info: Info, input: Annotated[SendToInstitutionInput, strawberry.argument(description="Where, and what.")]
    ) -> InstitutionConsultationResult | None:
        said = _said(input)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.send(session, viewer(info), keys, said, key, now(session))
        return await _shown(info, said.consultation)

    @strawberry.mutation(permission_classes=[WorksSomewhere], description="Reply in a consultation that you hold.")
    async def reply_in_consultation(
        self,
        info: Info,
        input: Annotated[ReplyInConsultationInput, strawberry.argument(description="Where, and what.")],
    ) -> InstitutionConsultationResult | None:
        said = _said(input)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.reply(session, viewer(info), keys, said, key, now(session))
        return await _shown(info, said.consultation)

    @strawberry.mutation(
        permission_classes=[WorksSomewhere],
        description="Take a consultation that waits at your institution: from then on you read it. Of many who take it "
        "at once one has it.",
    )
    async def take_consultation(
        self, info: Info, input: Annotated[TakeConsultationInput, strawberry.argument(description="Which one.")]
    ) -> InstitutionConsultationResult | None:
        id = consultation_of(input.consultation_id)
        async with info.context.write() as session:
            await actions.take(session, viewer(info), id, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[WorksSomewhere],
        description="Hand a consultation that you hold to a colleague, who is told: she reads it from then on, and you "
        "do not. Answers with her post.",
    )
    async def hand_over_consultation(
        self, info: Info, input: Annotated[HandOverConsultationInput, strawberry.argument(description="To whom.")]
    ) -> HandOverConsultationResult | None:
        id, colleague = consultation_of(input.consultation_id), uuid_of(input.to_colleague, "Post", "toColleague")
        async with info.context.write() as session:
            await actions.hand_over(session, viewer(info), id, colleague, now(session))
        row = await info.context.loader(PostOf).load(colleague)
        if row is None:
            raise refuse(NOT_FOUND, "toColleague")
        return Post.of(row)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="The consultation is over, says who began it or who holds it. What is closed stays so.",
    )
    async def close_consultation(
        self, info: Info, input: Annotated[CloseConsultationInput, strawberry.argument(description="Which one.")]
    ) -> InstitutionConsultationResult | None:
        id = consultation_of(input.consultation_id)
        async with info.context.write() as session:
            await actions.close(session, viewer(info), id)
        return await _shown(info, id)


def _said(input: SendToInstitutionInput | ReplyInConsultationInput) -> actions.Said:
    files = ids_of(input.attachments)
    return actions.Said(consultation=consultation_of(input.consultation_id), body=input.body, files=files)


def consultation_of(said: str) -> UUID:
    return uuid_of(said, "InstitutionConsultation", "consultationId")


async def _shown(info: Info, id: UUID) -> InstitutionConsultation:
    row = await info.context.loader(ConsultationById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "consultationId")
    return InstitutionConsultation.of(row)


def _updates(info: Info, frame: live.Frame) -> ConsultationUpdates:
    return ConsultationUpdates(
        events=[
            ConsultationEvent(kind=ConsultationEventKind(e.kind), at=e.at, cursor=str(feed.at(e))) for e in frame.events
        ],
        consultation=InstitutionConsultation.of(frame.found),
        resync=frame.resync,
        cursor=str(frame.cursor),
        server_time=info.context.now,
    )


STORY = Story("InstitutionConsultation", "consultationId", reads.consultations, _updates)


async def consultations(info: Info, keys: list[str]) -> list[InstitutionConsultation | None]:
    rows = await info.context.loader(ConsultationById).load_many([as_uuid(key) for key in keys])
    return [InstitutionConsultation.of(row) if row else None for row in rows]
