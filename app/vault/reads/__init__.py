"""The one place where it is written who may read."""

from collections.abc import Collection, Iterable, Sequence
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, literal_column, text
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col, select

from app.core.access import Viewer
from app.core.db import Session, clock
from app.vault.models import OWNERS, Access, Basis, Reader

A: Any = Access.__table__  # type: ignore[attr-defined]
R: Any = Reader.__table__  # type: ignore[attr-defined]
WHOEVER: Final[Any] = SimpleNamespace(id=bindparam("person", type_=Uuid))
"""In place of a viewer, in a statement that is built once for all: each time it is sent, `person` says whose id."""
UNSEEN: Final[Any] = select(WHOEVER.id).scalar_subquery()
"""Her id where the planner cannot look at it: it makes no plan anew each time for how many rows are hers."""


def visible_to(viewer: Viewer, subject: SQLCoreOperations[UUID]) -> ColumnElement[bool]:
    """True for rows whose subject the viewer may read now.

    OFFSET 0, as in the policies: one probe of the primary key a row, and the order of the page survives.
    """
    return _reads(viewer, subject)


def owned_by(viewer: Viewer, subject: SQLCoreOperations[UUID]) -> ColumnElement[bool]:
    """True for rows whose subject is the viewer's own, or another's for whom she acts by her consent."""
    return _reads(viewer, subject, OWNERS)


def asked_by(viewer: Viewer, subject: SQLCoreOperations[UUID]) -> ColumnElement[bool]:
    """True for rows whose subject is the viewer's own."""
    return _reads(viewer, subject, {Basis.ASKER})


def _reads(
    viewer: Viewer, subject: SQLCoreOperations[UUID], grounds: Collection[Basis] | None = None
) -> ColumnElement[bool]:
    readers = R.alias().c
    may = select(1).where(readers.subject == subject, readers.person == viewer.id, readers.until > clock())
    if grounds is not None:
        may = may.where(readers.basis.in_([literal_column(f"'{one}'") for one in sorted(grounds)]))
    return may.offset(literal_column("0")).exists()


def recused(subject: Any, person: Any) -> ColumnElement[bool]:
    """That this person has stepped back from this subject."""
    said = select(1).where(R.c.subject == subject, R.c.person == person, R.c.basis == Basis.RECUSED)
    return said.offset(literal_column("0")).exists()


async def basis(session: Session, viewer: Viewer, subject: UUID) -> Basis | None:
    """On what ground the viewer may read the subject now, if at all."""
    wanted = select(Reader.basis).where(
        Reader.subject == subject, Reader.person == viewer.id, col(Reader.until) > clock()
    )
    found = (await session.rows(wanted)).scalars().first()
    return Basis(found) if found else None


async def bases(session: Session, viewer: Viewer, subjects: Iterable[UUID]) -> dict[UUID, Basis]:
    """The same of several, in one statement; what she may not read is not in it."""
    wanted = select(Reader.subject, Reader.basis).where(
        col(Reader.subject).in_(list(subjects)), Reader.person == viewer.id, col(Reader.until) > clock()
    )
    return {subject: Basis(ground) for subject, ground in await session.rows(wanted)}


async def askers(session: Session, subject: UUID) -> Sequence[UUID]:
    """Whose subject it is: for workers, who tell them; a person known by two identities may be two."""
    whose = select(Reader.person).where(Reader.subject == subject, Reader.basis == Basis.ASKER)
    return (await session.rows(whose)).scalars().all()


async def owners(session: Session, subject: UUID) -> Sequence[UUID]:
    """For workers too: the asker, and who asks for her while she consents. What concerns the one concerns the other."""
    whose = select(Reader.person).where(
        Reader.subject == subject, col(Reader.basis).in_(sorted(OWNERS)), col(Reader.until) > clock()
    )
    return (await session.rows(whose)).scalars().all()


async def accesses(session: Session, subjects: Iterable[UUID]) -> Sequence[Any]:
    """Who was given a key of these subjects, newest first; the wall shows it to the asker alone."""
    wanted = select(*A.c).where(A.c.subject.in_(list(subjects))).order_by(A.c.at.desc())
    return (await session.rows(wanted)).all()


_STAFF: Final = text("SELECT * FROM door.staff_readings(CAST(:subjects AS uuid[])) ORDER BY at DESC, part")


async def staff_readings(session: Session, subjects: Iterable[UUID]) -> Sequence[Any]:
    """(subject, at, part, called): who of the staff opened which of these, newest first; to the asker alone."""
    return (await session.rows(_STAFF, {"subjects": list(subjects)})).all()
