"""How the graph shows the versions of an article."""

from datetime import datetime
from typing import Any

import strawberry

from app.accounts.models import AgeBand
from app.core.access import Role
from app.education.models import ArticleState
from app.education.rules.rendering import html_of
from app.education.rules.writing import REVIEWERS
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.places.types import Division
from app.vault.types import PublicPicture, picture_of

explain(
    ArticleState,
    "Where an article, or a version of it, stands.",
    DRAFT="It is being written.",
    IN_REVIEW="Somebody who did not write it is to look at it.",
    SCHEDULED="It was approved and waits for its day.",
    PUBLISHED="Everybody reads it.",
    REPLACED="A later version took its place; both can be read.",
    WITHDRAWN="It was taken back.",
)


@strawberry.type(description="What the law says where.", directives=[visible.WITHIN])
class ArticleStatute:
    law: str = strawberry.field(description="The law's full name, e.g. 中华人民共和国劳动合同法.")
    article: str = strawberry.field(description="As the law numbers it, e.g. 第三十条.")


@strawberry.type(description="A case that makes it plain, without anybody's name.", directives=[visible.WITHIN])
class ArticleCase:
    title: str = strawberry.field(description="What it is called.")
    text: str = strawberry.field(description="What happened and how it ended, as plain text.")
    source: str = strawberry.field(description="Where it is from.")
    donated: bool = strawberry.field(description="Whether it was given away by whom it happened to.")

    @classmethod
    def all(cls, said: list[Any]) -> "list[ArticleCase]":
        names = ("title", "text", "source")
        return [cls(**{name: one[name] for name in names}, donated=bool(one.get("donation"))) for one in said]


@strawberry.type(
    description="Whom an article is for; what is empty is for everybody. Who does not say what she is finds it all the "
    "same.",
    directives=[visible.WITHIN],
)
class ArticleAudience:
    divisions: list[Division] = strawberry.field(description="Who lives there.")
    roles: list[Role] = strawberry.field(description="Who is this here.")
    age_bands: list[AgeBand] = strawberry.field(description="Who is of this age.")


@strawberry.type(description="A version that everybody can read, or could.", directives=[visible.WITHIN])
class ArticleVersion:
    row: strawberry.Private[Any]
    number: int = strawberry.field(description="1, 2, 3, in the order in which they were begun.")
    state: ArticleState = strawberry.field(description="Where it stands.")
    title: str = strawberry.field(description="Its heading.")
    byline: str = strawberry.field(description="Who wrote it, as readers are told.")
    correction: str | None = strawberry.field(description="What it puts right; null of the first.")
    published_at: datetime | None = strawberry.field(description="When everybody could read it first.")
    ended_at: datetime | None = strawberry.field(description="When a later one took its place, or it was withdrawn.")
    reviewed_by: str | None = strawberry.field(
        description="Who looked at it before it was published, by name: nobody who wrote any of it."
    )
    verdict: str | None = strawberry.field(description="Why it was approved.", directives=[visible.EDITING])
    withdrawn_because: str | None = strawberry.field(description="Why it was withdrawn.", directives=[visible.EDITING])

    @classmethod
    def of(cls, info: Info, row: Any) -> "ArticleVersion":
        shown = edits(info)
        return cls(
            row=row,
            number=row.number,
            state=ArticleState(row.state),
            title=row.title,
            byline=row.byline,
            correction=row.correction or None,
            published_at=row.published_at,
            ended_at=row.ended_at,
            reviewed_by=row.reviewer_called or None,
            verdict=row.verdict if shown else None,
            withdrawn_because=(row.ended_why or None) if shown else None,
        )

    @strawberry.field(description="A fragment of HTML, safe to put into a page.")
    def html(self) -> str:
        return html_of(self.row.body)


@strawberry.type(description="A version that is written, looked at, or waits for its day.", directives=[visible.WITHIN])
class ArticleDraft:
    row: strawberry.Private[Any]
    number: int = strawberry.field(description="Which version it will be.")
    state: ArticleState = strawberry.field(description="DRAFT, IN_REVIEW or SCHEDULED.")
    revision: int = strawberry.field(description="Grows with each change: send it back with the next.")
    title: str = strawberry.field(description="Its heading.")
    summary: str = strawberry.field(description="What it is about.")
    byline: str = strawberry.field(description="Who wrote it, as readers will be told.")
    markdown: str = strawberry.field(description="As it is written.")
    correction: str | None = strawberry.field(description="What it puts right; null of the first.")
    mine: bool = strawberry.field(description="Whether you wrote any of it, and so do not review it.")
    verdict: str | None = strawberry.field(description="Why it was approved, or sent back the last time.")
    reviewed_by: str | None = strawberry.field(description="Who approved it, by name.")
    publish_at: datetime | None = strawberry.field(description="When it is to be published; null until approved.")

    @classmethod
    def of(cls, info: Info, row: Any) -> "ArticleDraft":
        viewer = info.context.viewer
        names = ("number", "revision", "title", "summary", "byline", "publish_at")
        return cls(
            row=row,
            state=ArticleState(row.state),
            markdown=row.body,
            correction=row.correction or None,
            mine=viewer is not None and viewer.id in row.authors,
            verdict=row.verdict or None,
            reviewed_by=row.reviewer_called or None,
            **{name: getattr(row, name) for name in names},
        )

    @strawberry.field(description="A fragment of HTML, as it will be shown.")
    def html(self) -> str:
        return html_of(self.row.body)

    @strawberry.field(description="The law it rests on.")
    def statutes(self) -> list[ArticleStatute]:
        return [ArticleStatute(**one) for one in self.row.statutes]

    @strawberry.field(description="Cases that make it plain.")
    def cases(self) -> list[ArticleCase]:
        return ArticleCase.all(self.row.cases)

    @strawberry.field(description="A picture to begin with; null where there is none.")
    async def cover(self, info: Info) -> PublicPicture | None:
        return await picture_of(info, self.row.cover)


def edits(info: Info) -> bool:
    """Whether she may see what is not published."""
    viewer = info.context.viewer
    return viewer is not None and not viewer.roles.isdisjoint(REVIEWERS)


def audience_of(row: Any) -> ArticleAudience:
    return ArticleAudience(
        divisions=[found for code in row.divisions if (found := Division.of(code))],
        roles=[Role(role) for role in row.roles],
        age_bands=[AgeBand(band) for band in row.bands],
    )
