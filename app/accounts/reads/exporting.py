"""How exports are read, and all of this room that goes into one: one's own rows, the old ones too."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.accounts import reads
from app.accounts.models import Export, ExportPart, ExportState
from app.core.access import Viewer
from app.core.db import Session

P, H, I, S, D, K, B, G, M = (  # noqa: E741
    reads.P,
    reads.H,
    reads.I,
    reads.S,
    reads.D,
    reads.K,
    reads.B,
    reads.G,
    reads.M,
)
X: Any = Export.__table__  # type: ignore[attr-defined]
XP: Any = ExportPart.__table__  # type: ignore[attr-defined]


async def running(session: Session, viewer: Viewer) -> UUID | None:
    """The one that is being made for her now."""
    hers = select(X.c.id).where(X.c.person == viewer.id, X.c.state == ExportState.REQUESTED)
    id: UUID | None = (await session.rows(hers)).scalar()
    return id


async def asked_since(session: Session, viewer: Viewer, since: datetime) -> int:
    asked = select(func.count()).where(X.c.person == viewer.id, X.c.asked_at > since)
    return int((await session.rows(asked)).scalar_one())


async def exports(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*X.c).where(X.c.id.in_(list(ids)), X.c.person == viewer.id))).all()


async def newest(session: Session, viewer: Viewer) -> Any | None:
    hers = select(*X.c).where(X.c.person == viewer.id).order_by(X.c.asked_at.desc(), X.c.id.desc()).limit(1)
    return (await session.rows(hers)).first()


async def is_ready(session: Session, export: UUID) -> bool:
    """For the worker, who sees no more of it."""
    state = (await session.rows(select(X.c.state).where(X.c.id == export))).scalar()
    return bool(state == ExportState.READY)


async def counts(session: Session, viewer: Viewer, exports: Iterable[UUID]) -> Sequence[Any]:
    """(export, kind, count) of what was listed so far."""
    wanted = select(XP.c.export, XP.c.kind, func.cardinality(XP.c.ids).label("count"))
    hers = wanted.where(XP.c.export.in_(list(exports)), XP.c.person == viewer.id)
    return (await session.rows(hers.order_by(XP.c.export, XP.c.kind))).all()


async def listed(session: Session, viewer: Viewer, export: UUID) -> dict[str, Sequence[UUID]]:
    """All ids, by what they are of."""
    hers = select(XP.c.kind, XP.c.ids).where(XP.c.export == export, XP.c.person == viewer.id)
    return {row.kind: row.ids for row in await session.rows(hers)}


async def about(session: Session, viewer: Viewer) -> Any:
    return (await session.rows(select(*P.c).where(P.c.id == viewer.id))).one()


async def identities(session: Session, viewer: Viewer) -> Sequence[Any]:
    wanted = select(I.c.kind, I.c.digest, I.c.sealed, I.c.since).where(I.c.person == viewer.id)
    return (await session.rows(wanted.order_by(I.c.kind))).all()


async def roles(session: Session, viewer: Viewer) -> Sequence[Any]:
    return (await session.rows(select(*H.c).where(H.c.person == viewer.id).order_by(H.c.since, H.c.role))).all()


async def ages(session: Session, viewer: Viewer) -> Sequence[Any]:
    return (await session.rows(select(*B.c).where(B.c.person == viewer.id).order_by(B.c.turn))).all()


async def consents(session: Session, viewer: Viewer) -> Sequence[Any]:
    hers = select(*K.c).where(K.c.person == viewer.id)
    return (await session.rows(hers.order_by(K.c.at, K.c.purpose, K.c.turn))).all()


async def devices(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Those that are signed out, too."""
    hers = select(*S.c).where(S.c.id.in_(list(ids)), S.c.person == viewer.id)
    return (await session.rows(hers.order_by(S.c.created_at, S.c.id))).all()


async def delegations(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return await reads.delegations(session, viewer, ids)


async def guardianships(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return await reads.guardianships(session, viewer, ids)


async def decisions(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """What was decided about her, without the words: not by her office but because it is about her."""
    wanted = select(M.c.id, M.c.kind, M.c.roles, M.c.at, M.c.institution, M.c.duty).where(
        M.c.id.in_(list(ids)), M.c.person == viewer.id
    )
    return (await session.rows(wanted.order_by(M.c.at, M.c.id))).all()
