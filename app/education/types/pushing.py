"""How the graph shows campaigns to who makes them, and pushes to who got them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.accounts.models import AgeBand
from app.core.access import Role
from app.education.loaders import ArticleById, ResultsOf
from app.education.models import CampaignState
from app.education.rules.choosing import Why
from app.education.rules.pushing import why
from app.education.rules.sharing import stop_path
from app.education.types.articles import Article
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.types.categories import Category
from app.outside.storage import Address
from app.places.types import Division

explain(
    CampaignState,
    "How far a campaign has come.",
    SCHEDULED="Its time has not come.",
    SENDING="Some were told, and some are not yet.",
    SENT="All were told who may be.",
    CANCELLED="It was cancelled, its article withdrawn, or too few were left by its day; who was told was told.",
)


@strawberry.type(
    description="Whom a campaign is for: who agreed to pushes and is all of it. What is empty makes no difference.",
    directives=[visible.WITHIN],
)
class CampaignAudience:
    topics: list[Category] = strawberry.field(description="Who chose one of them.")
    divisions: list[Division] = strawberry.field(description="Who said that she lives there.")
    roles: list[Role] = strawberry.field(description="Who is this here.")
    age_bands: list[AgeBand] = strawberry.field(description="Who said that she is of this age.")

    @classmethod
    def of(cls, row: Any) -> "CampaignAudience":
        return cls(
            topics=[found for code in row.topics if (found := Category.of(code))],
            divisions=[place for code in row.divisions if (place := Division.of(code))],
            roles=[Role(role) for role in row.roles],
            age_bands=[AgeBand(band) for band in row.bands],
        )


@strawberry.type(
    description="What came of a campaign. Each is null where it is fewer than ten: nobody is told apart among so few.",
    directives=[visible.WITHIN],
)
class CampaignResults:
    sent: int | None = strawberry.field(description="How many people were told.")
    read: int | None = strawberry.field(description="How many of them read the article afterwards.")
    stopped: int | None = strawberry.field(description="How many of them stopped all pushes by this one.")


@strawberry.type(
    description="An article that is pushed to some people, who agreed to it. Who they are nobody is shown.",
    directives=[visible.EDITING],
)
class Campaign(Node):
    row: strawberry.Private[Any]
    state: CampaignState = strawberry.field(description="How far it has come.")
    send_at: datetime = strawberry.field(description="When it begins.")
    made_at: datetime = strawberry.field(description="When it was planned.")
    ended_at: datetime | None = strawberry.field(description="When the last was told, or it was cancelled.")
    estimate: int = strawberry.field(description="For about how many it was planned, in tens.")

    @classmethod
    def of(cls, row: Any) -> "Campaign":
        names = ("send_at", "made_at", "ended_at", "estimate")
        kept = {name: getattr(row, name) for name in names}
        return cls(id=global_id("Campaign", row.id), row=row, state=CampaignState(row.state), **kept)

    @strawberry.field(description="What it tells of.")
    async def article(self, info: Info) -> Article | None:
        row = await info.context.loader(ArticleById).load(self.row.article)
        return Article.of(info, row) if row else None

    @strawberry.field(description="Whom it is for.")
    def audience(self) -> CampaignAudience:
        return CampaignAudience.of(self.row)

    @strawberry.field(description="What came of it so far.")
    async def results(self, info: Info) -> CampaignResults | None:
        row = await info.context.loader(ResultsOf).load(self.row.id)
        return CampaignResults(sent=row.sent, read=row.read, stopped=row.stopped) if row else None


@strawberry.type(
    description="That you were told of an article, and why. At most two in seven days.", directives=[visible.SELF]
)
class ArticlePush(Node):
    row: strawberry.Private[Any]
    at: datetime = strawberry.field(description="When you were told.")
    why: list[Why] = strawberry.field(description="At least one reason: all of them you said yourself.")
    stopped_at: datetime | None = strawberry.field(description="When you stopped all pushes by this one.")

    @classmethod
    def of(cls, row: Any) -> "ArticlePush":
        id = global_id("ArticlePush", row.campaign)
        return cls(id=id, row=row, at=row.at, why=why(row), stopped_at=row.stopped_at)

    @strawberry.field(description="What you were told of; null once it was withdrawn.")
    async def article(self, info: Info) -> Article | None:
        row = await info.context.loader(ArticleById).load(self.row.article)
        return Article.of(info, row) if row else None

    @strawberry.field(
        description="A page with one button that stops all pushes to you, without signing in; `stopPushes` does the "
        "same. Whoever has it can do so: show it to nobody else."
    )
    def stop_url(self, info: Info) -> str:
        return stop_path(info.context.door(Address).url, self.row.id)


@strawberry.type(description="About how many a campaign would tell.", directives=[visible.EDITING])
class CampaignEstimate:
    people: int = strawberry.field(description="In tens, rounded down; at least ten.")


CampaignEstimateResult = Annotated[
    CampaignEstimate | Refused, strawberry.union("CampaignEstimateResult", description=PAYLOAD)
]
CreateCampaignResult = Annotated[Campaign | Refused, strawberry.union("CreateCampaignResult", description=PAYLOAD)]
CancelCampaignResult = Annotated[Campaign | Refused, strawberry.union("CancelCampaignResult", description=PAYLOAD)]
StopPushesResult = Annotated[ArticlePush | Refused, strawberry.union("StopPushesResult", description=PAYLOAD)]
