"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.activities import reads
from app.activities.reads import attending
from app.activities.rules.exporting import EnrolmentRecord
from app.core.portable import Enclosed, Page, Source


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("enrolment"):
        async with source.reading() as session:
            rows = await attending.enrolments(session, source.viewer, ids)
            of = {row.activity for row in rows}
            names = {row.id: row.title for row in await reads.activities(session, source.viewer, of)}
        kept = ("id", "activity", "state", "made_at", "came_at")
        told = [{name: getattr(row, name) for name in kept} | {"name": names.get(row.activity, "")} for row in rows]
        if told:
            yield Page(EnrolmentRecord, [EnrolmentRecord(**one) for one in told])
