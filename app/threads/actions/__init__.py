"""Saying something, and noting what was read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.sealing import seal
from app.threads import reads
from app.threads.models import Message, ReadMark
from app.threads.rules import TOO_FAST, seconds_to_wait


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
