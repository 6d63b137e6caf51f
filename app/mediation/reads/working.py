"""What the worker sees of mediations: when, where and which, never what was said."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import Session
from app.mediation.reads import C, G, S, T


async def in_effect(session: Session, mediation: UUID) -> Any | None:
    """(id, form, about_status, effective_at) of the agreement that binds."""
    wanted = select(G.c.id, G.c.form, G.c.about_status, G.c.effective_at)
    wanted = wanted.where(G.c.mediation == mediation, G.c.effective_at.is_not(None), G.c.ended_at.is_(None))
    return (await session.rows(wanted)).first()


async def yeses(session: Session, thing: UUID, about: str) -> int:
    """How many sides have said yes."""
    wanted = select(func.count()).where(S.c.thing == thing, S.c.about == about, S.c.yes)
    return int((await session.rows(wanted)).scalar_one())


async def terms(session: Session, agreement: UUID) -> Sequence[Any]:
    """(id, side, due_on, kept_at) of an agreement."""
    wanted = select(T.c.id, T.c.side, T.c.due_on, T.c.kept_at).where(T.c.agreement == agreement)
    return (await session.rows(wanted)).all()


async def term(session: Session, id: UUID) -> Any | None:
    """(id, mediation, agreement, side, due_on, kept_at)."""
    names = "id", "mediation", "agreement", "side", "due_on", "kept_at"
    return (await session.rows(select(*(T.c[name] for name in names)).where(T.c.id == id))).first()


async def confirmation(session: Session, mediation: UUID) -> Any | None:
    return (await session.rows(select(*C.c).where(C.c.mediation == mediation))).first()
