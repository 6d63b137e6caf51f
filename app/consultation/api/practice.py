"""What a lawyer says of her practice, and how fairly she is called."""

from datetime import timedelta
from typing import Annotated

import strawberry

from app.consultation.actions import practice as actions
from app.consultation.loaders import QuestionById
from app.consultation.reads import practice as reads
from app.consultation.rules import practice as rules
from app.consultation.types import practice as types
from app.consultation.types.practice import ClientList, Exposure, ExposureFigure
from app.consultation.types.question import Question
from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import key_of, uuid_of
from app.graph.permissions import IsLawyer
from app.graph.weights import Cost


@strawberry.input(description="Your clients, as you name them.")
class SetClientNamesInput:
    names: list[str] = strawberry.field(description="At most 500, of 2 to 60 characters; an empty list ends it.")


@strawberry.input(description="What a question is really about.")
class RecategoriseQuestionInput:
    question_id: strawberry.ID = strawberry.field(description="The question: one you have a seat on, or answered.")
    category_id: strawberry.ID = strawberry.field(description="What it is about: a category of `categories`.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class PracticeQuery:
    @strawberry.field(
        permission_classes=[IsLawyer],
        description="How often you were called and what came of it, beside your peers; null while you have no entry.",
        directives=[Cost(weight=50)],
    )
    async def exposure(
        self,
        info: Info,
        days: Annotated[int, strawberry.argument(description="Of how many days, 1 to 90.")] = 30,
    ) -> Exposure | None:
        least, most = rules.EXPOSURE_DAYS
        if not least <= days <= most:
            raise refuse(BAD_VALUE, "days")
        async with info.context.read() as session:
            since = now(session) - timedelta(days=days)
            seen = await reads.exposure(session, since)
            place = await reads.place(session, viewer(info).id)
        if seen is None:
            return None

        def figure(name: str) -> ExposureFigure:
            return ExposureFigure.of(getattr(seen, name), rules.spread(getattr(seen, f"{name}_of"), seen.peers))

        return Exposure(
            since=since,
            peers=seen.peers,
            offers=figure("offers"),
            claims=figure("claims"),
            leases_kept=figure("kept"),
            answers=figure("answers"),
            place_in_turn=place.place,
            in_turn=place.of,
        )

    @strawberry.field(permission_classes=[IsLawyer], description="Your list of clients, as far as the house knows it.")
    async def client_list(self, info: Info) -> ClientList | None:
        async with info.context.read() as session:
            return ClientList.of(await reads.clients(session, viewer(info)))


@strawberry.type
class PracticeMutation:
    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Say whom you represent, the whole list each time. Questions about them go to other firms.",
    )
    async def set_client_names(
        self,
        info: Info,
        input: Annotated[SetClientNamesInput, strawberry.argument(description="The whole list.")],
    ) -> types.SetClientNamesResult | None:
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await actions.set_clients(session, viewer(info), keys, input.names, now(session))
            return ClientList.of(await reads.clients(session, viewer(info)))

    @strawberry.mutation(
        permission_classes=[IsLawyer],
        description="Correct what a question is about, once a question: lawyers of the right field are called.",
    )
    async def recategorise_question(
        self,
        info: Info,
        input: Annotated[RecategoriseQuestionInput, strawberry.argument(description="The question and its category.")],
    ) -> types.RecategoriseQuestionResult | None:
        question = uuid_of(input.question_id, "Question", "questionId")
        said = actions.Correction(question=question, category=key_of(input.category_id, "Category", "categoryId"))
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await actions.recategorise(session, viewer(info), keys, said, input.idempotency_key, now(session))
        row = await info.context.loader(QuestionById).load(question)
        if row is None:
            raise refuse(NOT_FOUND, "questionId")
        return Question.of(row)
