"""What a resident asks of the city's supervisors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.actions import petitions as actions
from app.consultation.loaders.petitions import PetitionById
from app.consultation.rules.petitions import Callback
from app.consultation.types.petitions import AppealBlockResult, Petition, RequestCallbackResult
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import IsResident


@strawberry.input(description="When and where to call the asker.")
class RequestCallbackInput:
    question_id: strawberry.ID = strawberry.field(description="An open question of hers.")
    phone: str = strawberry.field(
        description="A mobile of mainland China, or a landline with its area code. Nobody reads it but her and the "
        "supervisor who calls."
    )
    window_from: datetime = strawberry.field(description="From when; what has passed of the window does not count.")
    window_to: datetime = strawberry.field(
        description="Until when: at least 30 minutes later, at most 7 days from now."
    )
    note: str | None = strawberry.field(
        default=None, description="What the caller should know, at most 200 characters."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="Why a block is wrong.")
class AppealBlockInput:
    question_id: strawberry.ID = strawberry.field(description="A blocked question of hers.")
    text: str = strawberry.field(description="Why it should be passed on, 5 to 500 characters.")
    disclose: bool = strawberry.field(
        description="Whether the supervisor may read the question's words; without it she decides on the text alone."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class PetitionsMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Ask to be called by a supervisor about an open question; one callback at a time.",
    )
    async def request_callback(
        self, info: Info, input: Annotated[RequestCallbackInput, strawberry.argument(description="When and where.")]
    ) -> RequestCallbackResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        wanted = Callback(phone=input.phone, window_from=input.window_from, window_to=input.window_to, note=input.note)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            id = await actions.request_callback(session, viewer(info), keys, question, wanted, key, now(session))
        return await _found(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Ask a supervisor to look at a block again, once; she decides within two working days.",
    )
    async def appeal_block(
        self, info: Info, input: Annotated[AppealBlockInput, strawberry.argument(description="Why.")]
    ) -> AppealBlockResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        async with info.context.write() as session:
            keys, key, moment = info.context.door(KeyProvider), input.idempotency_key, now(session)
            said = input.text, input.disclose
            id = await actions.appeal(session, viewer(info), keys, question, *said, key, moment)
        return await _found(info, id)


async def _found(info: Info, id: UUID) -> Petition:
    row = await info.context.loader(PetitionById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return Petition.of(row)


async def _petitions(info: Info, keys: list[str]) -> list[Petition | None]:
    rows = await info.context.loader(PetitionById).load_many([as_uuid(key) for key in keys])
    return [Petition.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Petition": _petitions}
