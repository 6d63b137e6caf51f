"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.contests import reads
from app.contests.actions.entering import title_of
from app.contests.rules.exporting import EntryRecord, VoteRecord
from app.core.portable import Enclosed, Page, Source
from app.vault.actions.keys import release


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("entry"):
        async with source.reading() as session:
            found = await reads.entries(session, source.viewer, ids)
            rows = [row for row in found if row.person == source.viewer.id]  # the staff see that there are others
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows])
        names = ("id", "activity", "pseudonym", "state", "submitted_at")
        kept = [{name: getattr(row, name) for name in names} for row in rows]
        titles = [title_of(keys[row.id], row) if row.id in keys else "" for row in rows]
        if rows:
            told = [EntryRecord(**row, name=title) for row, title in zip(kept, titles, strict=True)]
            yield Page(EntryRecord, told)
    for ids in source.batches("vote"):
        async with source.reading() as session:
            votes = await reads.votes(session, source.viewer, set(ids))
        if votes:
            yield Page(VoteRecord, [VoteRecord(entry=row.entry, day=row.day, at=row.at) for row in votes])
