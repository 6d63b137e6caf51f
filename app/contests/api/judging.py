"""Jurors judge, and the result is told."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.contests.actions import judging as actions
from app.contests.api.juries import Of, activity_of, juror, jurors_of
from app.contests.loaders import ConflictById, ExhibitOf, JudgedById, JurorById, ResultOf
from app.contests.models.juries import ConflictKind
from app.contests.reads import juries as reads
from app.contests.types import Exhibit
from app.contests.types.juries import (
    DeclareConflictResult,
    JudgedExhibit,
    Juror,
    JurorResult,
    JuryConflict,
    RankedEntry,
    ScoreEntryResult,
)
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident


@strawberry.input(description="Whether you judge.")
class AnswerJuryInput:
    juror_id: strawberry.ID = strawberry.field(description="Of `myJuries`.")
    accept: bool = strawberry.field(description="False at any time before judging ends: what you gave does not count.")
    schools: list[str] = strawberry.field(
        default_factory=list,
        description="Schools and institutions that you belong to, at most 10 of 2 to 40 characters, where you accept: "
        "you judge nothing that comes from there. Kept as digests alone; your post's institution is among them anyway.",
    )


@strawberry.input(description="What you give an entry.")
class ScoreEntryInput:
    exhibit_id: strawberry.ID = strawberry.field(description="One of `judgingSheet`.")
    points: list[int] = strawberry.field(description="Of each criterion in turn; in place of what you gave before.")


@strawberry.input(description="That you may not judge it.")
class DeclareConflictInput:
    exhibit_id: strawberry.ID = strawberry.field(description="Which.")
    kind: ConflictKind = strawberry.field(description="Why: RELATIVE, TEACHER or OTHER.")


@strawberry.type
class JudgingQuery:
    @strawberry.field(permission_classes=[IsResident], description="What you are asked to judge, the newest first.")
    async def my_juries(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Juror] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.juror_page(session, viewer(info), wanted, None)
        return jurors_of(wanted, rows)

    @strawberry.field(
        permission_classes=[IsResident],
        description="What you judge, the first shown first: all that is shown but your own, your wards', what comes "
        "from a school or institution of yours, and what you may not judge as you said. Empty for who is no juror, and "
        "before judging begins.",
    )
    async def judging_sheet(
        self,
        info: Info,
        activity_id: Of,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[JudgedExhibit] | None:
        wanted, id = page(first, after, last, before), activity_of(activity_id)
        async with info.context.read() as session:
            rows = await reads.sheet(session, viewer(info), wanted, id)
        made: Connection[JudgedExhibit] = connect(wanted, rows, lambda row: (row.since, row.entry), JudgedExhibit.of)
        return made

    @strawberry.field(
        permission_classes=[IsResident],
        description="What came of a contest's entries, the best first, for who judged and who looks after contests; "
        "empty until judging has ended.",
    )
    async def contest_results(
        self,
        info: Info,
        activity_id: Of,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RankedEntry] | None:
        wanted, id = page(first, after, last, before, key=int), activity_of(activity_id)
        async with info.context.read() as session:
            rows = await reads.result_page(session, viewer(info), wanted, id)
        made: Connection[RankedEntry] = connect(wanted, rows, lambda row: (row.place, row.entry), RankedEntry.of)
        return made


@strawberry.type
class JudgingMutation:
    @strawberry.mutation(permission_classes=[IsResident], description="Say whether you judge, and where you belong.")
    async def answer_jury(
        self, info: Info, input: Annotated[AnswerJuryInput, strawberry.argument(description="Whether.")]
    ) -> JurorResult | None:
        id, keys = uuid_of(input.juror_id, "Juror", "jurorId"), info.context.door(KeyProvider)
        async with info.context.write() as session:
            await actions.answer(session, viewer(info), keys, id, input.accept, input.schools)
        return await juror(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Give an entry your points; nobody else reads them until judging has ended.",
    )
    async def score_entry(
        self, info: Info, input: Annotated[ScoreEntryInput, strawberry.argument(description="What you give.")]
    ) -> ScoreEntryResult | None:
        id = _exhibit_of(input.exhibit_id)
        async with info.context.write() as session:
            await actions.judge(session, id, input.points)
        row = await info.context.loader(JudgedById).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "exhibitId")
        return JudgedExhibit.of(row)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say that you may not judge an entry: for good, and what you gave it does not count.",
    )
    async def declare_conflict(
        self, info: Info, input: Annotated[DeclareConflictInput, strawberry.argument(description="Which, and why.")]
    ) -> DeclareConflictResult | None:
        id = _exhibit_of(input.exhibit_id)
        async with info.context.write() as session:
            await actions.declare(session, id, input.kind)
        row = await info.context.loader(ExhibitOf).load(id)
        if row is None:
            raise refuse(NOT_FOUND, "exhibitId")
        return Exhibit.of(row)


def _exhibit_of(said: str) -> UUID:
    return uuid_of(said, "Exhibit", "exhibitId")


async def _jurors(info: Info, keys: list[str]) -> list[Juror | None]:
    rows = await info.context.loader(JurorById).load_many([as_uuid(key) for key in keys])
    return [Juror.of(row) if row else None for row in rows]


async def _judged(info: Info, keys: list[str]) -> list[JudgedExhibit | None]:
    rows = await info.context.loader(JudgedById).load_many([as_uuid(key) for key in keys])
    return [JudgedExhibit.of(row) if row else None for row in rows]


async def _results(info: Info, keys: list[str]) -> list[RankedEntry | None]:
    rows = await info.context.loader(ResultOf).load_many([as_uuid(key) for key in keys])
    return [RankedEntry.of(row) if row else None for row in rows]


async def _conflicts(info: Info, keys: list[str]) -> list[JuryConflict | None]:
    rows = await info.context.loader(ConflictById).load_many([as_uuid(key) for key in keys])
    return [JuryConflict.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {
    "Juror": _jurors,
    "JudgedExhibit": _judged,
    "RankedEntry": _results,
    "JuryConflict": _conflicts,
}
