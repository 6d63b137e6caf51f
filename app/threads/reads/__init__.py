"""How threads are read. A thread is what was said about one subject, and whoever reads the subject reads the thread;
which of its messages, `visible` says."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_

from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.threads.models import Message, ReadMark
from app.threads.rules import A_MINUTE, COUNTED, MINUTE
from app.vault.models import Basis, Reader

M: Any = Message.__table__  # type: ignore[attr-defined]
K: Any = ReadMark.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]


LATELY: Final = 20
"""Messages of hers that are looked through for signs of danger."""


def visible(viewer: Viewer) -> Any:
    """Messages of subjects that she may read; on the basis of a seat alone only what the owner said to all or to her,
    and what she said herself."""
    reader = R.alias()
    to_all = and_(M.c.from_owner, M.c.addressee.is_(None))
    hers = or_(M.c.author == viewer.id, M.c.addressee == viewer.id, to_all)
    may = select(1).where(
        reader.c.subject == M.c.subject,
        reader.c.person == viewer.id,
        reader.c.until > clock(),
        or_(reader.c.basis != Basis.SEAT, hers),
    )
    return may.offset(0).exists()


def _messages(viewer: Viewer) -> Any:
    """With the number of others who have read so far (`read_by`), as far as the viewer may know."""
    mark = K.alias()
    read_by = select(func.count()).where(
        mark.c.subject == M.c.subject,
        mark.c.person != M.c.author,
        tuple_(mark.c.sent_at, mark.c.up_to) >= tuple_(M.c.sent_at, M.c.id),
    )
    return select(*M.c, read_by.scalar_subquery().label("read_by")).where(visible(viewer))


def listing(viewer: Viewer, subject: UUID, page: Page) -> Any:
    """Newest first."""
    return keyset(_messages(viewer).where(M.c.subject == subject), page, M.c.sent_at, M.c.id)


async def message_page(session: Session, viewer: Viewer, subject: UUID, page: Page) -> Sequence[Any]:
    return (await session.rows(listing(viewer, subject, page))).all()


async def messages(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_messages(viewer).where(M.c.id.in_(list(ids))))).all()


async def threads(session: Session, viewer: Viewer, subjects: Iterable[UUID]) -> Sequence[Any]:
    """(subject, unread up to 99) of those that the viewer takes part in; an offer of the brief is no part."""
    mark = K.alias()
    new = (
        select(1)
        .where(M.c.subject == R.c.subject, M.c.author != viewer.id, visible(viewer))
        .where(or_(mark.c.up_to.is_(None), tuple_(M.c.sent_at, M.c.id) > tuple_(mark.c.sent_at, mark.c.up_to)))
        .limit(COUNTED)
        .correlate(R, mark)
        .lateral("new")
    )
    unread = select(func.count()).select_from(new).correlate(R, mark).scalar_subquery()
    wanted = (
        select(R.c.subject, unread.label("unread"))
        .select_from(R.outerjoin(mark, and_(mark.c.subject == R.c.subject, mark.c.person == R.c.person)))
        .where(R.c.subject.in_(list(subjects)), R.c.person == viewer.id, R.c.until > clock())
        .where(R.c.basis != Basis.OFFERED)
    )
    return (await session.rows(wanted)).all()


async def sent_lately(session: Session, person: UUID, now: datetime) -> Sequence[datetime]:
    """When this person's messages of the last minute were sent, newest first; as many as one may send in it."""
    wanted = select(M.c.sent_at).where(M.c.author == person, M.c.sent_at > now - MINUTE)
    return (await session.rows(wanted.order_by(M.c.sent_at.desc()).limit(A_MINUTE))).scalars().all()


async def said_lately(session: Session, viewer: Viewer, subjects: Iterable[UUID]) -> Sequence[Any]:
    """(subject, id, body) of the newest of its owner's messages about each subject."""
    place = func.row_number().over(partition_by=M.c.subject, order_by=M.c.sent_at.desc()).label("n")
    hers = select(M.c.subject, M.c.id, M.c.body, place)
    lately = hers.where(M.c.subject.in_(list(subjects)), M.c.from_owner, visible(viewer)).subquery()
    return (await session.rows(select(lately).where(lately.c.n <= LATELY))).all()


async def marks(session: Session, viewer: Viewer, subjects: Iterable[UUID]) -> Sequence[Any]:
    """How far she herself has read."""
    return (await session.rows(select(*K.c).where(K.c.subject.in_(list(subjects)), K.c.person == viewer.id))).all()
