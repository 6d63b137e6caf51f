"""How consultations with institutions are read. Who reads one's words sees it; that it waits, who works there."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, literal_column, or_, select, text

from app.accounts.models import Post
from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import Standing
from app.directory.reads.register import I
from app.threads.models import ConsultationState, InstitutionConsultation
from app.vault.reads import recused, visible_to

C: Any = InstitutionConsultation.__table__  # type: ignore[attr-defined]
P: Any = Post.__table__  # type: ignore[attr-defined]

_TURN: Final = case({ConsultationState.WAITING: "0", ConsultationState.TAKEN: "1"}, value=C.c.state, else_="2")
TURN: Final = (_TURN + cast(C.c.opened_at.op("AT TIME ZONE")("UTC"), Text)).label("turn")
"""What waits comes first, then what she holds, then what was closed lately; of each the oldest."""
_APPLIED: Final = text("SELECT 1 FROM app.application WHERE id = :id AND applicant = :me AND institution = :at")
"""A table of a room above this one, which is only asked whether there is such an application."""
APPLIED_FOR: Final[Any] = literal_column(
    "(SELECT a.kind FROM app.application a WHERE a.id = institution_consultation.application)"
).label("applied_for")
"""Of which kind it is."""
_STEPPED_BACK: Final = text("SELECT door.stepped_back(:application, :colleague)")
_STAFFED: Final = text("SELECT staffed FROM door.staffed(CAST(:places AS uuid[])) AS staffed")


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    here = select(1).where(P.c.person == viewer.id, P.c.institution == C.c.institution, P.c.until > clock())
    waits = and_(C.c.state == ConsultationState.WAITING, here.offset(0).exists(), ~recused(C.c.application, viewer.id))
    return or_(visible_to(viewer, C.c.id), waits)


async def consultations(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*C.c, APPLIED_FOR).where(C.c.id.in_(list(ids)), seen_by(viewer)))).all()


async def standing(session: Session, viewer: Viewer, id: UUID) -> Any | None:
    """As it stands until the transaction ends: of those whose it is and who holds it, nobody closes it meanwhile."""
    wanted = select(*C.c).where(C.c.id == id, visible_to(viewer, C.c.id))
    return (await session.rows(wanted.with_for_update(read=True))).one_or_none()


async def mine(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Her own, newest first."""
    hers = select(*C.c, APPLIED_FOR).where(C.c.person == viewer.id, visible_to(viewer, C.c.id))
    return (await session.rows(keyset(hers, page, C.c.opened_at, C.c.id))).all()


async def desk(session: Session, viewer: Viewer, institution: UUID, page: Page) -> Sequence[Any]:
    """What waits at the institution where she works, and what she holds there."""
    there = select(*C.c, TURN, APPLIED_FOR).where(C.c.institution == institution)
    there = there.where(C.c.person.is_distinct_from(viewer.id))
    there = there.where(seen_by(viewer))
    return (await session.rows(keyset(there, page, TURN.element, C.c.id, newest_first=False))).all()


async def works(session: Session, institution: UUID) -> bool:
    active = select(I.c.id).where(I.c.id == institution, I.c.standing == Standing.ACTIVE)
    return (await session.rows(active)).first() is not None


async def applied(session: Session, viewer: Viewer, application: UUID, institution: UUID) -> bool:
    """Whether this is an application of hers with that institution."""
    found = await session.rows(_APPLIED, {"id": application, "me": viewer.id, "at": institution})
    return found.first() is not None


async def staffed(session: Session, institutions: Iterable[UUID]) -> set[UUID]:
    """At which of them somebody is; of whom, the door does not tell."""
    return set((await session.rows(_STAFFED, {"places": list(institutions)})).scalars())


async def stepped_back(session: Session, application: UUID, colleague: UUID) -> bool:
    """Whether she is to have nothing to do with that application. Who holds a consultation about it may ask."""
    told = await session.rows(_STEPPED_BACK, {"application": application, "colleague": colleague})
    return bool(told.scalar_one())


async def about(session: Session, id: UUID) -> Any | None:
    """For the worker, who sees nothing that was said."""
    wanted = select(C.c.id, C.c.institution, C.c.person, C.c.state, C.c.holder).where(C.c.id == id)
    return (await session.rows(wanted)).one_or_none()


async def staff_of(session: Session, id: UUID) -> Sequence[UUID]:
    """For the worker: who works where it was asked, and may take it."""
    wanted = select(P.c.person).join_from(C, P, P.c.institution == C.c.institution)
    wanted = wanted.where(C.c.id == id, P.c.until > clock(), P.c.person.is_distinct_from(C.c.person))
    return (await session.rows(wanted.where(~recused(C.c.application, P.c.person)))).scalars().all()
