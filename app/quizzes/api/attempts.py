"""Taking a quiz."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident
from app.graph.weights import Cost
from app.quizzes.actions import attempts as actions
from app.quizzes.actions import certifying
from app.quizzes.loaders import AttemptById
from app.quizzes.reads import rounds as reads
from app.quizzes.types.rounds import (
    AttemptClosed,
    OrderCertificateResult,
    QuizAttempt,
    SaveAnswerResult,
    SavedAnswer,
    StartAttemptResult,
    SubmitAttemptResult,
)


@strawberry.input(description="A quiz that you take.")
class StartAttemptInput:
    activity_id: strawberry.ID = strawberry.field(description="An activity of the kind QUIZ that is OPEN.")
    group: str | None = strawberry.field(
        default=None, description="Where teams or schools take it: which one of `QuizRound.groups`."
    )
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="Your answer to one question.")
class SaveAnswerInput:
    attempt_id: strawberry.ID = strawberry.field(description="Yours, STARTED.")
    item: int = strawberry.field(description="The question's place in it, from 1.")
    chosen: list[int] = strawberry.field(
        description="Places of options from 0 as `QuizItem.options` shows them; of ORDERING all of them in your order; "
        "empty to take an answer back."
    )
    sequence: int = strawberry.field(
        description="A number that grows with every answer of this attempt on this device. The highest stands: what is "
        "sent again late does not overwrite what was saved since."
    )


@strawberry.input(description="An attempt that you close.")
class SubmitAttemptInput:
    attempt_id: strawberry.ID = strawberry.field(description="Yours.")


@strawberry.input(description="The certificate of an attempt that passed.")
class OrderCertificateInput:
    attempt_id: strawberry.ID = strawberry.field(description="Yours, closed, with `QuizRound.passMark` or more.")
    name: str = strawberry.field(
        description="Your name as it shall stand on it, 2 to 40 characters; it says that you gave it yourself."
    )


@strawberry.type
class AttemptsQuery:
    @strawberry.field(permission_classes=[IsResident], description="Your attempts at quizzes, the latest first.")
    async def my_attempts(
        self,
        info: Info,
        activity_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only at this one.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[QuizAttempt] | None:
        wanted = page(first, after, last, before)
        round = uuid_of(activity_id, "Activity", "activityId") if activity_id is not None else None
        async with info.context.read() as session:
            rows = await reads.attempt_page(session, viewer(info), wanted, round)
        made: Connection[QuizAttempt] = connect(wanted, rows, lambda row: (row.started_at, row.id), QuizAttempt.of)
        return made


@strawberry.type
class AttemptsMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Begin an attempt, or go on with the one that runs already, on whatever device. Its time runs by "
        "the house's clock from now on.",
    )
    async def start_attempt(
        self, info: Info, input: Annotated[StartAttemptInput, strawberry.argument(description="Which quiz.")]
    ) -> StartAttemptResult | None:
        round, keys = uuid_of(input.activity_id, "Activity", "activityId"), info.context.door(KeyProvider)
        said = round, input.group, input.idempotency_key
        async with info.context.write() as session:
            id = await actions.start(session, viewer(info), keys, *said, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Save your answer to one question; it can be changed until the attempt is closed. Once this is "
        "answered it is kept, whatever becomes of the connection; sent again it changes nothing.",
        directives=[Cost(weight=3)],
    )
    async def save_answer(
        self, info: Info, input: Annotated[SaveAnswerInput, strawberry.argument(description="What you say.")]
    ) -> SaveAnswerResult | None:
        id = _attempt_of(input.attempt_id)
        async with info.context.write() as session:
            said = input.item, input.chosen, input.sequence
            saved, row = await actions.save(session, viewer(info), id, *said)
        return SavedAnswer.of(saved, row) if saved else AttemptClosed.of((await _shown(info, id)).row, info)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Close your attempt; what is saved counts. Twice is once; what its deadline has closed before "
        "stays as it is.",
    )
    async def submit_attempt(
        self, info: Info, input: Annotated[SubmitAttemptInput, strawberry.argument(description="Which one.")]
    ) -> SubmitAttemptResult | None:
        id = _attempt_of(input.attempt_id)
        async with info.context.write() as session:
            hers = await actions.submit(session, viewer(info), id)
        shown = await _shown(info, id)
        return shown if hers else AttemptClosed.of(shown.row, info)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Order the certificate of an attempt of yours that passed, once the results are told: a PDF with a "
        "code by which anybody can have it confirmed, there within seconds. Twice is once, with the first name.",
    )
    async def order_certificate(
        self, info: Info, input: Annotated[OrderCertificateInput, strawberry.argument(description="Of which attempt.")]
    ) -> OrderCertificateResult | None:
        id, keys = _attempt_of(input.attempt_id), info.context.door(KeyProvider)
        async with info.context.write() as session:
            await certifying.certify(session, viewer(info), keys, id, input.name, now(session))
        return await _shown(info, id)


def _attempt_of(said: str) -> UUID:
    return uuid_of(said, "QuizAttempt", "attemptId")


async def _shown(info: Info, id: UUID) -> QuizAttempt:
    row = await info.context.loader(AttemptById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "attemptId")
    return QuizAttempt.of(row)


async def _attempts(info: Info, keys: list[str]) -> list[QuizAttempt | None]:
    rows = await info.context.loader(AttemptById).load_many([as_uuid(key) for key in keys])
    return [QuizAttempt.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"QuizAttempt": _attempts}
