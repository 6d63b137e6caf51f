"""Editors set up a jury: how it judges, who does, and when it ends."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.api.offices import person_of
from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.contests.actions import judging as actions
from app.contests.loaders import JurorById
from app.contests.reads import juries as reads
from app.contests.rules.judging import Criterion, Rubric
from app.contests.types.juries import (
    EndJudgingResult,
    Juror,
    JurorResult,
    JuryConflict,
    SetContestJuryResult,
)
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Edits, IsEditor

Of = Annotated[strawberry.ID, strawberry.argument(description="Of which contest, by the activity's id.")]


@strawberry.input(description="What is judged, and by how much.")
class JuryCriterionInput:
    name: str = strawberry.field(description="What is looked at, 1 to 40 characters.")
    weight: int = strawberry.field(description="Its part of the whole; of all criteria together 100.")
    scale: int = strawberry.field(description="The most points, 1 to 100.")


@strawberry.input(description="How many prizes there are, 0 to 500 of each and no more than are on the shortlist.")
class ContestPrizesInput:
    first: int = strawberry.field(default=0, description="一等奖.")
    second: int = strawberry.field(default=0, description="二等奖.")
    third: int = strawberry.field(default=0, description="三等奖.")
    encouragement: int = strawberry.field(default=0, description="优秀奖.")


@strawberry.input(description="How a contest is judged.")
class SetContestJuryInput:
    activity_id: strawberry.ID = strawberry.field(description="A contest, before it is SCORING.")
    version: int = strawberry.field(description="As you read it; 0 where nobody has set it up yet.")
    criteria: list[JuryCriterionInput] = strawberry.field(description="1 to 10.")
    scores_needed: int = strawberry.field(description="So many scores an entry needs, 1 to 20.")
    vote_share: int = strawberry.field(default=0, description="Percent of the total that the votes are, 0 to 100.")
    shortlist: int = strawberry.field(description="How many are on it, 1 to 500.")
    prizes: ContestPrizesInput = strawberry.field(description="How many prizes there are.")


@strawberry.input(description="Somebody is asked to judge.")
class NameJurorInput:
    activity_id: strawberry.ID = strawberry.field(description="Which contest; its jury is set up.")
    person_id: strawberry.ID = strawberry.field(description="A file's id, or a lawyer's as the directory gives it.")
    called: str = strawberry.field(description="How you call her, 1 to 40 characters; told to her and the staff alone.")


@strawberry.input(description="Whom one does without.")
class ReleaseJurorInput:
    juror_id: strawberry.ID = strawberry.field(description="Who.")


@strawberry.input(description="Judging is over.")
class EndJudgingInput:
    activity_id: strawberry.ID = strawberry.field(description="A contest that is SCORING.")


@strawberry.type
class JuryQuery:
    @strawberry.field(permission_classes=[Edits], description="Who is asked to judge a contest, the newest first.")
    async def jurors(
        self,
        info: Info,
        activity_id: Of,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Juror] | None:
        wanted, id = page(first, after, last, before), activity_of(activity_id)
        async with info.context.read() as session:
            rows = await reads.juror_page(session, viewer(info), wanted, id)
        return jurors_of(wanted, rows)

    @strawberry.field(
        permission_classes=[Edits], description="Which jurors were kept from which entries, the newest first."
    )
    async def jury_conflicts(
        self,
        info: Info,
        activity_id: Of,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[JuryConflict] | None:
        wanted, id = page(first, after, last, before), activity_of(activity_id)
        async with info.context.read() as session:
            rows = await reads.conflict_page(session, viewer(info), wanted, id)
        made: Connection[JuryConflict] = connect(wanted, rows, lambda row: (row.at, row.id), JuryConflict.of)
        return made


@strawberry.type
class JuryMutation:
    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="Say how a contest is judged: its criteria, the votes' share, the shortlist and the prizes. It "
        "stays as it is from the moment judging begins.",
    )
    async def set_contest_jury(
        self, info: Info, input: Annotated[SetContestJuryInput, strawberry.argument(description="How.")]
    ) -> SetContestJuryResult | None:
        id, prizes = activity_of(input.activity_id), input.prizes
        said = Rubric(
            criteria=tuple(Criterion(name=one.name, weight=one.weight, scale=one.scale) for one in input.criteria),
            needed=input.scores_needed,
            vote_share=input.vote_share,
            shortlist=input.shortlist,
            prizes=(prizes.first, prizes.second, prizes.third, prizes.encouragement),
        )
        async with info.context.write() as session:
            await actions.set_up(session, viewer(info), id, input.version, said, now(session))
        return await _activity(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor], description="Ask somebody to judge; she is told. Twice is once."
    )
    async def name_juror(
        self, info: Info, input: Annotated[NameJurorInput, strawberry.argument(description="Whom.")]
    ) -> JurorResult | None:
        activity, person = activity_of(input.activity_id), person_of(input.person_id)
        async with info.context.write() as session:
            id = await actions.name(session, viewer(info), activity, person, input.called)
        return await juror(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor], description="Do without a juror, before judging ends: her scores do not count."
    )
    async def release_juror(
        self, info: Info, input: Annotated[ReleaseJurorInput, strawberry.argument(description="Whom.")]
    ) -> JurorResult | None:
        id = uuid_of(input.juror_id, "Juror", "jurorId")
        async with info.context.write() as session:
            await actions.release(session, viewer(info), id)
        return await juror(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="End the judging once every entry has scores enough: the places, the shortlist and the prizes "
        "follow by rule. What was awarded everybody sees when the activity is announced.",
    )
    async def end_judging(
        self, info: Info, input: Annotated[EndJudgingInput, strawberry.argument(description="Of what.")]
    ) -> EndJudgingResult | None:
        id = activity_of(input.activity_id)
        async with info.context.write() as session:
            await actions.end(session, viewer(info), id)
        return await _activity(info, id)


def activity_of(said: str) -> UUID:
    return uuid_of(said, "Activity", "activityId")


def jurors_of(wanted: Any, rows: Any) -> Connection[Juror]:
    made: Connection[Juror] = connect(wanted, rows, lambda row: (row.named_at, row.id), Juror.of)
    return made


async def _activity(info: Info, id: UUID) -> Activity:
    row = await info.context.loader(ActivityById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "activityId")
    return Activity.of(row)


async def juror(info: Info, id: UUID) -> Juror:
    row = await info.context.loader(JurorById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "jurorId")
    return Juror.of(row)
