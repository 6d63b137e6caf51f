"""What the asker makes of the answers."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.actions import rating as actions
from app.consultation.api import nodes
from app.consultation.loaders.rating import RatingsOfAnswer
from app.consultation.reads import rating as reads
from app.consultation.rules.rating import ANSWERS, Opinion, rating_id, summed
from app.consultation.rules.record import against_days
from app.consultation.types.answer import Answer
from app.consultation.types.rating import RateAnswerResult, Rating, Satisfaction
from app.core.db import now
from app.core.errors import BAD_ID, NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import Anyone, IsResident
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import SHARED
from app.graph.weights import Cost

ChooseBestAnswerResult = Annotated[Answer | Refused, strawberry.union("ChooseBestAnswerResult", description=PAYLOAD)]


@strawberry.input(description="What the asker makes of an answer. What she says anew replaces all she said before.")
class RateAnswerInput:
    answer_id: strawberry.ID = strawberry.field(description="The answer, to a question of hers.")
    stars: int = strawberry.field(description="1 to 5.")
    understood: bool | None = strawberry.field(default=None, description="Whether she understood the answer.")
    knows_next_step: bool | None = strawberry.field(default=None, description="Whether she knows what to do next.")
    solved: bool | None = strawberry.field(default=None, description="Whether it solved her case.")
    comment: str | None = strawberry.field(
        default=None, description="In her words, at most 500 characters; read by the lawyer it is about."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The answer that the asker likes best.")
class ChooseBestAnswerInput:
    question_id: strawberry.ID = strawberry.field(description="A question of hers.")
    answer_id: strawberry.ID = strawberry.field(description="One of its answers.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class RatingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What askers make of answers, as it was published: of the whole months of the city's calendar (or "
        "several together) that lie within these days, always with its numbers. Days of other months add nothing.",
        directives=[SHARED, Cost(weight=20)],
    )
    async def satisfaction(
        self,
        info: Info,
        from_: Annotated[
            date, strawberry.argument(name="from", description="The first day of the city's calendar (UTC+8).")
        ],
        to: Annotated[date, strawberry.argument(description="The last day, at most today.")],
    ) -> Satisfaction | None:
        async with info.context.read() as session:
            refuse_if(against_days(from_, to, now(session)))
            return Satisfaction.of(summed(await reads.satisfaction(session, [ANSWERS], from_, to)))


@strawberry.type
class RatingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Rate an answer, in the round the question is in; it can be changed for seven days.",
    )
    async def rate_answer(
        self, info: Info, input: Annotated[RateAnswerInput, strawberry.argument(description="The rating.")]
    ) -> RateAnswerResult | None:
        answer = uuid_of(input.answer_id, "Answer", "answerId")
        said = Opinion(
            stars=input.stars,
            understood=input.understood,
            knows_next_step=input.knows_next_step,
            solved=input.solved,
            comment=input.comment,
        )
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.rate(session, viewer(info), keys, answer, said, input.idempotency_key, now(session))
        for row in await info.context.loader(RatingsOfAnswer).load(answer):
            if rating_id(answer, row.round) == id:
                return Rating.of(row)
        raise refuse(NOT_FOUND, "answerId")

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Choose the best answer of a question; it can be changed for seven days after the first choice.",
    )
    async def choose_best_answer(
        self, info: Info, input: Annotated[ChooseBestAnswerInput, strawberry.argument(description="The choice.")]
    ) -> ChooseBestAnswerResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        answer = uuid_of(input.answer_id, "Answer", "answerId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            key = input.idempotency_key
            best = await actions.choose_best(session, viewer(info), keys, question, answer, key, now(session))
        (found,) = await nodes.answers(info, [str(best)])
        if found is None:
            raise refuse(NOT_FOUND, "answerId")
        return found


async def _ratings(info: Info, keys: list[str]) -> list[Rating | None]:
    """A rating's key is `answer.round`."""
    pairs = [_rating_key(key) for key in keys]
    found = await info.context.loader(RatingsOfAnswer).load_many([answer for answer, _ in pairs])
    by_round = [{row.round: row for row in rows} for rows in found]
    return [Rating.of(rows[round]) if round in rows else None for rows, (_, round) in zip(by_round, pairs, strict=True)]


def _rating_key(key: str) -> tuple[UUID, int]:
    answer, _, said = key.partition(".")
    if not (said.isascii() and said.isdigit() and len(said) < 5 and str(int(said)) == said):
        raise refuse(BAD_ID, "id")
    return as_uuid(answer), int(said)


NODES: dict[str, Fetch] = {"Rating": _ratings}
