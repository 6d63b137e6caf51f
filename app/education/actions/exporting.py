"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.core.portable import Enclosed, Page, Source
from app.education import reads
from app.education.rules.exporting import ArticleReaderRecord, TopicChoiceRecord


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("article_reader"):
        async with source.reading() as session:
            rows = await reads.readings(session, source.viewer, ids)
        names = ("article", "read_at", "reaction", "reacted_at")
        if rows:
            yield Page(ArticleReaderRecord, [ArticleReaderRecord(**{n: getattr(r, n) for n in names}) for r in rows])
    if source.batches("topic_choice"):
        async with source.reading() as session:
            chose = await reads.topics_of(session, source.viewer)
        if chose:
            yield Page(TopicChoiceRecord, [TopicChoiceRecord(topics=chose.topics, at=chose.at)])
