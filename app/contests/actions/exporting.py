"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.contests import reads
from app.contests.actions.entering import title_of
from app.contests.reads import juries
from app.contests.rules.exporting import EntryRecord, JurorRecord, VoteRecord
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
    for ids in source.batches("juror"):
        async with source.reading() as session:
            asked = [row for row in await juries.jurors(session, source.viewer, ids) if row.person == source.viewer.id]
            gave = await juries.gave(session, [row.id for row in asked])
        fields = ("id", "activity", "called", "state", "named_at")
        said = [{name: getattr(row, name) for name in fields} | {"scores": gave.get(row.id, 0)} for row in asked]
        if said:
            yield Page(JurorRecord, [JurorRecord(**one) for one in said])
