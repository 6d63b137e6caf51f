"""Telling people, and what they have seen and read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from app.core import feed
from app.core.access import Viewer
from app.core.db import Session, now
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.outbox import emit
from app.notices.events import NoticesTold
from app.notices.models import Notice, NoticeKind
from app.notices.reads import COLUMNS, N, NoticeRow, rows_of, visible_to
from app.notices.rules.ladder import WAIT
from app.notices.rules.wording import AT_ONCE

NEWS: Final = ("NOTICE", "NOTICES_READ")
"""The kinds in a person's feed: a new notice; some were read, perhaps on another device."""


async def tell(
    session: Session, people: Iterable[UUID], kind: NoticeKind, about: UUID, cause: UUID, now: datetime
) -> None:
    """Tell each of `people` about a question. The same `cause` again tells nobody twice.

    Who does not acknowledge it within ten seconds is reached in another way. Three statements, however many they are;
    always in the order of ids, so that two who tell the same people never wait for each other.
    """
    everybody = sorted(set(people))
    rows = [
        {"id": new_id(), "person": person, "kind": kind, "about": about, "cause": cause, "at": now}
        for person in everybody
    ]
    if not rows:
        return
    telling = insert(Notice).values(rows).on_conflict_do_nothing().returning(N.c.id, N.c.person)
    told = (await session.rows(telling)).all()
    if told:
        await feed.show_each(session, "NOTICE", [(row.person, {"notice": row.id}) for row in told])
        some = [told[first : first + AT_ONCE] for first in range(0, len(told), AT_ONCE)]
        await emit(session, *(NoticesTold(notices=[row.id for row in rows]) for rows in some), at=now + WAIT)


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


_LATEST: Final = text("""
    UPDATE app.notice SET acknowledged_at = :now
    WHERE person = :me AND acknowledged_at IS NULL AND id IN (
        SELECT CAST(f.ids ->> 'notice' AS uuid) FROM app.feed f
        WHERE f.person = :me AND f.kind = 'NOTICE'
          AND (f.xid, f.id) <= (CAST(CAST(:xid AS text) AS xid8), :id)
        ORDER BY f.xid DESC, f.id DESC LIMIT :most)""")


async def acknowledge(session: Session, viewer: Viewer, upto: feed.Cursor) -> int:
    """A client of hers has everything that a frame with this cursor brought, and all before it; how many were new.

    Of what came before only the newest 200 are looked at: what is older has long been told in another way.
    """
    said = {"now": now(session), "me": viewer.id, "xid": str(upto.xid), "id": upto.id, "most": 2 * AT_ONCE}
    return (await session.rows(_LATEST, said)).rowcount


async def _mark(session: Session, viewer: Viewer, which: Any) -> list[NoticeRow]:
    marked = update(N).where(visible_to(viewer), N.c.read_at.is_(None), which).values(read_at=now(session))
    rows = rows_of(await session.rows(marked.returning(*COLUMNS)))
    if rows:
        await feed.show(session, "NOTICES_READ", people=[viewer.id])
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)


async def forget(session: Session, person: UUID) -> None:
    """For the worker: whatever somebody was told who closes her account."""
    await session.rows(text("SELECT door.give_up_notices(:person)"), {"person": person})


FORGOTTEN_AT_ONCE: Final = 500


async def forget_deliveries(session: Session) -> bool:
    """For the worker: some of those that the policy no longer keeps; whether there may be more."""
    gone = await session.rows(text("SELECT door.forget_deliveries(:most)"), {"most": FORGOTTEN_AT_ONCE})
    return bool(gone.scalar_one() >= FORGOTTEN_AT_ONCE)
