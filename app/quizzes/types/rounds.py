"""A quiz, an attempt at it, and the board."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.extending import extends
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Reason, Refused
from app.graph.weights import ListSize
from app.papers.loaders import PapersOf
from app.papers.types import Paper
from app.quizzes.actions.attempts import Saved, shape
from app.quizzes.loaders import ItemsOf, PrizesOf, RoundOf
from app.quizzes.models import AttemptState, Entrants, QuestionKind, Reveals
from app.quizzes.reads.rounds import Board
from app.quizzes.rules.drawing import seen
from app.quizzes.rules.rounds import ATTEMPT_CLOSED
from app.quizzes.types.prizes import QuizPrize

explain(
    Reveals,
    "When right answers are shown to who took a quiz.",
    "QuizReveals",
    ATTEMPT="As soon as her attempt is closed.",
    ROUND="Once the whole quiz is over, and nobody takes it any more.",
)
explain(
    Entrants,
    "For whom people take a quiz.",
    "QuizEntrants",
    PERSON="Everybody for herself.",
    TEAM="For a team; totals of three people or more are told.",
    SCHOOL="For a school; totals of ten people or more are told, and no list of anybody.",
)
explain(
    AttemptState,
    "Where an attempt stands.",
    "QuizAttemptState",
    STARTED="It runs until `deadline`; every answer is kept when it is saved.",
    SUBMITTED="She closed it.",
    AUTO_SUBMITTED="Its deadline closed it, with all that was saved.",
    VOIDED="An editor said that it does not count; `voidedFor` says why.",
)


@strawberry.type(description="How a quiz goes.", directives=[visible.WITHIN])
class QuizRound:
    row: strawberry.Private[Any]
    draws: int = strawberry.field(description="How many questions everybody is asked, drawn for each attempt.")
    pool_size: int = strawberry.field(description="From how many they are drawn.")
    seconds: int = strawberry.field(description="How long an attempt lasts; never beyond the activity's `closesAt`.")
    attempts: int = strawberry.field(description="How many attempts everybody has; the best one counts.")
    reveals: Reveals = strawberry.field(description="When right answers are shown.")
    entrants: Entrants = strawberry.field(description="For whom it is taken.")
    groups: list[str] = strawberry.field(description="The teams or schools.", directives=[ListSize(assumed_size=20)])
    pass_mark: int | None = strawberry.field(
        description="Right answers that a certificate takes; null where nobody is given one."
    )
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        names = ("draws", "seconds", "attempts", "pass_mark", "version")
        return cls(
            row=row,
            pool_size=len(row.pool),
            reveals=Reveals(row.reveals),
            entrants=Entrants(row.entrants),
            groups=list(row.groups),
            **{name: getattr(row, name) for name in names},
        )

    @strawberry.field(
        description="What there is to win, the first for the best.", directives=[ListSize(assumed_size=3)]
    )
    async def prizes(self, info: Info) -> list[QuizPrize]:
        return [QuizPrize.of(row) for row in await info.context.loader(PrizesOf).load(self.row.activity)]


@extends(Activity)
@strawberry.field(description="How the quiz goes; null of other kinds, and before it is set up.")
async def quiz(root: strawberry.Parent[Activity], info: Info) -> QuizRound | None:
    row = await info.context.loader(RoundOf).load(root.row.id)
    return QuizRound.of(row) if row else None


@strawberry.type(description="A question that an attempt asks.", directives=[visible.WITHIN])
class QuizItem:
    item: int = strawberry.field(description="Its place in the attempt, from 1.")
    kind: QuestionKind = strawberry.field(description="How it is answered.")
    stem: str = strawberry.field(description="What is asked.")
    options: list[str] = strawberry.field(
        description="In the order of this attempt.", directives=[ListSize(assumed_size=4)]
    )
    chosen: list[int] | None = strawberry.field(
        description="Places of options from 0 as they were saved, of ORDERING in that order; null before the first "
        "save, empty where it was taken back."
    )
    sequence: int | None = strawberry.field(description="The `sequence` it was saved with; null before.")
    saved_at: datetime | None = strawberry.field(description="When; null before.")
    right: list[int] | None = strawberry.field(
        description="Places of the right options; null until it may be told, like all that follows."
    )
    correct: bool | None = strawberry.field(description="Whether what was chosen is right.")
    explanation: str | None = strawberry.field(description="Why.")
    law: str | None = strawberry.field(description="The law it rests on.")
    article: str | None = strawberry.field(description="And its article.")

    @classmethod
    def of(cls, attempt: Any, row: Any) -> Self:
        kind, shown = shape(attempt, row.item)
        told = row.answer is not None
        return cls(
            item=row.item,
            kind=kind,
            stem=row.stem,
            options=[row.options[place] for place in shown],
            chosen=None if row.choice is None else seen(row.choice, shown, kind),
            sequence=row.turn,
            saved_at=row.saved_at,
            right=seen(row.answer, shown, kind) if told else None,
            correct=row.choice == row.answer if told else None,
            explanation=row.explanation,
            law=row.law,
            article=row.article,
        )


@strawberry.type(description="An attempt at a quiz; hers alone who takes it.", directives=[visible.SELF])
class QuizAttempt(Node):
    row: strawberry.Private[Any]
    number: int = strawberry.field(description="Which of hers it is, from 1.")
    state: AttemptState = strawberry.field(description="Where it stands.")
    started_at: datetime = strawberry.field(description="When it began, by the house's clock.")
    deadline: datetime = strawberry.field(
        description="When it ends. What was on its way is taken for 30 seconds more; then it is closed by itself."
    )
    total: int = strawberry.field(description="How many questions it asks.")
    closed_at: datetime | None = strawberry.field(description="When it was closed.")
    answered: int | None = strawberry.field(description="Once it is closed: how many she answered.")
    score: int | None = strawberry.field(description="Once it is closed: how many of them are right.")
    seconds: float | None = strawberry.field(description="Once it is closed: how long it took.")
    voided_for: str | None = strawberry.field(description="Why it does not count; null where it does.")

    @classmethod
    def of(cls, row: Any) -> Self:
        names = ("started_at", "deadline", "closed_at", "answered", "score")
        return cls(
            id=global_id("QuizAttempt", row.id),
            row=row,
            number=row.n,
            state=AttemptState(row.state),
            total=len(row.questions),
            seconds=None if row.duration is None else row.duration / 1000,
            voided_for=row.reason or None,
            **{name: getattr(row, name) for name in names},
        )

    @strawberry.field(
        description="What it asks, in its own order, with what is saved.", directives=[ListSize(assumed_size=20)]
    )
    async def items(self, info: Info) -> list[QuizItem]:
        return [QuizItem.of(self.row, row) for row in await info.context.loader(ItemsOf).load(self.row.id)]

    @strawberry.field(description="Her certificate; null before she ordered it by `orderCertificate`.")
    async def certificate(self, info: Info) -> Paper | None:
        rows = await info.context.loader(PapersOf).load(self.row.id) if self.row.closed_at else []
        return Paper.of(rows[0]) if rows else None

    @strawberry.field(description="The activity it is an attempt at.")
    async def activity(self, info: Info) -> Activity | None:
        row = await info.context.loader(ActivityById).load(self.row.round)
        return Activity.of(row) if row else None


@strawberry.type(description="What stands of an answer.", directives=[visible.SELF])
class SavedAnswer:
    item: int = strawberry.field(description="The question's place in the attempt.")
    chosen: list[int] = strawberry.field(description="Places of options from 0, as they stand.")
    sequence: int = strawberry.field(
        description="The `sequence` of what stands: higher than the one sent where a later answer came before it."
    )
    saved_at: datetime = strawberry.field(description="When what stands was saved.")

    @classmethod
    def of(cls, saved: Saved, attempt: Any) -> Self:
        kind, shown = shape(attempt, saved.item)
        chosen = seen(saved.chosen, shown, kind)
        return cls(item=saved.item, chosen=chosen, sequence=saved.turn, saved_at=saved.saved_at)


@strawberry.type(
    description="The attempt is closed: nothing more is taken, and all that was saved counts.",
    directives=[visible.SELF],
)
class AttemptClosed:
    reasons: list[Reason] = strawberry.field(description="One, with the code ATTEMPT_CLOSED.")
    attempt: QuizAttempt = strawberry.field(description="With what was saved.")

    @classmethod
    def of(cls, row: Any, info: Info) -> Self:
        message = ATTEMPT_CLOSED.message(info.context.language, {})
        reason = Reason(code=ATTEMPT_CLOSED.name, message=message, field="attemptId")
        return cls(reasons=[reason], attempt=QuizAttempt.of(row))


@strawberry.type(description="Somebody on the board, by a pseudonym.", directives=[visible.WITHIN])
class LeaderboardEntry:
    place: int = strawberry.field(description="From 1; who did the same in the same time shares one.")
    alias: str = strawberry.field(description="A pseudonym that the house gave.")
    score: int = strawberry.field(description="Right answers of the best attempt.")
    seconds: float = strawberry.field(description="How long that took: of the same score the shorter stands first.")
    reached_at: datetime = strawberry.field(description="When: of the same time the earlier stands first.")


@strawberry.type(description="What a team or a school did together.", directives=[visible.WITHIN])
class LeaderboardGroup:
    place: int = strawberry.field(description="From 1.")
    name: str = strawberry.field(description="Of the team or the school.")
    entrants: int = strawberry.field(description="How many took part; few are not told at all.")
    average_score: float = strawberry.field(description="Of everybody's best attempts: by this they are placed.")


@strawberry.type(description="How a quiz stands. The same for everybody.", directives=[visible.ANYONE])
class Leaderboard:
    entries: list[LeaderboardEntry] = strawberry.field(
        description="The best, by pseudonyms.", directives=[ListSize(assumed_size=20)]
    )
    groups: list[LeaderboardGroup] = strawberry.field(
        description="Teams or schools, the best first; none where everybody takes it for herself.",
        directives=[ListSize(assumed_size=20)],
    )

    @classmethod
    def of(cls, board: Board, groups: Sequence[str]) -> Self:
        entries = [
            LeaderboardEntry(place=place, alias=alias, score=score, seconds=duration / 1000, reached_at=at)
            for place, alias, score, duration, at in board.entries
        ]
        best = sorted(board.teams, key=lambda team: (-team[2] / team[1], team[3] / team[1], team[0]))
        return cls(
            entries=entries,
            groups=[
                LeaderboardGroup(place=n, name=groups[team - 1], entrants=count, average_score=points / count)
                for n, (team, count, points, _) in enumerate(best, 1)
            ],
        )


@strawberry.type(description="Yourself on the board.", directives=[visible.SELF])
class LeaderboardPlace:
    place: int | None = strawberry.field(description="From 1; null before an attempt of yours is closed.")
    alias: str = strawberry.field(description="Your pseudonym.")
    group: str | None = strawberry.field(description="The team or school you take it for.")
    score: int | None = strawberry.field(description="Right answers of your best attempt; null before it is closed.")


SetQuizRoundResult = Annotated[Activity | Refused, strawberry.union("SetQuizRoundResult", description=PAYLOAD)]
StartAttemptResult = Annotated[QuizAttempt | Refused, strawberry.union("StartAttemptResult", description=PAYLOAD)]
SaveAnswerResult = Annotated[
    SavedAnswer | AttemptClosed | Refused, strawberry.union("SaveAnswerResult", description=PAYLOAD)
]
SubmitAttemptResult = Annotated[
    QuizAttempt | AttemptClosed | Refused, strawberry.union("SubmitAttemptResult", description=PAYLOAD)
]
OrderCertificateResult = Annotated[
    QuizAttempt | Refused, strawberry.union("OrderCertificateResult", description=PAYLOAD)
]
VoidAttemptResult = Annotated[Leaderboard | Refused, strawberry.union("VoidAttemptResult", description=PAYLOAD)]
LeaderboardUpdatesResult = Annotated[
    Leaderboard | Refused, strawberry.union("LeaderboardUpdatesResult", description=PAYLOAD)
]
