"""What advisers logged, as she herself and the staff see it; and codes, of who made them or tells them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.advisers.models import AdviserService, ServiceKind, VisitCode
from app.advisers.reads import ACCOUNT, T, with_accounts
from app.core.access import Viewer
from app.core.db import Session
from app.core.keyset import Page, keyset
from app.directory.reads.register import keeps
from app.directory.rules.register import KEEPERS

S: Any = AdviserService.__table__  # type: ignore[attr-defined]
VC: Any = VisitCode.__table__  # type: ignore[attr-defined]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Hers; and all to who signed in as one of the register's keepers and is one still."""
    hers: ColumnElement[bool] = S.c.adviser == viewer.id
    return hers if viewer.roles.isdisjoint(KEEPERS) else or_(hers, keeps(viewer))


async def services(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*S.c).where(S.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def service_page(session: Session, viewer: Viewer, page: Page, term: UUID) -> Sequence[Any]:
    wanted = select(*S.c).where(S.c.term == term, visible_to(viewer))
    return (await session.rows(keyset(wanted, page, S.c.at, S.c.id))).all()


async def terms_in(session: Session, viewer: Viewer, division: str) -> Sequence[Any]:
    """(id, since, until) of the viewer's terms in a village, the newest first."""
    hers = select(T.c.id, T.c.since, T.c.until).select_from(with_accounts())
    wanted = hers.where(T.c.division == division, viewer.id == ACCOUNT).order_by(T.c.since.desc())
    return (await session.rows(wanted)).all()


async def code_told(session: Session, digest: bytes) -> Any | None:
    """(id, maker, expires_at, used_at): the digest must be presented."""
    wanted = select(VC.c.id, VC.c.maker, VC.c.expires_at, VC.c.used_at).where(VC.c.code == digest)
    return (await session.rows(wanted)).first()


async def code_made(session: Session, viewer: Viewer, id: UUID) -> Any:
    return (await session.rows(select(*VC.c).where(VC.c.id == id, VC.c.maker == viewer.id))).one()


async def codes_since(session: Session, viewer: Viewer, since: datetime) -> int:
    made = select(func.count()).where(VC.c.maker == viewer.id, VC.c.made_at > since)
    return int((await session.rows(made)).scalar_one())


async def visited(session: Session, term: UUID, since: datetime, until: datetime) -> bool:
    """Whether the village was visited in that time: for the worker."""
    visits = select(1).where(S.c.term == term, S.c.kind == ServiceKind.VISIT, S.c.at >= since, S.c.at < until)
    return (await session.rows(visits.limit(1))).first() is not None
