"""How notices are read: always one's own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, literal_column, select

from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.notices.models import ChannelState, Delivery, MessageConsent, Notice, NoticeKind, NoticePreference
from app.notices.rules.wording import AT_ONCE, COUNTED

N: Any = Notice.__table__  # type: ignore[attr-defined]
D: Any = Delivery.__table__  # type: ignore[attr-defined]
M: Any = MessageConsent.__table__  # type: ignore[attr-defined]
W: Any = NoticePreference.__table__  # type: ignore[attr-defined]
C: Any = ChannelState.__table__  # type: ignore[attr-defined]


class NoticeRow(NamedTuple):
    id: UUID
    kind: NoticeKind
    about: UUID
    at: datetime
    read_at: datetime | None


COLUMNS = tuple(N.c[name] for name in NoticeRow._fields)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = N.c.person == viewer.id
    return mine


def listed() -> ColumnElement[bool]:
    """What stands among notices: offers do not, they have a list of their own, and are only told."""
    other: ColumnElement[bool] = N.c.kind != literal_column(f"'{NoticeKind.OFFERED}'")  # as the indexes have it
    return other


def listing(viewer: Viewer, page: Page, unread_only: bool) -> Select[Any]:
    """Newest first."""
    wanted = select(*COLUMNS).where(visible_to(viewer), listed())
    if unread_only:
        wanted = wanted.where(N.c.read_at.is_(None))
    return keyset(wanted, page, N.c.at, N.c.id)


async def notice_page(session: Session, viewer: Viewer, page: Page, unread_only: bool) -> list[NoticeRow]:
    return rows_of(await session.rows(listing(viewer, page, unread_only)))


async def notices(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> list[NoticeRow]:
    return rows_of(await session.rows(select(*COLUMNS).where(N.c.id.in_(list(ids)), visible_to(viewer))))


async def unread(session: Session, viewer: Viewer) -> tuple[list[NoticeRow], int]:
    """The newest hundred unread, oldest first, and their number up to 99."""
    newest = select(*COLUMNS).where(visible_to(viewer), listed(), N.c.read_at.is_(None))
    newest = newest.order_by(N.c.at.desc(), N.c.id.desc()).limit(AT_ONCE)
    rows = rows_of(await session.rows(newest))
    return rows[::-1], min(len(rows), COUNTED)


async def count_unread(session: Session, viewer: Viewer) -> int:
    """Up to 99."""
    some = select(literal(1)).where(visible_to(viewer), listed(), N.c.read_at.is_(None)).limit(COUNTED).subquery()
    count: int = (await session.rows(select(func.count()).select_from(some))).scalar_one()
    return count


def rows_of(found: Iterable[Any]) -> list[NoticeRow]:
    return [NoticeRow(id, NoticeKind(kind), about, at, read_at) for id, kind, about, at, read_at in found]
