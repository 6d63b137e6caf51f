"""Advisers as everybody sees them, and how the staff see where there is none."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from app.accounts.rules.village import is_village
from app.advisers.loaders import TermOfVillage
from app.advisers.models import AdviserState, Coverage
from app.directory.loaders import ChangesOf, LegalWorkerById
from app.directory.types.history import RegisterChange
from app.directory.types.register import LegalWorker
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.extending import extends
from app.graph.ids import Node, global_id
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize
from app.places.types import Division

explain(
    Coverage,
    "How a village or community stands.",
    UNCOVERED="It has no adviser who practises.",
    EXPIRING="It has one, whose term is about to end.",
    COVERED="It has one.",
)
explain(
    AdviserState,
    "Why an adviser is shown or not.",
    NO_VILLAGE="You have not said which village or community is yours (`setMyVillage`).",
    NO_ADVISER="Yours has none now.",
    APPOINTED="Yours has one.",
)


@strawberry.type(
    description="That somebody is legal adviser of a village or community (村居法律顾问), from one day to another.",
    directives=[visible.ANYONE],
)
class AdviserTerm(Node):
    row: strawberry.Private[Any]
    since: date = strawberry.field(description="Its first day.")
    until: date = strawberry.field(description="Its last day; before the first one where it was ended before it began.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(id=global_id("AdviserTerm", row.id), row=row, since=row.since, until=row.until, version=row.version)

    @strawberry.field(description="The village or community; null where it is none of the city's any more.")
    def division(self) -> Division | None:
        return Division.of(self.row.division)

    @strawberry.field(description="Who it is, as the register knows her; null while she does not practise.")
    async def adviser(self, info: Info) -> LegalWorker | None:
        row = await info.context.loader(LegalWorkerById).load(self.row.worker)
        return LegalWorker.of(row) if row else None

    @strawberry.field(
        description="The number of her contract; empty for who does not keep the register.",
        directives=[visible.REGISTER],
    )
    def contract(self) -> str:
        return str(self.row.contract)

    @strawberry.field(
        description="Where this is known from; empty for who does not keep the register.", directives=[visible.REGISTER]
    )
    def source(self) -> str:
        return str(self.row.source)

    @strawberry.field(
        description="Every change, newest first; shown to who keeps the register.",
        directives=[visible.REGISTER, ListSize(assumed_size=10)],
    )
    async def history(self, info: Info) -> list[RegisterChange]:
        rows = await info.context.loader(ChangesOf).load(self.row.id)
        return [RegisterChange.of(row) for row in rows]


@extends(Division)
@strawberry.field(description="The legal adviser of a village or community; null where there is none now.")
async def adviser(root: strawberry.Parent[Division], info: Info) -> AdviserTerm | None:
    row = await info.context.loader(TermOfVillage).load(root.code) if is_village(root.code) else None
    return AdviserTerm.of(row) if row else None


@strawberry.type(description="The adviser of the village or community that is yours.", directives=[visible.SELF])
class MyAdviser:
    state: AdviserState = strawberry.field(description="Whether you have one, and if not, why.")
    village: Division | None = strawberry.field(description="What you said is yours; null until you did.")
    term: AdviserTerm | None = strawberry.field(description="Null unless the state is APPOINTED.")


@strawberry.type(description="How one village or community stands.", directives=[visible.REGISTER])
class VillageCoverage(Node):
    code: strawberry.Private[str]
    row: strawberry.Private[Any | None]
    state: Coverage = strawberry.field(description="How it stands.")

    @classmethod
    def of(cls, code: str, state: Coverage, row: Any | None) -> Self:
        return cls(id=global_id("VillageCoverage", code), code=code, row=row, state=state)

    @strawberry.field(description="Which one; null where it is none of the city's any more.")
    def division(self) -> Division | None:
        return Division.of(self.code)

    @strawberry.field(description="The term of today; null where there is none.")
    def term(self) -> AdviserTerm | None:
        return AdviserTerm.of(self.row) if self.row else None


@strawberry.type(
    description="How far the villages and communities of a division have advisers.", directives=[visible.REGISTER]
)
class AdviserCoverage:
    all: strawberry.Private[list[VillageCoverage]]
    villages: int = strawberry.field(description="How many there are.")
    covered: int = strawberry.field(description="Those that have an adviser, whose term may be about to end.")
    expiring: int = strawberry.field(description="Those of them whose term is about to end.")

    @classmethod
    def of(cls, all: list[VillageCoverage]) -> Self:
        """In the official order."""
        states = [one.state for one in all]
        covered = len(all) - states.count(Coverage.UNCOVERED)
        return cls(all=all, villages=len(all), covered=covered, expiring=states.count(Coverage.EXPIRING))

    @strawberry.field(
        description="Those without an adviser, and those whose term is about to end, in the official order."
    )
    def lacking(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[VillageCoverage]:
        wanted = page(first, after, last, before, key=str)
        rows = [one for one in self.all if one.state is not Coverage.COVERED]
        if wanted.after:
            rows = [one for one in rows if one.code > wanted.after[0]]
        if wanted.before:
            rows = [one for one in rows if one.code < wanted.before[0]]
        shown = (rows[::-1] if wanted.backward else rows)[: wanted.size + 1]
        found: Connection[VillageCoverage] = connect(
            wanted, shown, lambda one: (one.code, UUID(int=int(one.code))), lambda one: one
        )
        return found


AdviserTermResult = Annotated[AdviserTerm | Refused, strawberry.union("AdviserTermResult", description=PAYLOAD)]
