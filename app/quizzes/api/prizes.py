"""Handing prizes out."""

from typing import Annotated

import strawberry

from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid
from app.graph.permissions import HandsOut
from app.quizzes.actions import prizes as actions
from app.quizzes.loaders import AwardById
from app.quizzes.types.prizes import ClaimPrizeResult, PrizeHandedOut, QuizAward


@strawberry.input(description="A prize is handed out to who shows this.")
class ClaimPrizeInput:
    code: str = strawberry.field(description="What her `QuizAward.code` shows; dashes and case do not matter.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.type
class PrizesMutation:
    @strawberry.mutation(
        permission_classes=[HandsOut],
        description="Hand a prize out to who shows its code: an editor, or who works for the activity's institution. "
        "However many scan it, one of them hands it out; the winner is told.",
    )
    async def claim_prize(
        self, info: Info, input: Annotated[ClaimPrizeInput, strawberry.argument(description="By what.")]
    ) -> ClaimPrizeResult | None:
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.claim(session, viewer(info), keys, input.code, input.idempotency_key)
            row = await actions.receipt(session, viewer(info), id)
        shown = await info.context.loader(ActivityById).load(row.round)
        return PrizeHandedOut(prize=row.name, at=row.ended_at, activity=Activity.of(shown) if shown else None)


async def _awards(info: Info, keys: list[str]) -> list[QuizAward | None]:
    rows = await info.context.loader(AwardById).load_many([as_uuid(key) for key in keys])
    return [QuizAward.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"QuizAward": _awards}
