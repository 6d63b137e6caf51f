"""What the asker says came of it."""

from typing import Annotated

import strawberry

from app.consultation import models
from app.consultation.actions import follow_through as actions
from app.consultation.api.asking import found
from app.consultation.rules.follow_through import CameOfIt
from app.consultation.types.question import Question
from app.core.db import now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import IsResident
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.types.path import PathWay

AnswerFollowThroughResult = Annotated[
    Question | Refused, strawberry.union("AnswerFollowThroughResult", description=PAYLOAD)
]
DeclineFollowThroughResult = Annotated[
    Question | Refused, strawberry.union("DeclineFollowThroughResult", description=PAYLOAD)
]


@strawberry.input(description="What came of it. What she says anew replaces all she said before.")
class AnswerFollowThroughInput:
    question_id: strawberry.ID = strawberry.field(description="A question of hers, about which she was asked.")
    way: PathWay | None = strawberry.field(
        default=None, description="Which way she took; null for none. UNDER_WAY and REFUSED need one."
    )
    outcome: models.CameOf = strawberry.field(description="How it stands.")
    hindrance: models.WhyNotBegun | None = strawberry.field(default=None, description="Of NOT_BEGUN, and needed: why.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="About which question she does not want to be asked.")
class DeclineFollowThroughInput:
    question_id: strawberry.ID = strawberry.field(description="A question of hers, resolved or not.")


@strawberry.type
class FollowThroughMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say what came of it, where the house asked (WHAT_CAME_OF_IT); it can be changed for thirty days.",
    )
    async def answer_follow_through(
        self, info: Info, input: Annotated[AnswerFollowThroughInput, strawberry.argument(description="The answer.")]
    ) -> AnswerFollowThroughResult | None:
        id = uuid_of(input.question_id, "Question", "questionId")
        said = CameOfIt(way=input.way, outcome=input.outcome, hindrance=input.hindrance)
        async with info.context.write() as session:
            keys, key = info.context.door(KeyProvider), input.idempotency_key
            await actions.answer(session, viewer(info), keys, id, said, key, now(session))
        return await found(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident], description="Not to be asked what came of a question, now or later: one tap."
    )
    async def decline_follow_through(
        self,
        info: Info,
        input: Annotated[DeclineFollowThroughInput, strawberry.argument(description="Which question.")],
    ) -> DeclineFollowThroughResult | None:
        id = uuid_of(input.question_id, "Question", "questionId")
        async with info.context.write() as session:
            await actions.decline(session, viewer(info), id, now(session))
        return await found(info, id)
