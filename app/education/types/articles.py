"""How the graph shows an article, and whom it finds."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.education.loaders import ReadingOf, VersionsOf
from app.education.models import OPEN, ArticleReaction, ArticleState
from app.education.rules.choosing import Why
from app.education.rules.rendering import html_of, nodes_of
from app.education.rules.sharing import path_of
from app.education.types.versions import (
    ArticleAudience,
    ArticleCase,
    ArticleDraft,
    ArticleStatute,
    ArticleVersion,
    audience_of,
    edits,
)
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.types.categories import Category
from app.outside.storage import Address
from app.vault.types import PublicPicture, picture_of

explain(
    ArticleReaction,
    "What a reader makes of an article.",
    HELPFUL="It helped her.",
    UNCLEAR="She did not understand it.",
)
explain(
    Why,
    "Why an article is recommended to somebody.",
    "ArticleWhy",
    TOPIC_CHOSEN="It is about what she chose to read about (`chooseTopics`).",
    TOWN="It is for the town or village that she said is hers (`setMyVillage`).",
    ROLE="It is for what she is here, such as lawyers.",
    AGE_BAND="It is for the age that she said is hers.",
    NEWEST="It is new; nothing that is known of her had to do with it.",
)


@strawberry.type(
    description="An article that explains the law (普法文章). Everybody reads what is published; who writes and "
    "reviews it sees the others too.",
    directives=[visible.ANYONE],
)
class Article(Node):
    row: strawberry.Private[Any]
    state: ArticleState = strawberry.field(description="Where the version stands that is shown here.")
    title: str = strawberry.field(description="Its heading, 4 to 60 characters.")
    summary: str = strawberry.field(description="What it is about, 10 to 200 characters.")
    byline: str = strawberry.field(description="Who wrote it, as readers are told.")
    reviewed_by: str | None = strawberry.field(description="Who looked at it before it was published, by name.")
    published_at: datetime | None = strawberry.field(description="When it was published first; null before that.")
    corrected_at: datetime | None = strawberry.field(
        description="When what is shown took the place of an earlier version; null where it is the first."
    )
    statutes: list[ArticleStatute] = strawberry.field(description="The law it rests on.")
    cases: list[ArticleCase] = strawberry.field(description="Cases that make it plain.")
    reads: int = strawberry.field(description="By how many people who are signed in it was read.")
    helpful: int = strawberry.field(description="How many of them it helped.")
    unclear: int | None = strawberry.field(description="How many did not understand it.", directives=[visible.EDITING])

    @classmethod
    def of(cls, info: Info, row: Any) -> "Article":
        return cls(
            id=global_id("Article", row.article),
            row=row,
            state=ArticleState.WITHDRAWN if row.withdrawn_at else ArticleState(row.state),
            title=row.title,
            summary=row.summary,
            byline=row.byline,
            reviewed_by=row.reviewer_called or None,
            published_at=row.listed_at,
            corrected_at=row.published_at if row.number > 1 else None,
            statutes=[ArticleStatute(**one) for one in row.statutes],
            cases=ArticleCase.all(row.cases),
            reads=row.reads,
            helpful=row.helpful,
            unclear=row.unclear if edits(info) else None,
        )

    @strawberry.field(description="What it is about: a category of the first level.")
    def topic(self) -> Category | None:
        return Category.of(self.row.topic)

    @strawberry.field(description="Its text as a fragment of HTML, safe to put into a page.")
    def html(self) -> str:
        return html_of(self.row.body)

    @strawberry.field(
        description="The same for a mini-program's <rich-text>: JSON, parsed it is its `nodes`. Addresses of links are "
        "written out, since it follows none."
    )
    def nodes(self) -> str:
        return nodes_of(self.row.body)

    @strawberry.field(description="A picture to begin with; null where there is none.")
    async def cover(self, info: Info) -> PublicPicture | None:
        return await picture_of(info, self.row.cover)

    @strawberry.field(description="Whom it is for.")
    def audience(self) -> ArticleAudience:
        return audience_of(self.row)

    @strawberry.field(description="What was published, the newest first, with what each puts right.")
    async def versions(self, info: Info) -> list[ArticleVersion]:
        rows = await info.context.loader(VersionsOf).load(self.row.article)
        return [ArticleVersion.of(info, row) for row in rows if row.state not in OPEN]

    @strawberry.field(
        description="What is being written, looked at or waits for its day; null where nothing is.",
        directives=[visible.EDITING],
    )
    async def draft(self, info: Info) -> ArticleDraft | None:
        rows = await info.context.loader(VersionsOf).load(self.row.article)
        return next((ArticleDraft.of(info, row) for row in rows if row.state in OPEN), None)

    @strawberry.field(
        description="When you read it first (`readArticle`); null where you did not.", directives=[visible.SELF]
    )
    async def read_at(self, info: Info) -> datetime | None:
        row = await info.context.loader(ReadingOf).load(self.row.article)
        return row.read_at if row else None

    @strawberry.field(description="What you make of it; null where you did not say.", directives=[visible.SELF])
    async def reaction(self, info: Info) -> ArticleReaction | None:
        row = await info.context.loader(ReadingOf).load(self.row.article)
        return ArticleReaction(row.reaction) if row and row.reaction else None

    @strawberry.field(description="A page of it for anybody, to be passed on.")
    def share_url(
        self,
        info: Info,
        channel_code: Annotated[
            str | None,
            strawberry.argument(description="Of the channel by which it is passed on, 12 characters; else left out."),
        ] = None,
    ) -> str:
        return path_of(info.context.door(Address).url, self.row.article, channel_code)


@strawberry.type(description="An article for you, and why.", directives=[visible.WITHIN])
class RecommendedArticle:
    article: Article = strawberry.field(description="What to read.")
    why: list[Why] = strawberry.field(
        description="At least one reason, the weightiest first. What you asked a lawyer is never one."
    )


@strawberry.type(description="What you want to read about.", directives=[visible.SELF])
class ChosenTopics:
    topics: list[Category] = strawberry.field(description="Categories of the first level; none where you chose none.")


CreateArticleResult = Annotated[Article | Refused, strawberry.union("CreateArticleResult", description=PAYLOAD)]
EditArticleResult = Annotated[Article | Refused, strawberry.union("EditArticleResult", description=PAYLOAD)]
SubmitArticleResult = Annotated[Article | Refused, strawberry.union("SubmitArticleResult", description=PAYLOAD)]
ReviewArticleResult = Annotated[Article | Refused, strawberry.union("ReviewArticleResult", description=PAYLOAD)]
ReopenArticleResult = Annotated[Article | Refused, strawberry.union("ReopenArticleResult", description=PAYLOAD)]
CorrectArticleResult = Annotated[Article | Refused, strawberry.union("CorrectArticleResult", description=PAYLOAD)]
WithdrawArticleResult = Annotated[Article | Refused, strawberry.union("WithdrawArticleResult", description=PAYLOAD)]
ReadArticleResult = Annotated[Article | Refused, strawberry.union("ReadArticleResult", description=PAYLOAD)]
ReactToArticleResult = Annotated[Article | Refused, strawberry.union("ReactToArticleResult", description=PAYLOAD)]
ChooseTopicsResult = Annotated[ChosenTopics | Refused, strawberry.union("ChooseTopicsResult", description=PAYLOAD)]
