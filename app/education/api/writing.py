"""Articles for who writes and reviews them."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.accounts.models import AgeBand
from app.core.access import Role
from app.core.db import now
from app.core.sealing import KeyProvider
from app.education import reads
from app.education.actions import writing as actions
from app.education.api.reading import shown, topic_of
from app.education.models import ArticleState
from app.education.rules.writing import Case, Statute, Written
from app.education.types.articles import (
    Article,
    CorrectArticleResult,
    CreateArticleResult,
    EditArticleResult,
    ReopenArticleResult,
    ReviewArticleResult,
    SubmitArticleResult,
    WithdrawArticleResult,
)
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Edits, IsEditor

KEY = "8 to 64 characters, the same for repeats of this request."
WHY = "Why, 4 to 300 characters."


@strawberry.input(description="Where the law says it.")
class ArticleStatuteInput:
    law: str = strawberry.field(description="The law's full name, 2 to 60 characters.")
    article: str = strawberry.field(description="As the law numbers it, e.g. 第三十条, at most 30 characters.")


@strawberry.input(description="A case that makes it plain. Name nobody in it.")
class ArticleCaseInput:
    title: str = strawberry.field(description="What it is called, 2 to 60 characters.")
    text: str = strawberry.field(description="What happened and how it ended, 20 to 3,000 characters of plain text.")
    source: str = strawberry.field(description="Where it is from, 2 to 100 characters.")
    donation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of which case that you took it tells (`takeDonatedCase`), if of one."
    )

    def plain(self, place: int) -> Case:
        field = f"content.cases.{place}.donationId"
        donation = uuid_of(self.donation_id, "DonatedCase", field) if self.donation_id is not None else None
        return Case(title=self.title, text=self.text, source=self.source, donation=donation)


@strawberry.input(description="All that is said of an article. Whom it is for is everybody, where nothing is said.")
class ArticleContentInput:
    topic_id: strawberry.ID = strawberry.field(description="A category of the first level.")
    title: str = strawberry.field(description="4 to 60 characters.")
    summary: str = strawberry.field(description="What it is about, 10 to 200 characters.")
    markdown: str = strawberry.field(
        description="50 to 20,000 characters of CommonMark, with tables. HTML in it is text; links are https or tel."
    )
    byline: str = strawberry.field(description="Who wrote it, as readers are told, 2 to 30 characters.")
    cover_id: strawberry.ID | None = strawberry.field(
        default=None, description="A picture of yours that is READY and not used yet: everybody can see it from now on."
    )
    keep_cover: bool = strawberry.field(
        default=True, description="Without a new one: whether the cover that is there stays."
    )
    statutes: list[ArticleStatuteInput] = strawberry.field(default_factory=list, description="At most 30.")
    cases: list[ArticleCaseInput] = strawberry.field(default_factory=list, description="At most 5.")
    division_codes: list[str] = strawberry.field(default_factory=list, description="For who lives there; at most 20.")
    roles: list[Role] = strawberry.field(default_factory=list, description="For who is this here.")
    age_bands: list[AgeBand] = strawberry.field(default_factory=list, description="For who is of this age.")

    def plain(self) -> Written:
        return Written(
            topic=topic_of(self.topic_id, "content.topicId"),
            title=self.title,
            summary=self.summary,
            body=self.markdown,
            byline=self.byline,
            cover=uuid_of(self.cover_id, "File", "content.coverId") if self.cover_id is not None else None,
            keep_cover=self.keep_cover,
            statutes=[Statute(law=one.law, article=one.article) for one in self.statutes],
            cases=[one.plain(place) for place, one in enumerate(self.cases)],
            divisions=self.division_codes,
            roles=self.roles,
            bands=self.age_bands,
        )


@strawberry.input(description="A new article: a draft.")
class CreateArticleInput:
    content: ArticleContentInput = strawberry.field(description="What it says.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A draft as it shall be from now on.")
class EditArticleInput:
    article_id: strawberry.ID = strawberry.field(description="Of which the draft is changed.")
    revision: int = strawberry.field(description="The draft's revision as you read it.")
    content: ArticleContentInput = strawberry.field(description="All of it, changed or not.")


@strawberry.input(description="A draft that somebody else is to look at.")
class SubmitArticleInput:
    article_id: strawberry.ID = strawberry.field(description="Whose draft.")


@strawberry.input(description="What you make of what another wrote.")
class ReviewArticleInput:
    article_id: strawberry.ID = strawberry.field(description="Whose draft was submitted.")
    approve: bool = strawberry.field(description="False sends it back.")
    reason: str = strawberry.field(description=WHY)
    called_as: str = strawberry.field(
        description="Your name, for readers to know who looked at it, 2 to 30 characters."
    )
    publish_at: datetime | None = strawberry.field(
        default=None, description="When it is published, within a year; at once, where nothing is said."
    )
    revision: int | None = strawberry.field(
        default=None,
        description="The draft's, as you read it: what you approve is what you saw. Refuses ARTICLE_CHANGED where it "
        "is another by now; left out, it is whatever stands there.",
    )


@strawberry.input(description="What was submitted, or waits for its day, is a draft again.")
class ReopenArticleInput:
    article_id: strawberry.ID = strawberry.field(description="Whose draft.")


@strawberry.input(description="What shall take the place of what is published.")
class CorrectArticleInput:
    article_id: strawberry.ID = strawberry.field(description="One that is published and of which nothing is open.")
    correction: str = strawberry.field(description="What is put right, for readers, 4 to 300 characters.")
    content: ArticleContentInput = strawberry.field(description="All of it, as it shall be.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="An article that nobody shall read any more.")
class WithdrawArticleInput:
    article_id: strawberry.ID = strawberry.field(description="One that is published.")
    reason: str = strawberry.field(description=WHY)


@strawberry.type
class WritingQuery:
    @strawberry.field(
        permission_classes=[Edits],
        description="All articles, the newest first, or those of which a version stands so: IN_REVIEW waits for who "
        "did not write it.",
    )
    async def article_desk(
        self,
        info: Info,
        state: Annotated[ArticleState | None, strawberry.argument(description="Only these.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Article] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.desk(session, viewer(info), wanted, state)
        found: Connection[Article] = connect(
            wanted, rows, lambda row: (row.made_at, row.article), lambda row: Article.of(info, row)
        )
        return found


@strawberry.type
class WritingMutation:
    @strawberry.mutation(permission_classes=[IsEditor], description="Begin an article. It is a draft.")
    async def create_article(
        self, info: Info, input: Annotated[CreateArticleInput, strawberry.argument(description="What it says.")]
    ) -> CreateArticleResult | None:
        said, keys = input.content.plain(), info.context.door(KeyProvider)
        async with info.context.write() as session:
            id = await actions.create(session, viewer(info), keys, said, input.idempotency_key, now(session))
        return await shown(info, id)

    @strawberry.mutation(permission_classes=[IsEditor], description="Change a draft. You are one of its authors then.")
    async def edit_article(
        self, info: Info, input: Annotated[EditArticleInput, strawberry.argument(description="Which and how.")]
    ) -> EditArticleResult | None:
        id, said = uuid_of(input.article_id, "Article", "articleId"), input.content.plain()
        keys = info.context.door(KeyProvider)
        async with info.context.write() as session:
            await actions.edit(session, viewer(info), keys, id, input.revision, said, now(session))
        return await shown(info, id)

    @strawberry.mutation(permission_classes=[IsEditor], description="Let somebody else look at a draft.")
    async def submit_article(
        self, info: Info, input: Annotated[SubmitArticleInput, strawberry.argument(description="Which one.")]
    ) -> SubmitArticleResult | None:
        id = uuid_of(input.article_id, "Article", "articleId")
        async with info.context.write() as session:
            await actions.submit(session, viewer(info), id)
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits],
        description="Approve what another wrote, or send it back. Who wrote any of it does not decide; readers are "
        "told who did.",
    )
    async def review_article(
        self, info: Info, input: Annotated[ReviewArticleInput, strawberry.argument(description="Which, how and why.")]
    ) -> ReviewArticleResult | None:
        id = uuid_of(input.article_id, "Article", "articleId")
        how = (input.approve, input.reason, input.called_as, input.publish_at, input.revision)
        async with info.context.write() as session:
            await actions.review(session, viewer(info), id, *how, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits], description="Take back what was submitted, or approved and not published yet."
    )
    async def reopen_article(
        self, info: Info, input: Annotated[ReopenArticleInput, strawberry.argument(description="Which one.")]
    ) -> ReopenArticleResult | None:
        id = uuid_of(input.article_id, "Article", "articleId")
        async with info.context.write() as session:
            await actions.reopen(session, viewer(info), id)
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsEditor],
        description="Begin a correction of what is published: a draft that goes the same way. Readers see what it puts "
        "right, and what stood there before.",
    )
    async def correct_article(
        self, info: Info, input: Annotated[CorrectArticleInput, strawberry.argument(description="Which and how.")]
    ) -> CorrectArticleResult | None:
        id, said = uuid_of(input.article_id, "Article", "articleId"), input.content.plain()
        keys, how = info.context.door(KeyProvider), (input.correction, input.idempotency_key)
        async with info.context.write() as session:
            await actions.correct(session, viewer(info), keys, id, said, *how, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[Edits], description="Withdraw an article, with all its versions and its shared links."
    )
    async def withdraw_article(
        self, info: Info, input: Annotated[WithdrawArticleInput, strawberry.argument(description="Which and why.")]
    ) -> WithdrawArticleResult | None:
        id = uuid_of(input.article_id, "Article", "articleId")
        async with info.context.write() as session:
            await actions.withdraw(session, viewer(info), id, input.reason, now(session))
        return await shown(info, id)
