"""Articles for everybody: listed, searched, read, and chosen for who says what interests her."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.directory.rules.finding import sought
from app.directory.rules.searching import wording
from app.education import reads
from app.education.actions import reading as actions
from app.education.loaders import ArticleById
from app.education.models import ArticleReaction
from app.education.reads.finding import search
from app.education.rules.choosing import Reader, chosen
from app.education.rules.writing import TOPICS
from app.education.types.articles import (
    Article,
    ChooseTopicsResult,
    ChosenTopics,
    ReactToArticleResult,
    ReadArticleResult,
    RecommendedArticle,
)
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, key_of, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone, IsResident
from app.graph.visible import SHARED
from app.guidance.types.categories import Category

MOST = 20
Which = Annotated[strawberry.ID, strawberry.argument(description="One that is published.")]


@strawberry.input(description="An article that you have before you.")
class ReadArticleInput:
    article_id: strawberry.ID = strawberry.field(description="Which one.")


@strawberry.input(description="What you make of an article.")
class ReactToArticleInput:
    article_id: strawberry.ID = strawberry.field(description="Of which one.")
    reaction: ArticleReaction | None = strawberry.field(default=None, description="Null takes back what you said.")


@strawberry.input(description="What you want to read about.")
class ChooseTopicsInput:
    topic_ids: list[strawberry.ID] = strawberry.field(
        description="Categories of the first level, each once; none takes back what you chose."
    )


@strawberry.type
class ReadingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="What is published, the newest first; or what holds these words, found as in `directory`: in "
        "characters of either kind, in pinyin or by its initials, and where nothing holds them, by what sounds or "
        "looks like them. What fits best comes first.",
        directives=[SHARED],
    )
    async def articles(
        self,
        info: Info,
        query: Annotated[str | None, strawberry.argument(description="At most 50 characters.")] = None,
        topic_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only about this category of the first level.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Article] | None:
        words = sought(wording(query, "query") or "", narrow=True)
        topic = topic_of(topic_id, "topicId") if topic_id is not None else None
        me = info.context.viewer
        if words is None:
            wanted = page(first, after, last, before)
            async with info.context.read() as session:
                rows = await reads.published_page(session, me, wanted, topic)
            newest: Connection[Article] = connect(
                wanted, rows, lambda row: (row.listed_at, row.article), lambda row: Article.of(info, row)
            )
            return newest
        wanted = page(first, after, last, before, key=int)
        async with info.context.read() as session:
            rows = await search(session, me, wanted, words, topic)
        found: Connection[Article] = connect(
            wanted, rows, lambda row: (row.at, row.article), lambda row: Article.of(info, row)
        )
        return found

    @strawberry.field(
        permission_classes=[Anyone], description="One that is published; null of any other.", directives=[SHARED]
    )
    async def article(self, info: Info, id: Which) -> Article | None:
        row = await info.context.loader(ArticleById).load(uuid_of(id, "Article"))
        return Article.of(info, row) if row else None

    @strawberry.field(
        permission_classes=[Anyone],
        description="Articles for you, and why each: by the topics you chose, and the village, the role and the age "
        "that you said are yours; what you have not read comes first. Never by what you asked a lawyer. Who is not "
        "signed in, or does not want it `personal`, gets the newest.",
    )
    async def recommended_articles(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="At most so many, 1 to 20.")] = 5,
        personal: Annotated[bool, strawberry.argument(description="False for what everybody gets (PIPL 24).")] = True,
    ) -> list[RecommendedArticle] | None:
        if not 1 <= first <= MOST:
            raise refuse(BAD_VALUE, "first")
        me = info.context.viewer
        async with info.context.read() as session:
            asks = me if personal else None
            rows = await reads.candidates(session, asks)
            reader = await reads.reader(session, asks) if asks else Reader()
        picked = chosen(rows, reader, first, {row.article for row in rows if row.read})
        found = await info.context.loader(ArticleById).load_many([row.article for row, _ in picked])
        return [
            RecommendedArticle(article=Article.of(info, row), why=why)
            for row, (_, why) in zip(found, picked, strict=True)
            if row
        ]

    @strawberry.field(permission_classes=[IsResident], description="What you chose to read about.")
    async def my_topics(self, info: Info) -> ChosenTopics | None:
        return await _topics(info)


@strawberry.type
class ReadingMutation:
    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say that you have an article before you: it is counted once, and not recommended first again. "
        "Nobody else sees what you read.",
    )
    async def read_article(
        self, info: Info, input: Annotated[ReadArticleInput, strawberry.argument(description="Which one.")]
    ) -> ReadArticleResult | None:
        id = uuid_of(input.article_id, "Article", "articleId")
        async with info.context.write() as session:
            await actions.read(session, viewer(info), id, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Say whether an article helped you. The last word counts; nobody else sees whose it is.",
    )
    async def react_to_article(
        self, info: Info, input: Annotated[ReactToArticleInput, strawberry.argument(description="Which and what.")]
    ) -> ReactToArticleResult | None:
        id = uuid_of(input.article_id, "Article", "articleId")
        async with info.context.write() as session:
            await actions.react(session, viewer(info), id, input.reaction, now(session))
        return await shown(info, id)

    @strawberry.mutation(
        permission_classes=[IsResident],
        description="Choose what you want to read about. It is in place of what you chose before, which is not kept.",
    )
    async def choose_topics(
        self, info: Info, input: Annotated[ChooseTopicsInput, strawberry.argument(description="Which topics.")]
    ) -> ChooseTopicsResult | None:
        topics = [topic_of(id, f"topicIds.{place}") for place, id in enumerate(input.topic_ids)]
        async with info.context.write() as session:
            await actions.choose(session, viewer(info), topics, now(session))
        return await _topics(info)


def topic_of(id: strawberry.ID, field: str) -> str:
    code = key_of(id, "Category", field)
    if code not in TOPICS:
        raise refuse(BAD_VALUE, field)
    return code


async def _topics(info: Info) -> ChosenTopics:
    async with info.context.read() as session:
        row = await reads.topics_of(session, viewer(info))
    return ChosenTopics(topics=[found for code in (row.topics if row else ()) if (found := Category.of(code))])


async def shown(info: Info, id: UUID) -> Article:
    row: Any = await info.context.loader(ArticleById).load(id)
    if row is None:
        raise refuse(NOT_FOUND, "articleId")
    return Article.of(info, row)


async def _articles(info: Info, keys: list[str]) -> list[Article | None]:
    rows = await info.context.loader(ArticleById).load_many([as_uuid(key) for key in keys])
    return [Article.of(info, row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Article": _articles}
