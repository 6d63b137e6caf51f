"""Juries as the graph shows them: the rubric to everybody, what a juror gave to her alone until judging has ended."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

import strawberry

from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.contests.actions.judging import rubric_of
from app.contests.loaders import ExhibitOf, JuryOf, ScoresOf
from app.contests.models.juries import ConflictKind, JurorState, Prize
from app.contests.rules.judging import score_of
from app.contests.types import Exhibit
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.extending import extends
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.graph.weights import ListSize

explain(
    JurorState,
    "Whether somebody judges.",
    INVITED="She is asked, and has not answered.",
    ACCEPTED="She judges.",
    DECLINED="She does not, or no longer.",
    RELEASED="It is done without her; what she gave does not count.",
)
explain(
    ConflictKind,
    "Why a juror may not judge an entry.",
    "JuryConflictKind",
    RELATIVE="She says that she is a relative.",
    TEACHER="She says that she is a teacher of whose it is.",
    OTHER="She says that she is not free to judge it.",
    FOUND="The house found it: her own, her ward's, or of a school or institution of hers. Which, it does not say.",
)
explain(
    Prize,
    "What an entry is awarded.",
    "ContestPrize",
    FIRST="一等奖.",
    SECOND="二等奖.",
    THIRD="三等奖.",
    ENCOURAGEMENT="优秀奖.",
)
JUDGED = visible.to(Audience.SELF, Audience.EDITOR, Audience.SUPERVISOR)
"""Who judged, and who looks after contests."""


@strawberry.type(description="What is judged, and by how much.", directives=[visible.WITHIN])
class JuryCriterion:
    name: str = strawberry.field(description="What is looked at.")
    weight: int = strawberry.field(description="Its part of the whole; of all criteria together 100.")
    scale: int = strawberry.field(description="The most points; the least is 0.")


@strawberry.type(description="How many prizes there are.", directives=[visible.WITHIN])
class ContestPrizes:
    first: int = strawberry.field(description="一等奖.")
    second: int = strawberry.field(description="二等奖.")
    third: int = strawberry.field(description="三等奖.")
    encouragement: int = strawberry.field(description="优秀奖.")


@strawberry.type(
    description="How a contest is judged, fixed before judging begins. A juror's score is out of 100; an entry has the "
    "mean of its scores, from five on without one highest and one lowest.",
    directives=[visible.WITHIN],
)
class ContestJury:
    criteria: list[JuryCriterion] = strawberry.field(
        description="In the order of `points`.", directives=[ListSize(assumed_size=5)]
    )
    scores_needed: int = strawberry.field(description="So many scores an entry needs before judging can end.")
    vote_share: int = strawberry.field(
        description="Percent of the total that the votes are, out of the most that any entry has; the jury's points "
        "are the rest."
    )
    shortlist: int = strawberry.field(description="How many are on it.")
    prizes: ContestPrizes = strawberry.field(description="How many there are of each.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")
    ended_at: datetime | None = strawberry.field(description="When judging ended; null before.")

    @classmethod
    def of(cls, row: Any) -> Self:
        each = zip(row.names, row.weights, row.scales, strict=True)
        return cls(
            criteria=[JuryCriterion(name=name, weight=weight, scale=scale) for name, weight, scale in each],
            scores_needed=row.needed,
            prizes=ContestPrizes(**{prize.lower(): many for prize, many in zip(Prize, row.prizes, strict=True)}),
            **{name: getattr(row, name) for name in ("vote_share", "shortlist", "version", "ended_at")},
        )


@extends(Activity)
@strawberry.field(description="How the contest is judged; null of other kinds, and before it is set up.")
async def jury(root: strawberry.Parent[Activity], info: Info) -> ContestJury | None:
    row = await info.context.loader(JuryOf).load(root.row.id)
    return ContestJury.of(row) if row else None


@strawberry.type(description="Somebody who is asked to judge a contest.", directives=[JUDGED])
class Juror(Node):
    row: strawberry.Private[Any]
    called: str = strawberry.field(description="As the editors call her; empty once she is gone.")
    state: JurorState = strawberry.field(description="Whether she judges.")
    state_at: datetime = strawberry.field(description="Since when.")
    named_at: datetime = strawberry.field(description="When she was asked first.")
    person_id: strawberry.ID | None = strawberry.field(description="Her file's id; null once she is gone.")
    named_by_id: strawberry.ID = strawberry.field(description="Who named her.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("called", "state_at", "named_at")}
        person = global_id("PersonFile", row.person) if row.person else None
        by, id = global_id("PersonFile", row.named_by), global_id("Juror", row.id)
        return cls(id=id, row=row, state=JurorState(row.state), person_id=person, named_by_id=by, **said)

    @strawberry.field(description="Of which contest.")
    async def activity(self, info: Info) -> Activity | None:
        row = await info.context.loader(ActivityById).load(self.row.activity)
        return Activity.of(row) if row else None


@strawberry.type(description="An entry as a juror has it before her, with what she gave it.", directives=[visible.SELF])
class JudgedExhibit(Node):
    row: strawberry.Private[Any]
    exhibit: Exhibit = strawberry.field(description="What everybody sees of it; nobody who judges sees more.")
    points: list[int] | None = strawberry.field(
        description="Yours, of each criterion in turn; null before you gave any.",
        directives=[ListSize(assumed_size=5)],
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(id=global_id("JudgedExhibit", row.entry), row=row, exhibit=Exhibit.of(row), points=row.given)

    @strawberry.field(description="What they come to, out of 100.")
    async def score(self, info: Info) -> Decimal | None:
        jury = await info.context.loader(JuryOf).load(self.row.activity)
        if self.points is None or jury is None or len(jury.names) != len(self.points):
            return None
        return Decimal(round(score_of(rubric_of(jury), self.points) * 100)).scaleb(-2)


@strawberry.type(description="What one juror gave.", directives=[visible.WITHIN])
class JurorScore:
    juror_id: strawberry.ID = strawberry.field(description="Who.")
    points: list[int] = strawberry.field(
        description="Of each criterion in turn.", directives=[ListSize(assumed_size=5)]
    )
    at: datetime = strawberry.field(description="When.")
    counts: bool = strawberry.field(description="False of who judges no longer, or might not judge this one.")


@strawberry.type(
    description="What came of an entry; told to who judged and who looks after contests once judging has ended.",
    directives=[JUDGED],
)
class RankedEntry(Node):
    row: strawberry.Private[Any]
    place: int = strawberry.field(description="From 1; no two have the same.")
    scores: int = strawberry.field(description="How many counted.")
    points: Decimal = strawberry.field(description="The jury's, out of 100.")
    votes: int = strawberry.field(description="How many counted.")
    total: Decimal = strawberry.field(description="Out of 100, with the votes' share.")
    prize: Prize | None = strawberry.field(description="What it is awarded with the announcement.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("place", "scores", "votes")}
        said |= {name: Decimal(getattr(row, name)).scaleb(-2) for name in ("points", "total")}
        return cls(
            id=global_id("RankedEntry", row.entry), row=row, prize=Prize(row.prize) if row.prize else None, **said
        )

    @strawberry.field(description="What everybody sees of it; null where it was taken down.")
    async def exhibit(self, info: Info) -> Exhibit | None:
        row = await info.context.loader(ExhibitOf).load(self.row.entry)
        return Exhibit.of(row) if row else None

    @strawberry.field(description="What each juror gave.", directives=[ListSize(assumed_size=7)])
    async def given(self, info: Info) -> list[JurorScore]:
        return [
            JurorScore(juror_id=global_id("Juror", row.juror), points=row.points, at=row.at, counts=row.counts)
            for row in await info.context.loader(ScoresOf).load(self.row.entry)
        ]


@strawberry.type(
    description="That a juror was kept from an entry: as she said, or as the house found when judging ended.",
    directives=[visible.EDITING],
)
class JuryConflict(Node):
    row: strawberry.Private[Any]
    juror_id: strawberry.ID = strawberry.field(description="Who.")
    kind: ConflictKind = strawberry.field(description="Why.")
    at: datetime = strawberry.field(description="When it was written down.")

    @classmethod
    def of(cls, row: Any) -> Self:
        id, juror = global_id("JuryConflict", row.id), global_id("Juror", row.juror)
        return cls(id=id, row=row, juror_id=juror, kind=ConflictKind(row.kind), at=row.at)

    @strawberry.field(description="From which; null where it was taken down.")
    async def exhibit(self, info: Info) -> Exhibit | None:
        row = await info.context.loader(ExhibitOf).load(self.row.entry)
        return Exhibit.of(row) if row else None


SetContestJuryResult = Annotated[Activity | Refused, strawberry.union("SetContestJuryResult", description=PAYLOAD)]
EndJudgingResult = Annotated[Activity | Refused, strawberry.union("EndJudgingResult", description=PAYLOAD)]
JurorResult = Annotated[Juror | Refused, strawberry.union("JurorResult", description=PAYLOAD)]
ScoreEntryResult = Annotated[JudgedExhibit | Refused, strawberry.union("ScoreEntryResult", description=PAYLOAD)]
DeclareConflictResult = Annotated[Exhibit | Refused, strawberry.union("DeclareConflictResult", description=PAYLOAD)]
