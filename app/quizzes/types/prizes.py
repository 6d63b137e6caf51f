"""Prizes of a quiz, who won one, and the receipt of who handed it out."""

from datetime import datetime
from typing import Annotated, Any, Self

import segno
import strawberry

from app.activities.loaders import ActivityById
from app.activities.types import Activity
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.extending import extends
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.papers.rules.codes import printed
from app.quizzes.loaders import AwardFor
from app.quizzes.models import AwardState
from app.quizzes.rules.prizes import SECRET, claim_code

explain(
    AwardState,
    "What became of a prize that somebody won.",
    "QuizAwardState",
    WON="It can be fetched until `claimUntil`.",
    CLAIMED="It was handed out.",
    LAPSED="It was not fetched in time, or is hers no longer.",
)


@strawberry.type(description="A prize of a quiz, of which there are so many.", directives=[visible.WITHIN])
class QuizPrize:
    name: str = strawberry.field(description="What it is.")
    stock: int = strawberry.field(description="How many there are; no more are ever given.")
    taken: int = strawberry.field(description="How many were won and have not lapsed.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(name=row.name, stock=row.stock, taken=row.taken)


@strawberry.type(description="That somebody won a prize; hers alone.", directives=[visible.SELF])
class QuizAward(Node):
    row: strawberry.Private[Any]
    prize: str = strawberry.field(description="What it is.")
    place: int = strawberry.field(description="Her place on the board when prizes were given.")
    state: AwardState = strawberry.field(description="What became of it.")
    won_at: datetime = strawberry.field(description="When prizes were given.")
    claim_until: datetime = strawberry.field(description="Until then she can fetch it.")
    ended_at: datetime | None = strawberry.field(description="When it was handed out, or lapsed.")

    @classmethod
    def of(cls, row: Any) -> Self:
        said = {name: getattr(row, name) for name in ("place", "won_at", "ended_at")}
        said |= {"prize": row.name, "claim_until": row.until, "state": AwardState(row.state)}
        return cls(id=global_id("QuizAward", row.id), row=row, **said)

    @strawberry.field(description="What she shows to who hands it out, in fours; null once it has ended.")
    def code(self, info: Info) -> str | None:
        return self._code(info)

    @strawberry.field(description="The same as a QR code (ISO/IEC 18004): a `data:` address of an SVG.")
    def code_qr(self, info: Info) -> str | None:
        code = self._code(info)
        return str(segno.make_qr(code, error="m").svg_data_uri(scale=8, border=4)) if code else None

    @strawberry.field(description="The activity of which it is a prize.")
    async def activity(self, info: Info) -> Activity | None:
        row = await info.context.loader(ActivityById).load(self.row.round)
        return Activity.of(row) if row else None

    def _code(self, info: Info) -> str | None:
        if self.state is not AwardState.WON:
            return None
        return printed(claim_code(info.context.door(KeyProvider).secret(SECRET), self.row.id))


@extends(Activity)
@strawberry.field(description="The prize that the viewer won with it; null of who won none.", directives=[visible.SELF])
async def my_prize(root: strawberry.Parent[Activity], info: Info) -> QuizAward | None:
    row = await info.context.loader(AwardFor).load(root.row.id)
    return QuizAward.of(row) if row else None


@strawberry.type(
    description="The receipt of who handed a prize out: to her it says nothing of who won it.",
    directives=[visible.WITHIN],
)
class PrizeHandedOut:
    prize: str = strawberry.field(description="What is to be handed out.")
    at: datetime = strawberry.field(description="When.")
    activity: Activity | None = strawberry.field(description="The activity of which it is a prize.")


ClaimPrizeResult = Annotated[PrizeHandedOut | Refused, strawberry.union("ClaimPrizeResult", description=PAYLOAD)]
