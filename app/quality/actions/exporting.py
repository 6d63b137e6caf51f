"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.core.portable import Enclosed, Page, Source
from app.quality import reads
from app.quality.actions.marking import words
from app.quality.rules.exporting import QualityMarkRecord
from app.vault.actions.keys import release

_NAMES = ("id", "answer", "conclusion", "law", "steps", "plain", "deadlines", "harm", "marked_at", "replied_at")


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("quality_mark"):
        async with source.reading() as session:
            rows = await reads.marks(session, source.viewer, ids)
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows])
        told = [
            {name: getattr(row, name) for name in _NAMES}
            | {name: words(keys.get(row.id), row, name) for name in ("note", "reply")}
            for row in rows
        ]
        if told:
            yield Page(QualityMarkRecord, [QualityMarkRecord(**one) for one in told])
