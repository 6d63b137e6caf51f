"""How terms are read. Everybody sees who advises which village; the contract is for who keeps the register."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, select, true

from app.accounts.reads.roles import H
from app.advisers.models import AdviserQuestion, AdviserTerm
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.directory.models import RegisterKind, Standing
from app.directory.reads import L
from app.directory.reads.register import W, keeps
from app.directory.rules.register import KEEPERS

T: Any = AdviserTerm.__table__  # type: ignore[attr-defined]
Q: Any = AdviserQuestion.__table__  # type: ignore[attr-defined]

ACCOUNT: Any = func.coalesce(T.c.person, L.c.id).label("account")
"""Whose term it is: a lawyer's account is the one of her licence, as soon as she has one."""


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """All of them, to everybody: `register_change` keeps who decided and why."""
    return true()


def _kept(viewer: Viewer | None) -> ColumnElement[bool]:
    return false() if viewer is None or viewer.roles.isdisjoint(KEEPERS) else keeps(viewer)


def terms(viewer: Viewer | None) -> Select[Any]:
    """(id, division, worker, since, until, version, contract, source, account), the last three as far as they are hers
    to see."""
    kept = _kept(viewer)
    said = [case((kept, T.c[name]), else_=literal("")).label(name) for name in ("contract", "source")]
    plain = (T.c.id, T.c.division, T.c.worker, T.c.since, T.c.until, T.c.version)
    return select(*plain, *said, ACCOUNT).select_from(with_accounts()).where(visible_to(viewer))


def with_accounts() -> Any:
    hers = and_(W.c.kind == RegisterKind.LAWYER, L.c.licence == W.c.number)
    return T.join(W, W.c.id == T.c.worker).outerjoin(L, hers)


def live(day: date) -> ColumnElement[bool]:
    return and_(T.c.since <= day, T.c.until >= day)


async def by_ids(session: Session, viewer: Viewer | None, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(terms(viewer).where(T.c.id.in_(list(ids))))).all()


async def of_villages(session: Session, viewer: Viewer | None, divisions: Iterable[str], day: date) -> Sequence[Any]:
    """The term of each that is live that day, of whoever still practises."""
    standing = W.c.standing == Standing.ACTIVE
    return (await session.rows(terms(viewer).where(T.c.division.in_(list(divisions)), live(day), standing))).all()


async def term_page(session: Session, viewer: Viewer, page: Page, division: str) -> Sequence[Any]:
    """Of a village, or of all that lie in the division; the newest first."""
    wanted = terms(viewer).where(T.c.division.startswith(division, autoescape=True))
    return (await session.rows(keyset(wanted, page, T.c.since, T.c.id))).all()


async def hers(session: Session, viewer: Viewer) -> Sequence[Any]:
    """The terms that are the viewer's own, the newest first; 100 at most."""
    wanted = terms(viewer).where(viewer.id == ACCOUNT).order_by(T.c.since.desc(), T.c.id.desc()).limit(100)
    return (await session.rows(wanted)).all()


async def worker_of(session: Session, viewer: Viewer, id: UUID) -> Any | None:
    """(kind, standing, verified_at) of somebody in the register."""
    wanted = select(W.c.kind, W.c.standing, W.c.verified_at).where(W.c.id == id)
    return (await session.rows(wanted)).first()


async def term_of(session: Session, id: UUID) -> Any | None:
    """(since, until, account): for the worker, and for who has just appointed somebody."""
    return (
        await session.rows(select(T.c.since, T.c.until, ACCOUNT).select_from(with_accounts()).where(T.c.id == id))
    ).first()


async def officers(session: Session) -> Sequence[UUID]:
    """All of them: for the worker, who tells them."""
    return (await session.rows(select(H.c.person).where(H.c.role == Role.OFFICER, H.c.until > clock()))).scalars().all()
