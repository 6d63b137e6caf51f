"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from app.core.portable import Enclosed, Page, Source
from app.core.sealing import unseal
from app.directory.reads import lawyers
from app.threads import reads
from app.threads.actions import consulting
from app.threads.rules import MessageRecord, ReadMarkRecord
from app.vault.actions.keys import release


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("message"):
        async with source.reading() as session:
            rows = sorted(await reads.messages(session, source.viewer, ids), key=lambda row: (row.subject, row.sent_at))
            keys = await release(session, source.keys, source.viewer, {row.subject for row in rows})
            people = {person for row in rows for person in (row.author, row.addressee) if person}
            names = {lawyer.id: lawyer.name for lawyer in await lawyers(session, people)}
        if records := [_record(source, row, keys[row.subject], names) for row in rows if row.subject in keys]:
            yield Page(MessageRecord, records)
    for ids in source.batches("readMark"):
        async with source.reading() as session:
            marks = await reads.marks(session, source.viewer, ids)
        if marks:
            yield Page(ReadMarkRecord, [ReadMarkRecord(about=row.subject, up_to=row.up_to, at=row.at) for row in marks])
    async for page in consulting.copied(source):
        yield page


def _record(source: Source, row: Any, key: bytes, names: Mapping[UUID, str]) -> MessageRecord:
    return MessageRecord(
        id=row.id,
        about=row.subject,
        what=row.kind,
        mine=row.author == source.viewer.id,
        from_asker=row.from_owner,
        lawyer=None if row.from_owner else names.get(row.author),
        addressee=names.get(row.addressee) if row.addressee else None,
        regards=row.regards,
        sent_at=row.sent_at,
        text=unseal(key, row.body, "message", "body", row.id),
    )
