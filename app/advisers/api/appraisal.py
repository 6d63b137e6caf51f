"""The appraisal of an adviser's year, and contesting it."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.advisers.actions import appraisal as actions
from app.advisers.actions.appraisal import Decision
from app.advisers.loaders import ContestById
from app.advisers.models import Line
from app.advisers.reads import appraisal as reads
from app.advisers.rules.appraisal import Contest, against_year
from app.advisers.types.appraisal import AdviserAppraisal, AppraisalContest, AppraisalContestResult
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import KeepsRegister, SignedIn


@strawberry.input(description="A line of your appraisal that you say is wrong.")
class ContestAppraisalLineInput:
    term_id: strawberry.ID = strawberry.field(description="A term of yours.")
    year: int = strawberry.field(description="Of which year.")
    line: Line = strawberry.field(description="Which line.")
    reason: str = strawberry.field(description="Why, 4 to 300 characters. Name nobody in it.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="What becomes of a contest, and why.")
class DecideAppraisalContestInput:
    contest_id: strawberry.ID = strawberry.field(description="One that is open, and not your own.")
    uphold: bool = strawberry.field(description="True where she is right.")
    credited: int = strawberry.field(default=0, description="How many more are counted then, 1 to 100; else 0.")
    reason: str = strawberry.field(description="Why, 4 to 300 characters: she reads it.")


@strawberry.type
class AppraisalQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="An adviser's year: your own, or as one of the register's keepers; null of anybody else's.",
    )
    async def adviser_appraisal(
        self,
        info: Info,
        term_id: Annotated[strawberry.ID, strawberry.argument(description="Of which term.")],
        year: Annotated[int, strawberry.argument(description="Of which calendar year.")],
    ) -> AdviserAppraisal | None:
        term = uuid_of(term_id, "AdviserTerm", "termId")
        refuse_if(list(against_year(year)))
        async with info.context.read() as session:
            items = await actions.appraise(session, viewer(info), term, year, now(session))
            contests = await reads.contests_of(session, viewer(info), term, year) if items is not None else ()
        return AdviserAppraisal.of(term, year, items, list(contests)) if items is not None else None

    @strawberry.field(
        permission_classes=[KeepsRegister],
        description="What advisers contest: what is open, who waits longest first; or what was decided, newest first.",
    )
    async def appraisal_contests(
        self,
        info: Info,
        open: Annotated[bool, strawberry.argument(description="False for those that were decided.")] = True,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AppraisalContest] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.contest_page(session, viewer(info), wanted, open)
        found: Connection[AppraisalContest] = connect(
            wanted, rows, lambda row: (row.made_at, row.id), AppraisalContest.of
        )
        return found


@strawberry.type
class AppraisalMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], description="Say that a line of your appraisal is wrong. The staff decide."
    )
    async def contest_appraisal_line(
        self, info: Info, input: Annotated[ContestAppraisalLineInput, strawberry.argument(description="Which and why.")]
    ) -> AppraisalContestResult | None:
        term = uuid_of(input.term_id, "AdviserTerm", "termId")
        said = Contest(term=term, year=input.year, line=input.line, reason=input.reason)
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.contest(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Decide what an adviser contests. She is told, and what is credited counts at once.",
    )
    async def decide_appraisal_contest(
        self,
        info: Info,
        input: Annotated[DecideAppraisalContestInput, strawberry.argument(description="Which, how and why.")],
    ) -> AppraisalContestResult | None:
        id = uuid_of(input.contest_id, "AppraisalContest", "contestId")
        said = Decision(uphold=input.uphold, credited=input.credited, reason=input.reason)
        async with info.context.write() as session:
            await actions.decide(session, viewer(info), info.context.door(KeyProvider), id, said, now(session))
        return await _shown(info, id)


async def _shown(info: Info, id: UUID) -> AppraisalContest:
    row = await info.context.loader(ContestById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "contestId")
    return AppraisalContest.of(row)


async def _contests(info: Info, keys: list[str]) -> list[AppraisalContest | None]:
    rows = await info.context.loader(ContestById).load_many([as_uuid(key) for key in keys])
    return [AppraisalContest.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"AppraisalContest": _contests}
