"""How papers are read: by the readers of what they are about. That one is genuine, everybody may ask."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from app.core.access import Viewer
from app.core.db import Session
from app.directory.models import Institution
from app.papers.models import Paper
from app.vault.reads import visible_to as reads_it

P: Any = Paper.__table__  # type: ignore[attr-defined]
I: Any = Institution.__table__  # type: ignore[attr-defined]  # noqa: E741
_SHOWN = [P.c[name] for name in ("id", "subject", "step", "kind", "institution", "code", "dated", "state", "standing")]
_SHOWN += [P.c[name] for name in ("standing_at", "ordered_at", "made_at", "pages", "sha256")]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    return reads_it(viewer, P.c.subject)


async def papers(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_SHOWN).where(P.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def papers_of(session: Session, viewer: Viewer, subjects: Iterable[UUID]) -> Sequence[Any]:
    """Of these, in the order in which they were ordered."""
    wanted = select(*_SHOWN).where(P.c.subject.in_(list(subjects)), visible_to(viewer))
    return (await session.rows(wanted.order_by(P.c.subject, P.c.ordered_at, P.c.id))).all()


_VERIFIED = text("SELECT * FROM door.verify_paper(:code, :hash)")


async def verified(session: Session, code: str | None, digest: bytes | None) -> Any | None:
    """(kind, institution, name, dated, sha256, standing, standing_at) of a paper that was made, by its code or by its
    file's SHA-256. For everybody: it says nothing of whom or what the paper is about."""
    return (await session.rows(_VERIFIED, {"code": code, "hash": digest})).first()


async def name_of(session: Session, institution: UUID) -> str:
    """As it stands in the register."""
    found: str = (await session.rows(select(I.c.name).where(I.c.id == institution))).scalar_one()
    return found


_WAITING = text("SELECT * FROM door.paper_waiting(:paper)")


async def waiting(session: Session, paper: UUID) -> Any | None:
    """(kind, code, kek, wrapped, content): what the press needs, while it is not made. For the worker."""
    return (await session.rows(_WAITING, {"paper": paper})).first()
