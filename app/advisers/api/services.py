"""An adviser logs what she did; somebody of the village makes the code for it."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.advisers.actions import services as actions
from app.advisers.loaders import ServiceById
from app.advisers.models import ServiceKind
from app.advisers.reads import services as reads
from app.advisers.rules.services import Said
from app.advisers.types.services import AdviserService, CreateVisitCodeResult, LogAdviserServiceResult, VisitCode
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import SignedIn
from app.places.types import CoordinatesInput

KEY = "8 to 64 characters, the same for repeats of this request."


@strawberry.input(description="What you did in your village as its adviser. Say nothing of anybody's affairs.")
class LogAdviserServiceInput:
    division_code: str = strawberry.field(description="Of the village or community.")
    kind: ServiceKind = strawberry.field(description="What it was.")
    at: datetime = strawberry.field(description="When, at most 72 hours ago.")
    people: int = strawberry.field(description="How many people came or took part, 1 to 10,000.")
    coordinates: CoordinatesInput | None = strawberry.field(
        default=None, description="Where your telephone is: within 500 m of the village. Only the distance is kept."
    )
    code: str | None = strawberry.field(
        default=None, description="Or the six digits that somebody of the village told you (`createVisitCode`)."
    )
    idempotency_key: str = strawberry.field(description=KEY)

    def plain(self) -> Said:
        return Said(
            division=self.division_code,
            kind=self.kind,
            at=self.at,
            people=self.people,
            spot=self.coordinates.kept() if self.coordinates else None,
            code=self.code,
        )


@strawberry.input(description="A code for the adviser of the village that you said is yours.")
class CreateVisitCodeInput:
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class ServicesQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="What was logged in a term, the newest first: your own, or as one of the register's keepers.",
    )
    async def adviser_services(
        self,
        info: Info,
        term_id: Annotated[strawberry.ID, strawberry.argument(description="In which term.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AdviserService] | None:
        term, wanted = uuid_of(term_id, "AdviserTerm", "termId"), page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.service_page(session, viewer(info), wanted, term)
        found: Connection[AdviserService] = connect(wanted, rows, lambda row: (row.at, row.id), AdviserService.of)
        return found


@strawberry.type
class ServicesMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Log a visit, a talk or a mediation in a village that you advise.",
    )
    async def log_adviser_service(
        self,
        info: Info,
        input: Annotated[LogAdviserServiceInput, strawberry.argument(description="What, when, and by what it shows.")],
    ) -> LogAdviserServiceResult | None:
        said, keys, me = input.plain(), info.context.door(KeyProvider), viewer(info)
        counted = actions.tries(keys, me, info.context.address) if said.code is not None else None
        if counted is not None:  # counted and kept before it is known whether it is in vain
            async with info.context.write() as session:
                await actions.count_try(session, counted, now(session))
        async with info.context.write() as session:
            id = await actions.log(session, me, keys, said, input.idempotency_key, now(session), counted)
        row = await info.context.loader(ServiceById).load(id)
        if row is None:
            raise refuse(NOT_FOUND)
        return AdviserService.of(row)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Make six digits for the adviser of your village, who is with you: she logs by them that she was "
        "there. Good for half an hour, and once; five a day.",
    )
    async def create_visit_code(
        self, info: Info, input: Annotated[CreateVisitCodeInput, strawberry.argument(description="A new key.")]
    ) -> CreateVisitCodeResult | None:
        me, keys = viewer(info), info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.make_code(session, me, keys, input.idempotency_key, now(session))
            row = await reads.code_made(session, me, id)
        return VisitCode.of(row)


async def _services(info: Info, keys: list[str]) -> list[AdviserService | None]:
    rows = await info.context.loader(ServiceById).load_many([as_uuid(key) for key in keys])
    return [AdviserService.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"AdviserService": _services}
