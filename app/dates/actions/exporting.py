"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.dates import actions, reads
from app.dates.rules import Said, about
from app.dates.rules.exporting import KeptDateRecord


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("kept_date"):
        async with source.reading() as session:
            rows = await reads.dates(session, source.viewer, ids)
            found = await actions.opened(session, source.viewer, source.keys, rows)
        if found:
            yield Page(KeptDateRecord, [_record(row, said) for row, said in found])


def _record(row: Any, said: Said) -> KeptDateRecord:
    kept = said.model_dump(include={"source", "limit", "question", "since", "day"})
    return KeptDateRecord(id=row.id, kept_at=row.kept_at, about=about(said).zh, own=said.kind, **kept)
