"""How files are read: while they hang on nothing by their owner, afterwards by the readers of what they hang on."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, or_, select

from app.core.access import Viewer
from app.core.db import Session, clock
from app.vault.models import Basis, File, FileState, Reader

F: Any = File.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]

LOOSE = (FileState.WAITING, FileState.READY)


def visible(viewer: Viewer) -> Any:
    """Hers, or of a subject that she may read; on the basis of a seat alone only what the owner gave to all or to her,
    and what she sent herself."""
    reader = R.alias()
    to_all = and_(F.c.from_owner, F.c.addressee.is_(None))
    hers = or_(F.c.owner == viewer.id, F.c.addressee == viewer.id, to_all)
    may = select(1).where(
        reader.c.subject == F.c.subject,
        reader.c.person == viewer.id,
        reader.c.until > clock(),
        or_(reader.c.basis != Basis.SEAT, hers),
    )
    return case((F.c.subject.is_(None), F.c.owner == viewer.id), else_=may.offset(0).exists())


async def files(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*F.c).where(F.c.id.in_(list(ids)), visible(viewer)))).all()


async def files_of(session: Session, viewer: Viewer, parts: Iterable[UUID]) -> Sequence[Any]:
    """What hangs on these questions, answers and messages, in the order in which it was attached."""
    wanted = select(*F.c).where(F.c.part.in_(list(parts)), visible(viewer))
    return (await session.rows(wanted.order_by(F.c.part, F.c.place))).all()


async def loose_sizes(session: Session, viewer: Viewer) -> Sequence[int]:
    """Of what she has sent, or may still send, and not used."""
    wanted = select(F.c.size).where(F.c.owner == viewer.id, F.c.subject.is_(None), F.c.state.in_(LOOSE))
    return (await session.rows(wanted.where(F.c.keep_until > clock()))).scalars().all()


async def kinds_of(session: Session, part: UUID) -> Sequence[str]:
    """Of what hangs on it already."""
    return (await session.rows(select(F.c.kind).where(F.c.part == part))).scalars().all()
