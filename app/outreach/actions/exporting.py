"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.core.portable import Enclosed, Page, Source
from app.outreach import reads
from app.outreach.rules.exporting import TouchRecord


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("touch"):
        async with source.reading() as session:
            rows = await reads.touches(session, ids)
        if rows:
            yield Page(
                TouchRecord,
                [
                    TouchRecord(
                        id=row.id, channel=row.kind, name=row.name, at=row.at, until=row.until, steps=list(row.steps)
                    )
                    for row in rows
                ],
            )
