"""Saying something, and noting what was read."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.portable import Enclosed, Page, Source
from app.core.sealing import seal, unseal
from app.directory.reads import lawyers
from app.threads import reads
from app.threads.models import Message, ReadMark
from app.threads.rules import TOO_FAST, MessageRecord, ReadMarkRecord, seconds_to_wait
from app.vault.actions.keys import release


async def say(
    session: Session,
    viewer: Viewer,
    subject: UUID,
    key: bytes,
    from_owner: bool,
    body: str,
    kind: str,
    addressee: UUID | None,
    regards: UUID | None,
    now: datetime,
    *,
    id: UUID | None = None,
) -> UUID:
    """The message's id (`id`, where the caller has promised one already).

    `key` is the subject's data key; the caller has looked at the text and decided who is spoken to. Refuses TOO_FAST.
    """
    await _one_at_a_time(session, viewer)
    wait = seconds_to_wait(await reads.sent_lately(session, viewer.id, now), now)
    if wait:
        raise refuse(TOO_FAST, seconds=wait)
    id = id or new_id()
    row = {"id": id, "subject": subject, "author": viewer.id, "from_owner": from_owner, "addressee": addressee}
    row |= {"kind": kind, "regards": regards, "sent_at": now, "body": seal(key, body, "message", "body", id)}
    await session.rows(insert(Message).inline(), row)
    return id


async def _one_at_a_time(session: Session, viewer: Viewer) -> None:
    """Two messages of one person at once would each not see the other and pass the limit together."""
    await one_at_a_time(session, f"say {viewer.id}")


async def mark_read(session: Session, viewer: Viewer, subject: UUID, up_to: UUID, now: datetime) -> None:
    """This message and all before it are read; a mark never moves back. Refuses NOT_FOUND for what she cannot see."""
    there = select(reads.M.c.sent_at).where(reads.M.c.id == up_to, reads.M.c.subject == subject, reads.visible(viewer))
    sent_at = (await session.rows(there)).scalar_one_or_none()
    if sent_at is None:
        raise refuse(NOT_FOUND, "upTo")
    mark = {"up_to": up_to, "sent_at": sent_at, "at": now}
    kept = upsert(ReadMark).inline().values(subject=subject, person=viewer.id, **mark)
    further = tuple_(reads.K.c.sent_at, reads.K.c.up_to) < tuple_(kept.excluded.sent_at, kept.excluded.up_to)
    await session.rows(kept.on_conflict_do_update(index_elements=["subject", "person"], set_=mark, where=further))


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    """This room's part of a copy of all that is kept about somebody."""
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
