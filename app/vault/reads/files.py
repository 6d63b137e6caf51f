"""How files are read: while they hang on nothing by their owner, afterwards by the readers of what they hang on."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, or_, select

from app.core.access import Viewer
from app.core.db import Session, clock
from app.vault.models import Basis, File, FileState, Reader, Transcript

F: Any = File.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]
T: Any = Transcript.__table__  # type: ignore[attr-defined]

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


def _files(viewer: Viewer) -> Any:
    """With what was written down of a recording, None where nothing was."""
    words = T.c.words, T.c.source, T.c.engine, T.c.written_at
    return select(*F.c, *words).join_from(F, T, T.c.file == F.c.id, isouter=True).where(visible(viewer))


async def files(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_files(viewer).where(F.c.id.in_(list(ids))))).all()


async def files_of(session: Session, viewer: Viewer, parts: Iterable[UUID]) -> Sequence[Any]:
    """What hangs on these questions, answers and messages, in the order in which it was attached."""
    wanted = _files(viewer).where(F.c.part.in_(list(parts)))
    return (await session.rows(wanted.order_by(F.c.part, F.c.place))).all()


async def loose_sizes(session: Session, viewer: Viewer) -> Sequence[int]:
    """Of what she has sent, or may still send, and not used."""
    wanted = select(F.c.size).where(F.c.owner == viewer.id, F.c.subject.is_(None), F.c.state.in_(LOOSE))
    return (await session.rows(wanted.where(F.c.keep_until > clock()))).scalars().all()


async def kinds_of(session: Session, part: UUID) -> Sequence[str]:
    """Of what is attached to it already; what is said in it is no attachment."""
    return (await session.rows(select(F.c.kind).where(F.c.part == part, ~F.c.spoken))).scalars().all()


async def voice_of(session: Session, viewer: Viewer, part: UUID) -> Any | None:
    """The recording in which a question, message or answer is said."""
    wanted = _files(viewer).where(F.c.part == part, F.c.spoken)
    return (await session.rows(wanted)).one_or_none()


async def seconds_of(session: Session, viewer: Viewer, voice: UUID | None) -> float:
    """How long a recording of hers is, as it was decoded; 0 where there is none."""
    if voice is None:
        return 0
    hers = select(F.c.duration).where(F.c.id == voice, F.c.owner == viewer.id)
    return ((await session.rows(hers)).scalar() or 0) / 1000
