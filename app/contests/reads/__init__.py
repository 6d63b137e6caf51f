"""How contests are read: exhibits by everybody, an entry by whose it is and who looks at it, a vote by who cast it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.activities.reads import edits
from app.activities.rules.machine import STAFF
from app.contests.models import Entry, EntryState, EntryStep, Exhibit, Vote, VoteFreeze
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.vault.reads import visible_to as reads_it

E: Any = Entry.__table__  # type: ignore[attr-defined]
T: Any = EntryStep.__table__  # type: ignore[attr-defined]
X: Any = Exhibit.__table__  # type: ignore[attr-defined]
V: Any = Vote.__table__  # type: ignore[attr-defined]
F: Any = VoteFreeze.__table__  # type: ignore[attr-defined]
WAITING = (EntryState.SUBMITTED, EntryState.CHECKING)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """An entry: its readers, and that it is there whoever may look at it; its words are sealed."""
    hers = reads_it(viewer, E.c.id)
    return hers if viewer.roles.isdisjoint(STAFF) else or_(hers, edits(viewer))


async def entries(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*E.c).where(E.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def mine(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Newest first; what was taken down too."""
    hers = and_(E.c.person == viewer.id, visible_to(viewer))
    return (await session.rows(keyset(select(*E.c).where(hers), page, E.c.submitted_at, E.c.id))).all()


async def desk(session: Session, viewer: Viewer, page: Page, activity: UUID | None) -> Sequence[Any]:
    """What waits to be looked at, oldest first."""
    wanted = select(*E.c).where(E.c.state.in_(WAITING), E.c.person != viewer.id, visible_to(viewer))
    if activity is not None:
        wanted = wanted.where(E.c.activity == activity)
    return (await session.rows(keyset(wanted, page, E.c.submitted_at, E.c.id, newest_first=False))).all()


async def steps(session: Session, viewer: Viewer, entries: Iterable[UUID]) -> Sequence[Any]:
    """What became of these, oldest first, for who looks after contests."""
    wanted = select(*T.c).where(T.c.entry.in_(list(entries)), edits(viewer))
    return (await session.rows(wanted.order_by(T.c.entry, T.c.n))).all()


async def exhibits(session: Session, ids: Iterable[UUID]) -> Sequence[Any]:
    """Of these entries, what everybody sees."""
    return (await session.rows(select(*X.c).where(X.c.entry.in_(list(ids)), X.c.ended_at.is_(None)))).all()


async def exhibit_page(session: Session, page: Page, activity: UUID) -> Sequence[Any]:
    """Newest first."""
    wanted = select(*X.c).where(X.c.activity == activity, X.c.ended_at.is_(None))
    return (await session.rows(keyset(wanted, page, X.c.since, X.c.entry))).all()


async def freezes(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*F.c).where(F.c.id.in_(list(ids)), edits(viewer)))).all()


async def freeze_page(session: Session, viewer: Viewer, page: Page, activity: UUID) -> Sequence[Any]:
    """Newest first."""
    wanted = select(*F.c).where(F.c.activity == activity, edits(viewer))
    return (await session.rows(keyset(wanted, page, F.c.at, F.c.id))).all()


async def votes(session: Session, viewer: Viewer, entries: Iterable[UUID]) -> Sequence[Any]:
    """Her own, for these."""
    hers = select(*V.c).where(V.c.entry.in_(list(entries)), V.c.person == viewer.id)
    return (await session.rows(hers.order_by(V.c.at, V.c.entry))).all()


async def about(session: Session, entry: UUID) -> Any | None:
    """(activity, person, state) for the worker."""
    wanted = select(E.c.activity, E.c.person, E.c.state).where(E.c.id == entry)
    return (await session.rows(wanted)).one_or_none()


async def awarded(session: Session, activity: UUID) -> Sequence[Any]:
    """(id, person) of the entries that have a prize and an owner still. For the worker."""
    won = E.c.activity == activity, E.c.state == EntryState.AWARDED, E.c.person.is_not(None)
    return (await session.rows(select(E.c.id, E.c.person).where(*won).order_by(E.c.id))).all()
