"""An applicant says how it was."""

from typing import Annotated

import strawberry

from app.applications.types.results import NAMES
from app.core.db import now
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import IsResident
from app.vault.models import OWNERS
from app.vault.reads import bases
from app.window import reads
from app.window.actions.rating import Opinion, rate
from app.window.types.rating import RateServiceResult, ServiceRating


@strawberry.input(description="What you make of how a case of yours was done. Said anew, it replaces what you said.")
class RateServiceInput:
    application_id: strawberry.ID = strawberry.field(description="An application of yours that is done.")
    stars: int = strawberry.field(description="1 to 5.")
    solved: bool = strawberry.field(description="Whether it solved what you came with.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class RatingQuery:
    @strawberry.field(
        permission_classes=[IsResident], description="What you made of a case of yours; null while it is not done."
    )
    async def service_rating(
        self,
        info: Info,
        application_id: Annotated[strawberry.ID, strawberry.argument(description="An application of yours.")],
    ) -> ServiceRating | None:
        id = uuid_of(application_id, NAMES, "applicationId")
        return (await _ratings(info, [str(id)]))[0]


@strawberry.type
class RatingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident], description="Say how it was: once a case, and anew within seven days."
    )
    async def rate_service(
        self, info: Info, input: Annotated[RateServiceInput, strawberry.argument(description="How it was.")]
    ) -> RateServiceResult | None:
        id = uuid_of(input.application_id, NAMES, "applicationId")
        said = Opinion(application=id, stars=input.stars, solved=input.solved)
        async with info.context.write() as session:
            me, keys, key = viewer(info), info.context.door(KeyProvider), input.idempotency_key
            await rate(session, me, keys, said, key, now(session))
            (row,) = await reads.ratings(session, me, [id])
        return ServiceRating.of(id, row)


async def _ratings(info: Info, keys: list[str]) -> list[ServiceRating | None]:
    """Also what is to be rated still."""
    ids = [as_uuid(key) for key in keys]
    if (me := info.context.viewer) is None:
        return [None] * len(ids)
    async with info.context.read() as session:
        grounds = await bases(session, me, ids)
        said = {row.application: row for row in await reads.ratings(session, me, ids)}
        done = await reads.rateable(session, [id for id in ids if grounds.get(id) in OWNERS])
    return [ServiceRating.of(id, said.get(id)) if id in said or id in done else None for id in ids]


NODES: dict[str, Fetch] = {"ServiceRating": _ratings}
