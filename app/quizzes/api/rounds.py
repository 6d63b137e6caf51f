"""Setting a quiz up, and how it stands."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.core.db import Session, now
from app.core.errors import NOT_FOUND, refuse
from app.core.errors import Refused as Refusal
from app.graph import live
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import Anyone, Edits, IsEditor, IsResident
from app.graph.refusals import Refused
from app.graph.visible import SHARED
from app.graph.weights import Cost
from app.quizzes.actions import ending
from app.quizzes.actions import rounds as actions
from app.quizzes.loaders import RoundOf
from app.quizzes.models import Entrants, Reveals
from app.quizzes.reads import rounds as reads
from app.quizzes.reads.rounds import Board
from app.quizzes.rules.prizes import Prize
from app.quizzes.rules.rounds import Setup, board_of
from app.quizzes.types.rounds import (
    Leaderboard,
    LeaderboardPlace,
    LeaderboardUpdatesResult,
    SetQuizRoundResult,
    VoidAttemptResult,
)

ACTIVITY = strawberry.argument(description="An activity of the kind QUIZ.")
TOP = 50
"""How many stand on the board."""


@strawberry.input(description="A prize of a quiz.")
class QuizPrizeInput:
    name: str = strawberry.field(description="What it is, 2 to 40 characters.")
    stock: int = strawberry.field(description="How many there are, 1 to 10,000; all prizes together 10,000 at most.")


@strawberry.input(description="How a quiz goes.")
class SetQuizRoundInput:
    activity_id: strawberry.ID = strawberry.field(description="An activity of the kind QUIZ, while it is a DRAFT.")
    version: int = strawberry.field(description="As you read it; 0 where nobody has set it up yet.")
    question_ids: list[strawberry.ID] = strawberry.field(description="1 to 500 questions that are APPROVED.")
    draws: int = strawberry.field(description="How many of them everybody is asked, 1 to 100.")
    seconds: int = strawberry.field(description="How long an attempt lasts, 30 to 14,400.")
    attempts: int = strawberry.field(default=1, description="How many everybody has, 1 to 10.")
    reveals: Reveals = strawberry.field(default=Reveals.ROUND, description="When right answers are shown.")
    entrants: Entrants = strawberry.field(default=Entrants.PERSON, description="For whom it is taken.")
    groups: list[str] = strawberry.field(
        default_factory=list, description="Names of the teams or schools, 2 to 200 of 2 to 40 characters; else none."
    )
    pass_mark: int | None = strawberry.field(
        default=None,
        description="Right answers that a certificate takes, 1 to `draws`, where the activity has an institution; "
        "without it nobody is given one.",
    )
    prizes: list[QuizPrizeInput] = strawberry.field(
        default_factory=list,
        description="What there is to win, at most 20 kinds: the first go to the best of the board, and so on down "
        "while the stock reaches; of those who have `passMark` right answers, or one where there is no mark.",
    )


@strawberry.input(description="What stands on the board of a quiz and is not to count.")
class VoidAttemptInput:
    activity_id: strawberry.ID = strawberry.field(description="An activity of the kind QUIZ.")
    alias: str = strawberry.field(description="`LeaderboardEntry.alias`, as you read it.")
    place: int = strawberry.field(description="`LeaderboardEntry.place`, as you read it.")
    reason: str = strawberry.field(description="Why, 4 to 300 characters: she reads it, and so do your colleagues.")


@strawberry.type
class RoundsQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="The best 50 of a quiz by pseudonyms, and what teams or schools did together; null of what is no "
        "quiz that everybody may see.",
        directives=[SHARED, Cost(weight=5)],
    )
    async def leaderboard(self, info: Info, activity_id: Annotated[strawberry.ID, ACTIVITY]) -> Leaderboard | None:
        id = _activity_of(activity_id)
        if (row := await _round(info, id)) is None:
            return None
        async with info.context.read() as session:
            board = await reads.board(session, id, TOP, row.entrants != Entrants.PERSON)
        return Leaderboard.of(board, row.groups)

    @strawberry.field(
        permission_classes=[IsResident], description="You on the board of a quiz; null where you take no part in it."
    )
    async def my_leaderboard_place(
        self, info: Info, activity_id: Annotated[strawberry.ID, ACTIVITY]
    ) -> LeaderboardPlace | None:
        id = _activity_of(activity_id)
        row = await info.context.loader(RoundOf).load(id)
        async with info.context.read() as session:
            mine = await reads.entrant(session, viewer(info), id)
            place = await reads.place(session, id) if mine else None
        if mine is None or row is None:
            return None
        group = row.groups[mine.team - 1] if mine.team else None
        return LeaderboardPlace(place=place, alias=mine.alias, group=group, score=mine.score if mine.best else None)


@strawberry.type
class RoundsMutation:
    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="Say how a quiz goes, while its activity is a draft: what is reviewed is what is taken. Whoever "
        "says so has a hand in it; said otherwise than before, the activity's `version` grows.",
    )
    async def set_quiz_round(
        self, info: Info, input: Annotated[SetQuizRoundInput, strawberry.argument(description="How.")]
    ) -> SetQuizRoundResult | None:
        id = _activity_of(input.activity_id)
        said = Setup(
            questions=tuple(uuid_of(one, "QuizQuestion", "questionIds") for one in input.question_ids),
            draws=input.draws,
            seconds=input.seconds,
            attempts=input.attempts,
            reveals=input.reveals,
            entrants=input.entrants,
            groups=tuple(input.groups),
            pass_mark=input.pass_mark,
            prizes=tuple(Prize(name=prize.name, stock=prize.stock) for prize in input.prizes),
        )
        async with info.context.write() as session:
            await actions.set_up(session, viewer(info), id, input.version, said, now(session))
        row = await info.context.loader(ActivityById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "activityId")
        return Activity.of(row)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Void the attempt that stands at a place of the board, and say why: what remains to her counts "
        "instead, her certificate is withdrawn, and a prize that she has not fetched is on the shelf again. She is "
        "told; `Activity.steps` keep who did it. Gives the board without it.",
    )
    async def void_attempt(
        self, info: Info, input: Annotated[VoidAttemptInput, strawberry.argument(description="Which, and why.")]
    ) -> VoidAttemptResult | None:
        id = _activity_of(input.activity_id)
        async with info.context.write() as session:
            await ending.void(session, viewer(info), id, input.alias, input.place, input.reason)
        if (row := await _round(info, id)) is None:
            raise refuse(NOT_FOUND, "activityId")
        async with info.context.read() as session:
            board = await reads.board(session, id, TOP, row.entrants != Entrants.PERSON)
        return Leaderboard.of(board, row.groups)


@strawberry.type
class RoundsSubscription:
    @strawberry.subscription(
        permission_classes=[Anyone],
        directives=[SHARED],
        description="How a quiz stands, as in `leaderboard`, and again whenever it stands otherwise.",
    )
    async def leaderboard_updates(
        self, info: Info, activity_id: Annotated[strawberry.ID, ACTIVITY]
    ) -> AsyncGenerator[LeaderboardUpdatesResult, None]:
        try:
            id = _activity_of(activity_id)
            if (row := await _round(info, id)) is None:
                raise refuse(NOT_FOUND, "activityId")
        except Refusal as refused:
            yield Refused.of(refused, info.context.language)
            return

        async def look(session: Session) -> tuple[Board, Board]:
            board = await reads.board(session, id, TOP, row.entrants != Entrants.PERSON)
            return board, board

        async for board in live.states(info.context, board_of(id), look):
            yield Leaderboard.of(board, row.groups)


def _activity_of(said: str) -> UUID:
    return uuid_of(said, "Activity", "activityId")


async def _round(info: Info, id: UUID) -> Any | None:
    """Of an activity that the viewer may see."""
    if await info.context.loader(ActivityById).load(id) is None:
        return None
    return await info.context.loader(RoundOf).load(id)
