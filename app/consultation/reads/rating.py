"""How ratings and the choice of the best answer are read."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, select

from app.consultation import reads
from app.consultation.models import Best, QuestionStatus, Rating, SatisfactionCell
from app.core.access import Viewer
from app.core.db import Session, clock
from app.vault.models import Basis
from app.vault.reads import owned_by

A, Q, R, S = reads.A, reads.Q, reads.R, reads.S
_RESTS = (QuestionStatus.RESOLVED, QuestionStatus.CLOSED)
BEST: Any = Best.__table__  # type: ignore[attr-defined]
RATING: Any = Rating.__table__  # type: ignore[attr-defined]
CELL: Any = SatisfactionCell.__table__  # type: ignore[attr-defined]


async def to_rate(session: Session, viewer: Viewer, answer: UUID) -> Any | None:
    """An answer (id, question, lawyer, and the round its question is in) to a question of hers, else None.

    Whatever became of the question: what was answered may be rated.
    """
    wanted = select(A.c.id, A.c.question, A.c.lawyer, Q.c.round).join_from(A, Q, Q.c.id == A.c.question)
    rows = await session.rows(wanted.where(A.c.id == answer, owned_by(viewer, A.c.question)))
    return rows.one_or_none()


async def ratings(session: Session, viewer: Viewer, answers: Iterable[UUID]) -> Sequence[Any]:
    """Of each answer by round; shown to the asker, her delegate and the lawyer it is about."""
    wanted = select(*RATING.c).where(
        RATING.c.answer.in_(list(answers)),
        case((RATING.c.lawyer == viewer.id, True), else_=owned_by(viewer, RATING.c.question)),
    )
    return (await session.rows(wanted.order_by(RATING.c.answer, RATING.c.round))).all()


async def best(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> dict[UUID, UUID]:
    """The best answer of each question that has one; shown to its owners and to lawyers who answered."""
    may = select(1).where(
        R.c.subject == BEST.c.question, R.c.person == viewer.id, R.c.until > clock(), R.c.basis != Basis.SEAT
    )
    chosen = select(BEST.c.question, BEST.c.answer).where(BEST.c.question.in_(list(questions)), may.offset(0).exists())
    return {question: answer for question, answer in await session.rows(chosen)}


async def unrated(session: Session, question: UUID, round: int) -> bool:
    """For the worker: whether the question rests in that round, was answered, and no answer was rated there."""
    answered = select(1).where(S.c.question == question, S.c.delivered_at.is_not(None)).exists()
    said = select(1).where(RATING.c.question == question, RATING.c.round == round).exists()
    waits = select(1).where(Q.c.id == question, Q.c.round == round, Q.c.status.in_(_RESTS), answered, ~said)
    return (await session.rows(waits)).first() is not None


async def satisfaction(session: Session, about: Iterable[str], first: date, last: date) -> Sequence[Any]:
    """The cells that lie wholly within these days of the city, the oldest first: each of ten people or more."""
    wanted = select(*CELL.c).where(CELL.c.about.in_(list(about)), CELL.c.first_day >= first, CELL.c.last_day <= last)
    return (await session.rows(wanted.order_by(CELL.c.about, CELL.c.first_day))).all()
