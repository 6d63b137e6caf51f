"""How applications are read. `visible_to` is the one place where row visibility is written."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, or_, select, text

from app.accounts.models import Duty, Post
from app.applications.models import (
    Application,
    ApplicationDraft,
    ApplicationKind,
    ApplicationStep,
    Assignment,
    AssignmentState,
    Move,
)
from app.applications.rules.machine import ENDS, MACHINES, OVER
from app.applications.rules.standing import HANDLERS
from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import Institution, Standing
from app.vault.models import OWNERS, Reader
from app.vault.reads import recused
from app.vault.reads import visible_to as reads_it

A: Any = Application.__table__  # type: ignore[attr-defined]
S: Any = ApplicationStep.__table__  # type: ignore[attr-defined]
G: Any = Assignment.__table__  # type: ignore[attr-defined]
D: Any = ApplicationDraft.__table__  # type: ignore[attr-defined]
P: Any = Post.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]
I: Any = Institution.__table__  # type: ignore[attr-defined]  # noqa: E741


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Its readers; and that it is there, the officers of its institution but for who has stepped back from it."""
    works = select(1).where(P.c.person == viewer.id, P.c.institution == A.c.institution, P.c.until > clock())
    works = works.where(P.c.duty.in_(HANDLERS)).offset(literal_column("0"))
    return or_(reads_it(viewer, A.c.id), works.exists() & ~recused(A.c.id, viewer.id))


async def applications(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*A.c).where(A.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def application_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Hers and those of whom she acts for, newest first: driven from `reader`."""
    wanted = select(*A.c, R.c.since).join_from(R, A, A.c.id == R.c.subject)
    wanted = wanted.where(R.c.person == viewer.id, R.c.until > clock(), R.c.basis.in_(sorted(OWNERS)))
    return (await session.rows(keyset(wanted, page, R.c.since, A.c.id))).all()


async def queue_page(session: Session, viewer: Viewer, page: Page, place: UUID, *, mine: bool) -> Sequence[Any]:
    """What is to be done at an institution where the viewer is an officer, by due date; or only what she handles."""
    wanted = select(*A.c).where(A.c.institution == place, A.c.state.not_in(sorted(OVER)), visible_to(viewer))
    if mine:
        wanted = wanted.where(A.c.officer == viewer.id)
    return (await session.rows(keyset(wanted, page, A.c.due_at, A.c.id, newest_first=False))).all()


async def open_ones(session: Session, viewer: Viewer, applicant: UUID) -> int:
    """Applications of somebody that are not at an end, of those the viewer sees."""
    wanted = select(func.count()).where(A.c.applicant == applicant, A.c.state.not_in(sorted(ENDS)), visible_to(viewer))
    return int((await session.rows(wanted)).scalar_one())


async def steps(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """The steps of these applications in their order, for who reads them."""
    wanted = select(*S.c).where(S.c.application.in_(list(ids)), reads_it(viewer, S.c.application))
    return (await session.rows(wanted.order_by(S.c.application, S.c.seq))).all()


async def assignments(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Her own."""
    return (await session.rows(select(*G.c).where(G.c.id.in_(list(ids)), G.c.lawyer == viewer.id))).all()


async def assignment_page(session: Session, viewer: Viewer, page: Page, open: bool | None) -> Sequence[Any]:
    """What was offered to a lawyer, newest first."""
    wanted = select(*G.c).where(G.c.lawyer == viewer.id)
    if open is not None:
        live = G.c.state.in_([AssignmentState.OFFERED, AssignmentState.ACCEPTED])
        wanted = wanted.where(live if open else ~live)
    return (await session.rows(keyset(wanted, page, G.c.offered_at, G.c.id))).all()


async def offered_to(session: Session, viewer: Viewer, assignment: UUID) -> Any | None:
    """The application that she was offered, or took on, as far as its row says it: the wall shows it to her."""
    wanted = select(*A.c).join_from(G, A, A.c.id == G.c.application)
    return (await session.rows(wanted.where(G.c.id == assignment, G.c.lawyer == viewer.id))).first()


async def takes(session: Session, institution: UUID, kind: str) -> bool:
    """Whether it takes applications of that kind, and is at work."""
    wanted = select(1).where(I.c.id == institution, I.c.kind == MACHINES[ApplicationKind(kind)].institution)
    return (await session.rows(wanted.where(I.c.standing == Standing.ACTIVE))).first() is not None


_HINDRANCE = text("SELECT door.aid_hindrance(:application, :lawyer)")


async def hindrance(session: Session, application: UUID, lawyer: UUID) -> str | None:
    """What keeps a lawyer from being offered it: UNKNOWN or CONFLICT. Its officers may ask."""
    found: str | None = (await session.rows(_HINDRANCE, {"application": application, "lawyer": lawyer})).scalar()
    return found


_UNWANTED = text("SELECT door.mediator_hindrance(:application, :officer)")


async def mediator_hindrance(session: Session, application: UUID, officer: UUID) -> str | None:
    """What keeps a mediator from being given a case: PARTY or DECLINED. Who handles it may ask."""
    found: str | None = (await session.rows(_UNWANTED, {"application": application, "officer": officer})).scalar()
    return found


_STEPPED_BACK = text("SELECT door.stepped_back(:application, :officer)")


async def stepped_back(session: Session, application: UUID, officer: UUID) -> bool:
    """Whether she is to have nothing to do with it. Whoever could handle it may ask."""
    told = await session.rows(_STEPPED_BACK, {"application": application, "officer": officer})
    return bool(told.scalar_one())


_ATTENDED = text("SELECT door.attended(:ids)")


async def attended(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Of those that she reads, which somebody of the institution can handle."""
    return set((await session.rows(_ATTENDED, {"ids": list(ids)})).scalars().all())


_LIVE = D.c.sent_as.is_(None), D.c.wiped_at.is_(None)


async def drafts(session: Session, viewer: Viewer, ids: Iterable[UUID], *, live: bool = True) -> Sequence[Any]:
    """Her drafts; those that were sent, discarded or wiped only on request."""
    wanted = select(*D.c).where(D.c.id.in_(list(ids)), D.c.person == viewer.id)
    return (await session.rows(wanted.where(*_LIVE) if live else wanted)).all()


async def draft_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    wanted = select(*D.c).where(D.c.person == viewer.id, *_LIVE)
    return (await session.rows(keyset(wanted, page, D.c.saved_at, D.c.id))).all()


async def standing(session: Session, application: UUID) -> Any | None:
    """(id, kind, institution, officer, lawyer, state, seq, clock, clock_since, due_at): all that the worker sees."""
    names = "id", "kind", "institution", "officer", "lawyer", "state", "seq", "clock", "clock_since", "due_at"
    wanted = select(*(A.c[name] for name in names)).where(A.c.id == application)
    return (await session.rows(wanted)).first()


async def past(session: Session, application: UUID) -> Sequence[Any]:
    """(clock, clock_since, at) of its steps in their order: for the worker."""
    wanted = select(S.c.clock, S.c.clock_since, S.c.at).where(S.c.application == application)
    return (await session.rows(wanted.order_by(S.c.seq))).all()


async def staff(session: Session, institution: UUID, *duties: Duty, of: UUID | None = None) -> Sequence[UUID]:
    """Who works there as that, and has not stepped back `of` an application: for the worker, who tells them."""
    wanted = select(P.c.person).where(P.c.institution == institution, P.c.until > clock(), P.c.duty.in_(duties))
    return (await session.rows(wanted.where(~recused(of, P.c.person)))).scalars().all()


async def has_stepped_back(session: Session, application: UUID, person: UUID) -> bool:
    """For the worker."""
    return bool((await session.rows(select(recused(application, person)))).scalar_one())


async def newest_assignment(session: Session, application: UUID) -> Any | None:
    """(id, lawyer, state): for the worker."""
    wanted = select(G.c.id, G.c.lawyer, G.c.state).where(G.c.application == application).order_by(G.c.id.desc())
    return (await session.rows(wanted.limit(1))).first()


async def offered_by(session: Session, application: UUID) -> int | None:
    """The number of the step by which it was offered last: for the worker."""
    wanted = select(func.max(S.c.seq)).where(S.c.application == application, S.c.move == Move.OFFER)
    found: int | None = (await session.rows(wanted)).scalar()
    return found
