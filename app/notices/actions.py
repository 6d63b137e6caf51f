"""Telling people, and what they have read."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from app.core import feed
from app.core.access import Viewer
from app.core.db import Session, now
from app.core.errors import NOT_FOUND, Language, refuse
from app.core.ids import new_id
from app.core.portable import Enclosed, Page, Source
from app.notices.models import Notice, NoticeKind
from app.notices.reads import COLUMNS, N, NoticeRow, notices, rows_of, visible_to
from app.notices.rules import NoticeRecord, wording

NEWS: Final = ("NOTICE", "NOTICES_READ")
"""The kinds in a person's feed: a new notice; some were read, perhaps on another device."""


async def tell(
    session: Session, people: Iterable[UUID], kind: NoticeKind, about: UUID, cause: UUID, now: datetime
) -> None:
    """Tell each of `people` about a question. The same `cause` again tells nobody twice.

    For the worker, who may write notices and not read them: without a conflict target PostgreSQL asks for no SELECT,
    and the number of rows says who has not been told yet.
    """
    for person in dict.fromkeys(people):
        id = new_id()
        row = {"id": id, "person": person, "kind": kind, "about": about, "cause": cause, "at": now}
        told = await session.rows(insert(Notice).inline().values(row).on_conflict_do_nothing())
        if told.rowcount:
            await feed.show(session, "NOTICE", people=[person], notice=id)


async def mark_read(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> list[NoticeRow]:
    """Those of one's own that had not been read until now."""
    return await _mark(session, viewer, N.c.id.in_(list(ids)))


async def mark_read_up_to(session: Session, viewer: Viewer, newest: UUID) -> list[NoticeRow]:
    """This notice and all before it. Refuses NOT_FOUND where it is not one's own."""
    there = select(N.c.at, N.c.id).where(N.c.id == newest, visible_to(viewer))
    end = (await session.rows(there)).one_or_none()
    if end is None:
        raise refuse(NOT_FOUND, "upTo")
    return await _mark(session, viewer, tuple_(N.c.at, N.c.id) <= tuple_(*end))


async def _mark(session: Session, viewer: Viewer, which: Any) -> list[NoticeRow]:
    marked = update(N).where(visible_to(viewer), N.c.read_at.is_(None), which).values(read_at=now(session))
    rows = rows_of(await session.rows(marked.returning(*COLUMNS)))
    if rows:
        await feed.show(session, "NOTICES_READ", people=[viewer.id])
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)


async def forget(session: Session, person: UUID) -> None:
    """For the worker: whatever somebody was told who closes her account."""
    await session.rows(text("SELECT door.give_up_notices(:person)"), {"person": person})


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    """This room's part of a copy of all that is kept about somebody."""
    for ids in source.batches("notice"):
        async with source.reading() as session:
            rows = sorted(await notices(session, source.viewer, ids), key=lambda row: (row.at, row.id))
        if rows:
            yield Page(NoticeRecord, [_record(row) for row in rows])


def _record(row: NoticeRow) -> NoticeRecord:
    headline, words = wording(row.kind, Language.ZH)
    return NoticeRecord(
        id=row.id, what=row.kind, headline=headline, text=words, about=row.about, at=row.at, read_at=row.read_at
    )
