"""Who advises which village: the staff say it, everybody sees it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.reads import village_of
from app.accounts.rules.village import is_village
from app.advisers import reads
from app.advisers.actions import terms as actions
from app.advisers.loaders import TermById, TermOfVillage
from app.advisers.models import AdviserState
from app.advisers.rules import terms as rules
from app.advisers.rules.terms import Appointment
from app.advisers.types import AdviserCoverage, AdviserTerm, AdviserTermResult, MyAdviser, VillageCoverage
from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.directory.rules.register import KEEPERS
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsResident, KeepsRegister, SignedIn
from app.places.rules import is_division
from app.places.rules.workdays import today
from app.places.types import Division

WHY = "Why, 4 to 300 characters: it stays in the history."
DAY: Any = date.fromisoformat
"""A day, as a cursor says it."""
Within = Annotated[str, strawberry.argument(description="The code of the city, a town, or a village.")]


@strawberry.input(description="Somebody becomes adviser of a village or community.")
class AppointAdviserInput:
    division_code: str = strawberry.field(description="Of the village or community, 12 digits.")
    legal_worker_id: strawberry.ID = strawberry.field(
        description="Who: a lawyer or grassroots legal worker of the register, verified within twelve months."
    )
    since: date = strawberry.field(description="The first day.")
    until: date = strawberry.field(description="The last day; five years after the first at most.")
    contract: str = strawberry.field(description="The number of the contract, 2 to 60 characters.")
    source: str = strawberry.field(description="Where this is known from, 2 to 60 characters.")
    account_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of who is no lawyer: the `viewer.id` that her app shows, so that she can log what she does. A "
        "lawyer's account is found by her licence.",
    )
    reason: str = strawberry.field(description=WHY)
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")

    def plain(self) -> Appointment:
        return Appointment(
            division=self.division_code,
            worker=uuid_of(self.legal_worker_id, "LegalWorker", "legalWorkerId"),
            since=self.since,
            until=self.until,
            contract=self.contract,
            source=self.source,
            account=uuid_of(self.account_id, "Viewer", "accountId") if self.account_id is not None else None,
        )


@strawberry.input(description="A term that ends before its time.")
class EndAdviserInput:
    term_id: strawberry.ID = strawberry.field(description="Which one.")
    version: int = strawberry.field(description="Its version as you read it.")
    last_day: date = strawberry.field(description="Today or later; before the first day it never begins.")
    reason: str = strawberry.field(description=WHY)


@strawberry.type
class TermsQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="Who advises the village or community that you said is yours."
    )
    async def my_adviser(self, info: Info) -> MyAdviser | None:
        async with info.context.read() as session:
            code = await village_of(session, viewer(info))
        row = await info.context.loader(TermOfVillage).load(code) if code else None
        state = AdviserState.APPOINTED if row else AdviserState.NO_ADVISER if code else AdviserState.NO_VILLAGE
        return MyAdviser(
            state=state, village=Division.of(code) if code else None, term=AdviserTerm.of(row) if row else None
        )

    @strawberry.field(
        permission_classes=[SignedIn],
        description="Your own terms as an adviser, the newest first, 100 at most; empty where you are none.",
    )
    async def my_adviser_terms(self, info: Info) -> list[AdviserTerm] | None:
        async with info.context.read() as session:
            rows = await reads.hers(session, viewer(info))
        return [AdviserTerm.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[KeepsRegister],
        description="All terms of a village, or of all villages of a division, the newest first.",
    )
    async def adviser_terms(
        self,
        info: Info,
        division_code: Within,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AdviserTerm] | None:
        _known(division_code)
        wanted = page(first, after, last, before, key=DAY)
        async with info.context.read() as session:
            rows = await reads.term_page(session, viewer(info), wanted, division_code)
        found: Connection[AdviserTerm] = connect(wanted, rows, lambda row: (row.since, row.id), AdviserTerm.of)
        return found

    @strawberry.field(
        permission_classes=[KeepsRegister],
        description="Which villages and communities have no adviser, and whose term is about to end.",
    )
    async def adviser_coverage(
        self,
        info: Info,
        division_code: Within,
        within_days: Annotated[
            int, strawberry.argument(description="A term that ends within so many days is about to, 0 to 366.")
        ] = rules.DAYS_AHEAD,
    ) -> AdviserCoverage | None:
        _known(division_code)
        if not 0 <= within_days <= rules.MOST_AHEAD:
            raise refuse(BAD_VALUE, "withinDays")
        return AdviserCoverage.of(await _villages(info, rules.villages_of(division_code), within_days))


@strawberry.type
class TermsMutation:
    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Appoint an adviser. A village or community has one at a time.",
    )
    async def appoint_adviser(
        self, info: Info, input: Annotated[AppointAdviserInput, strawberry.argument(description="Who, where and when.")]
    ) -> AdviserTermResult | None:
        said, keys = input.plain(), info.context.door(KeyProvider)
        async with info.context.write() as session:
            how = (input.reason, input.idempotency_key, now(session))
            id = await actions.appoint(session, viewer(info), keys, said, *how)
        return await _shown(info, id)

    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="End a term before its time. What was done in it stays; its history keeps why it ended.",
    )
    async def end_adviser(
        self, info: Info, input: Annotated[EndAdviserInput, strawberry.argument(description="Which, when and why.")]
    ) -> AdviserTermResult | None:
        id = uuid_of(input.term_id, "AdviserTerm", "termId")
        async with info.context.write() as session:
            how = (input.version, input.last_day, input.reason, now(session))
            await actions.end(session, viewer(info), id, *how)
        return await _shown(info, id)


def _known(division: str) -> None:
    if not is_division(division):
        raise refuse(BAD_VALUE, "divisionCode")


async def _shown(info: Info, id: UUID) -> AdviserTerm:
    row: Any = await info.context.loader(TermById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "termId")
    return AdviserTerm.of(row)


async def _terms(info: Info, keys: list[str]) -> list[AdviserTerm | None]:
    rows = await info.context.loader(TermById).load_many([as_uuid(key) for key in keys])
    return [AdviserTerm.of(row) if row else None for row in rows]


async def _villages(info: Info, codes: list[str], ahead: int = rules.DAYS_AHEAD) -> list[VillageCoverage]:
    async with info.context.read() as session:
        moment = now(session)
        rows = await reads.of_villages(session, info.context.viewer, codes, today(moment))
    terms = {row.division: row for row in rows}
    ends = {code: terms[code].until if code in terms else None for code in codes}
    return [
        VillageCoverage.of(code, rules.coverage(ends[code], moment, ahead), terms.get(code)) for code in sorted(codes)
    ]


async def _coverages(info: Info, keys: list[str]) -> list[VillageCoverage | None]:
    viewer = info.context.viewer
    if viewer is None or viewer.roles.isdisjoint(KEEPERS):
        return [None] * len(keys)
    found = {one.code: one for one in await _villages(info, [key for key in keys if is_village(key)])}
    return [found.get(key) for key in keys]


NODES: dict[str, Fetch] = {"AdviserTerm": _terms, "VillageCoverage": _coverages}
