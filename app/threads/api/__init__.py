"""Messages between people about one thing."""

from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import SignedIn
from app.threads import actions
from app.threads.api import consulting
from app.threads.api.consulting import ConsultingMutation, ConsultingQuery, ConsultingSubscription
from app.threads.loaders import MessageById, ThreadAbout
from app.threads.types import MarkThreadReadResult, Message, Thread


@strawberry.input(description="How far you have read.")
class MarkThreadReadInput:
    thread_id: strawberry.ID = strawberry.field(description="A thread you take part in.")
    up_to: strawberry.ID = strawberry.field(description="The newest message that was read.")


@strawberry.type
class ThreadsQuery(ConsultingQuery):
    @strawberry.field(
        permission_classes=[SignedIn], description="A thread by its id; null when it is not yours to see."
    )
    async def thread(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID, strawberry.argument(description="The thread of a question that you take part in.")
        ],
    ) -> Thread | None:
        row = await info.context.loader(ThreadAbout).load(uuid_of(id, "Thread"))
        return Thread.of(row) if row else None


@strawberry.type
class ThreadsMutation(ConsultingMutation):
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="You have read this message and all before it, on whichever device. A mark never moves back.",
    )
    async def mark_thread_read(
        self, info: Info, input: Annotated[MarkThreadReadInput, strawberry.argument(description="Where, and how far.")]
    ) -> MarkThreadReadResult | None:
        subject = uuid_of(input.thread_id, "Thread", "threadId")
        message = uuid_of(input.up_to, "Message", "upTo")
        async with info.context.write() as session:
            await actions.mark_read(session, viewer(info), subject, message, now(session))
        row = await info.context.loader(ThreadAbout).load(subject)
        if row is None:
            raise refuse(NOT_FOUND, "threadId")
        return Thread.of(row)


async def threads(info: Info, keys: list[str]) -> list[Thread | None]:
    rows = await info.context.loader(ThreadAbout).load_many([as_uuid(key) for key in keys])
    return [Thread.of(row) if row else None for row in rows]


async def messages(info: Info, keys: list[str]) -> list[Message | None]:
    rows = await info.context.loader(MessageById).load_many([as_uuid(key) for key in keys])
    return [Message.of(row) if row else None for row in rows]


class ThreadsSubscription(ConsultingSubscription): ...


NODES: dict[str, Fetch] = {
    "Thread": threads,
    "Message": messages,
    "InstitutionConsultation": consulting.consultations,
}
