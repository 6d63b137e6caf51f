"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.core.sealing import unseal
from app.education import reads
from app.education.reads import donating, pushing
from app.education.rules.exporting import ArticlePushRecord, ArticleReaderRecord, CaseDonationRecord, TopicChoiceRecord
from app.education.rules.pushing import why
from app.vault.actions.keys import release


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("article_reader"):
        async with source.reading() as session:
            rows = await reads.readings(session, source.viewer, ids)
        names = ("article", "read_at", "reaction", "reacted_at")
        if rows:
            yield Page(ArticleReaderRecord, [ArticleReaderRecord(**{n: getattr(r, n) for n in names}) for r in rows])
    for ids in source.batches("article_push"):
        async with source.reading() as session:
            told = await pushing.pushes(session, source.viewer, ids)
        said = [{"article": one.article, "at": one.at, "why": why(one), "stopped_at": one.stopped_at} for one in told]
        if said:
            yield Page(ArticlePushRecord, [ArticlePushRecord(**one) for one in said])
    for ids in source.batches("case_donation"):
        async with source.reading() as session:
            given = [row for row in await donating.hers(session, source.viewer) if row.id in ids]
            keys = await release(session, source.keys, source.viewer, [row.id for row in given if row.body])
        if given:
            yield Page(CaseDonationRecord, [_donation(row, keys.get(row.id)) for row in given])
    if source.batches("topic_choice"):
        async with source.reading() as session:
            chose = await reads.topics_of(session, source.viewer)
        if chose:
            yield Page(TopicChoiceRecord, [TopicChoiceRecord(topics=chose.topics, at=chose.at)])


def _donation(row: Any, key: bytes | None) -> CaseDonationRecord:
    text = unseal(key, row.body, "case_donation", "body", row.id) if key and row.body else None
    return CaseDonationRecord(id=row.id, state=row.state, donated_at=row.donated_at, text=text)
