"""What else of this room goes into a copy of all that is kept about somebody."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.consultation import reads
from app.consultation.models import Helpful, Recategorised
from app.consultation.reads.following import FU, INQ
from app.core.access import Viewer
from app.core.db import Session
from app.threads.reads import M, visible
from app.vault.reads import owned_by

Q = reads.Q
HELPED: Any = Helpful.__table__  # type: ignore[attr-defined]
CORRECTED: Any = Recategorised.__table__  # type: ignore[attr-defined]


async def own_questions(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Hers, in the order in which she asked them."""
    wanted = select(*Q.c).where(Q.c.id.in_(list(ids)), owned_by(viewer, Q.c.id))
    return (await session.rows(wanted.order_by(Q.c.asked_at, Q.c.id))).all()


async def follow_ups(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """All of them, in the order in which they were asked."""
    wanted = select(*FU.c).join_from(FU, M, M.c.id == FU.c.id).where(FU.c.question.in_(list(questions)))
    return (await session.rows(wanted.where(visible(viewer)).order_by(FU.c.asked_at, FU.c.id))).all()


async def inquiries(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    wanted = select(*INQ.c).join_from(INQ, M, M.c.id == INQ.c.id).where(INQ.c.question.in_(list(questions)))
    return (await session.rows(wanted.where(visible(viewer)).order_by(INQ.c.asked_at, INQ.c.id))).all()


async def helpful(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """(question, answer) of what she said helped her."""
    wanted = select(HELPED.c.question, HELPED.c.answer).where(HELPED.c.question.in_(list(questions)))
    return (await session.rows(wanted.where(owned_by(viewer, HELPED.c.question)))).all()


async def corrected(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> dict[UUID, str]:
    """To which category she, a lawyer, corrected them."""
    wanted = select(CORRECTED.c.question, CORRECTED.c.is_now)
    hers = wanted.where(CORRECTED.c.question.in_(list(questions)), CORRECTED.c.lawyer == viewer.id)
    return {question: code for question, code in await session.rows(hers)}
