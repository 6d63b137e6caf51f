"""How mediations are read. `visible_to` is the vault's: the shared record and each side's are subjects of their own."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, cast, func, select

from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.mediation.models import Agreement, Assent, Confirmation, Invitation, Mediation, Record, Term
from app.vault.models import Reader
from app.vault.reads import visible_to

M: Any = Mediation.__table__  # type: ignore[attr-defined]
V: Any = Invitation.__table__  # type: ignore[attr-defined]
K: Any = Record.__table__  # type: ignore[attr-defined]
G: Any = Agreement.__table__  # type: ignore[attr-defined]
T: Any = Term.__table__  # type: ignore[attr-defined]
S: Any = Assent.__table__  # type: ignore[attr-defined]
C: Any = Confirmation.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]


async def mediations(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*M.c).where(M.c.id.in_(list(ids)), visible_to(viewer, M.c.id)))).all()


async def of_applications(session: Session, viewer: Viewer, applications: Iterable[UUID]) -> Sequence[Any]:
    """What was opened for these applications."""
    wanted = select(*M.c).where(M.c.application.in_(list(applications)), visible_to(viewer, M.c.id))
    return (await session.rows(wanted)).all()


async def mediation_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Those in which she is a party, newest first: driven from `reader`."""
    wanted = select(*M.c, R.c.since).join_from(R, M, M.c.id == R.c.subject)
    wanted = wanted.where(R.c.person == viewer.id, R.c.until > clock(), R.c.basis.in_(["asker", "delegate"]))
    return (await session.rows(keyset(wanted, page, R.c.since, M.c.id))).all()


async def invitations(session: Session, viewer: Viewer, mediations: Iterable[UUID]) -> Sequence[Any]:
    """Who was invited to these, in their order."""
    wanted = select(*V.c).where(V.c.mediation.in_(list(mediations)), visible_to(viewer, V.c.mediation))
    return (await session.rows(wanted.order_by(V.c.mediation, V.c.made_at, V.c.id))).all()


async def invited(session: Session, link: bytes) -> Any | None:
    """By the digest of a link, which must be presented: the wall shows it to nobody else."""
    return (await session.rows(select(*V.c).where(V.c.link == link))).first()


async def may_not_join(session: Session, invitation: UUID) -> bool:
    """Whether the viewer handles what it is to, applied for it, or is on its other side."""
    return bool((await session.rows(select(func.door.may_not_join(invitation)))).scalar_one())


_SEEN = "id", "application", "institution", "mediator", "matter", "state", "due_at", "extended", "applied"


async def standing(session: Session, mediation: UUID) -> Any | None:
    """(id, application, institution, mediator, matter, state, due_at, extended, applied): all that the worker sees."""
    return (await session.rows(select(*(M.c[name] for name in _SEEN)).where(M.c.id == mediation))).first()


async def opened_for(session: Session, application: UUID) -> Any | None:
    """The same, of an application: None where nothing was opened for it."""
    return (await session.rows(select(*(M.c[name] for name in _SEEN)).where(M.c.application == application))).first()


async def answers(session: Session, mediation: UUID) -> Sequence[Any]:
    """(side, answer) of those who were invited, None for who has said nothing: for the worker."""
    wanted = select(V.c.side, V.c.answer).where(V.c.mediation == mediation, V.c.ended_at.is_(None))
    return (await session.rows(wanted)).all()


async def records(session: Session, viewer: Viewer, mediations: Iterable[UUID]) -> Sequence[Any]:
    """The sheets of these files that she reads, in their order."""
    wanted = select(*K.c).where(K.c.mediation.in_(list(mediations)), visible_to(viewer, K.c.subject))
    return (await session.rows(wanted.order_by(K.c.mediation, K.c.at, K.c.id))).all()


async def records_of(session: Session, mediation: UUID) -> int:
    """How many of its sheets whoever asks can see: the wall counts."""
    return int((await session.rows(select(func.count()).where(K.c.mediation == mediation))).scalar_one())


async def are_sessions(session: Session, mediation: UUID, appointments: Iterable[UUID]) -> bool:
    """Whether all these are appointments for a mediation at its committee."""
    wanted = select(func.door.are_sessions(mediation, cast(list(appointments), ARRAY(Uuid))))
    return bool((await session.rows(wanted)).scalar_one())


async def agreements(session: Session, viewer: Viewer, mediations: Iterable[UUID]) -> Sequence[Any]:
    """What is on the table of these, or was agreed on; what was taken off it is not shown any more."""
    wanted = select(*G.c).where(G.c.mediation.in_(list(mediations)), G.c.ended_at.is_(None))
    return (await session.rows(wanted.where(visible_to(viewer, G.c.mediation)))).all()


async def terms(session: Session, viewer: Viewer, agreements: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*T.c).where(T.c.agreement.in_(list(agreements)), visible_to(viewer, T.c.mediation))
    return (await session.rows(wanted.order_by(T.c.agreement, T.c.n))).all()


async def terms_by_id(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*T.c).where(T.c.id.in_(list(ids)), visible_to(viewer, T.c.mediation))
    return (await session.rows(wanted)).all()


async def assents(session: Session, viewer: Viewer, mediations: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*S.c).where(S.c.mediation.in_(list(mediations)), visible_to(viewer, S.c.mediation))
    return (await session.rows(wanted.order_by(S.c.mediation, S.c.at, S.c.side))).all()


async def confirmations(session: Session, viewer: Viewer, mediations: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*C.c).where(C.c.mediation.in_(list(mediations)), visible_to(viewer, C.c.mediation))
    return (await session.rows(wanted)).all()


async def called(session: Session, mediations: Iterable[UUID]) -> dict[UUID, str]:
    """How the mediators of these are called, of those that the viewer reads."""
    found = func.door.mediators(cast(list(mediations), ARRAY(Uuid))).table_valued("mediation", "called")
    return {row.mediation: row.called for row in (await session.rows(select(found.c.mediation, found.c.called))).all()}
