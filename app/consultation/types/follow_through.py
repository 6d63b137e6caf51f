"""What came of a question, as its asker sees it."""

from datetime import datetime
from typing import Any, Self

import strawberry

from app.consultation import models
from app.consultation.loaders.follow_through import AskingsOfQuestion, Declined
from app.consultation.rules import follow_through as rules
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.guidance.types.path import PathWay

explain(
    models.CameOf,
    "What came of it.",
    SOLVED="It is solved (解决了).",
    UNDER_WAY="It goes on (正在办).",
    REFUSED="It was not taken up, or decided against her (被拒绝).",
    GAVE_UP="She gave it up (放弃了).",
    NOT_BEGUN="Nothing was begun (还没去办).",
)
explain(
    models.WhyNotBegun,
    "Why nothing was begun.",
    DID_NOT_KNOW_HOW="She did not know where to go, or how (不知道怎么办).",
    COST="It costs too much (费用太高).",
    DISTANCE="It is too far (太远).",
    NO_TIME="She had no time (没有时间).",
    PAPERS_MISSING="Papers or evidence are missing (材料、证据不够).",
    AFRAID="She is afraid of what may follow (怕得罪人、怕报复).",
    TOO_LATE="The time for it was over (过了期限).",
    NO_HOPE="She thinks that it is no use (觉得没有用).",
    OTHER="Something else (其他).",
)


@strawberry.type(description="One time that the asker was asked, and what she said.", directives=[visible.WITHIN])
class FollowThroughAsking:
    after_days: int = strawberry.field(description="How long after the question was resolved: 14 or 45 days.")
    round: int = strawberry.field(description="How often the question had been taken up again by then.")
    asked_at: datetime = strawberry.field(description="When she was asked.")
    open_until: datetime = strawberry.field(description="Until when she may answer, or change what she said.")
    way: PathWay | None = strawberry.field(description="Which way she took; null for none, or not answered.")
    outcome: models.CameOf | None = strawberry.field(description="What came of it; null until she answers.")
    hindrance: models.WhyNotBegun | None = strawberry.field(description="Of NOT_BEGUN: why.")
    answered_at: datetime | None = strawberry.field(description="When she first answered.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            after_days=rules.TURNS[row.turn].days,
            round=row.round,
            asked_at=row.asked_at,
            open_until=rules.open_until(row.asked_at),
            way=PathWay(row.way) if row.way else None,
            outcome=models.CameOf(row.outcome) if row.outcome else None,
            hindrance=models.WhyNotBegun(row.hindrance) if row.hindrance else None,
            answered_at=row.answered_at,
        )


@strawberry.type(
    description="What came of a question. Its asker is asked 14 and 45 days after it was resolved, unless she said no, "
    "is under fourteen, or its words told of danger; nobody else sees what she says.",
    directives=[visible.WITHIN],
)
class FollowThrough:
    declined: bool = strawberry.field(description="Whether she does not want to be asked.")
    askings: list[FollowThroughAsking] = strawberry.field(description="Each time that she was asked, oldest first.")


async def follow_through_of(info: Info, question: Any) -> FollowThrough | None:
    """Null for everybody but the asker."""
    if question.asker is None or question.asker != info.context.person:
        return None
    rows = await info.context.loader(AskingsOfQuestion).load(question.id)
    declined = await info.context.loader(Declined).load(question.id)
    return FollowThrough(declined=declined, askings=[FollowThroughAsking.of(row) for row in rows])
