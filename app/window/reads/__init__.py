"""How visits at a window are read. `visible_to` is the one place where row visibility is written."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, literal_column, or_, select, text

from app.accounts.reads.roles import holds
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.vault.models import Basis, Reader
from app.vault.reads import owned_by
from app.vault.reads import visible_to as reads_it
from app.window.models import CounterStatement, LoopCell, ServiceRating, WindowAct, WindowVisit
from app.window.rules.loop import Counted

V: Any = WindowVisit.__table__  # type: ignore[attr-defined]
A: Any = WindowAct.__table__  # type: ignore[attr-defined]
Q: Any = ServiceRating.__table__  # type: ignore[attr-defined]
C: Any = CounterStatement.__table__  # type: ignore[attr-defined]
L: Any = LoopCell.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]
LOOKERS: Final = (Role.SUPERVISOR, Role.ANALYST)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Its readers; and once it was opened, whoever handles what it is about."""
    return or_(reads_it(viewer, V.c.id), and_(V.c.opened_at.is_not(None), _handled(viewer, V.c.subject)))


def counts(viewer: Viewer) -> ColumnElement[bool]:
    """Of figures: true while the viewer looks after the city's numbers, and has signed in as one who does."""
    return false() if viewer.roles.isdisjoint(LOOKERS) else holds(viewer, LOOKERS)


def _handled(viewer: Viewer, subject: Any) -> ColumnElement[bool]:
    handles = select(1).where(R.c.subject == subject, R.c.person == viewer.id, R.c.until > clock())
    return handles.where(R.c.basis.in_([Basis.STAFF, Basis.SUPERVISOR])).offset(literal_column("0")).exists()


async def visits(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*V.c).where(V.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def page_of(session: Session, viewer: Viewer, subject: UUID, page: Page) -> Sequence[Any]:
    """What was opened of an application or an appointment, the newest first."""
    of = select(*V.c).where(V.c.subject == subject, V.c.opened_at.is_not(None), visible_to(viewer))
    return (await session.rows(keyset(of, page, V.c.opened_at, V.c.id))).all()


async def page_today(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Whom she received today, the newest first."""
    hers = select(*V.c).where(V.c.staff == viewer.id, V.c.opened_at.is_not(None), reads_it(viewer, V.c.id))
    return (await session.rows(keyset(hers, page, V.c.opened_at, V.c.id))).all()


async def made_since(session: Session, viewer: Viewer, since: datetime) -> int:
    """Codes that she made, as far as she reads them."""
    wanted = select(func.count()).where(V.c.maker == viewer.id, V.c.made_at > since, reads_it(viewer, V.c.id))
    return int((await session.rows(wanted)).scalar_one())


_TOLD: Final = text("SELECT * FROM door.pickup_told(:told)")
_COUNTER: Final = text("SELECT * FROM door.counter_standing(CAST(:ids AS uuid[]))")
_RATEABLE: Final = text("SELECT done FROM door.rateable(CAST(:ids AS uuid[])) AS done")
_STANDING: Final = text("SELECT * FROM door.window_standing(CAST(:visits AS uuid[]))")


async def told(session: Session, digest: bytes) -> Any | None:
    """(id, own, opened, ended, expires_at, here) of the code that was told at the viewer's window."""
    return (await session.rows(_TOLD, {"told": digest})).first()


async def standings(session: Session, visits: Iterable[UUID]) -> Sequence[Any]:
    """(visit, kind, receipt, state, clock, due_at, service, mode, starts_at, number) of what these visits are about: of
    those that the viewer reads."""
    return (await session.rows(_STANDING, {"visits": list(visits)})).all()


async def acts(session: Session, viewer: Viewer, visits: Iterable[UUID]) -> Sequence[Any]:
    """What was done with papers, in its order."""
    handles = _handled(viewer, A.c.subject)
    wanted = select(*A.c).where(A.c.visit.in_(list(visits)), or_(reads_it(viewer, A.c.visit), handles))
    return (await session.rows(wanted.order_by(A.c.visit, A.c.at, A.c.id))).all()


async def about(session: Session, visit: UUID) -> Any | None:
    """(id, subject, about): for the worker, who tells people."""
    return (await session.rows(select(V.c.id, V.c.subject, V.c.about).where(V.c.id == visit))).first()


async def done(session: Session, act: UUID) -> Any | None:
    """(kind, settles) of what went over the counter: for the worker."""
    return (await session.rows(select(A.c.kind, A.c.settles).where(A.c.id == act))).first()


async def rateable(session: Session, applications: Iterable[UUID]) -> set[UUID]:
    """Those that are done, and were not taken back."""
    return set((await session.rows(_RATEABLE, {"ids": list(applications)})).scalars())


async def ratings(session: Session, viewer: Viewer, applications: Iterable[UUID]) -> Sequence[Any]:
    """What was made of them: for whose they are."""
    wanted = select(*Q.c).where(Q.c.application.in_(list(applications)), owned_by(viewer, Q.c.application))
    return (await session.rows(wanted)).all()


async def closed_loop(session: Session, viewer: Viewer, first: date, last: date) -> list[Counted]:
    """Of the months that lie wholly within these days; nothing for who neither supervises the city nor counts."""
    wanted = select(*(L.c[name] for name in Counted._fields)).where(L.c.first_day >= first, L.c.last_day <= last)
    return [Counted(*row) for row in await session.rows(wanted.where(counts(viewer)))]


async def statements(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*C.c).where(C.c.id.in_(list(ids)), reads_it(viewer, C.c.id)))).all()


async def statement_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """What she wrote down, and her window, that is open still: the newest first. Driven from `reader`."""
    wanted = select(*C.c).join_from(R, C, C.c.id == R.c.subject)
    wanted = wanted.where(R.c.person == viewer.id, R.c.until > clock())
    return (await session.rows(keyset(wanted, page, C.c.recorded_at, C.c.id))).all()


async def counter_standings(session: Session, statements: Iterable[UUID]) -> Sequence[Any]:
    """(statement, state) of the applications that they became."""
    return (await session.rows(_COUNTER, {"ids": list(statements)})).all()


async def to_forward(session: Session, statement: UUID) -> Any | None:
    """(id, place), unless it was forwarded: for the worker."""
    wanted = select(C.c.id, C.c.place).where(C.c.id == statement, C.c.applied_at.is_(None))
    return (await session.rows(wanted)).first()
