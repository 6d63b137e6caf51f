"""How follow-ups and inquiries are read: with the message that each of them is, and no further than that is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, union_all

from app.consultation import reads
from app.consultation.models import FollowUp, FollowUpState, Inquiry
from app.core.access import Viewer
from app.core.db import Session, clock
from app.directory.models import Standing
from app.directory.reads import L
from app.threads.reads import M, visible

Q, A, S = reads.Q, reads.A, reads.S
FU: Any = FollowUp.__table__  # type: ignore[attr-defined]
INQ: Any = Inquiry.__table__  # type: ignore[attr-defined]

SHOWN = 20


def _follow_ups(viewer: Viewer, *more: Any) -> Any:
    """With the policy and the status of the question."""
    columns = select(*FU.c, Q.c.policy, Q.c.status.label("question_status"), *more)
    return columns.join_from(FU, M, M.c.id == FU.c.id).join(Q, Q.c.id == FU.c.question).where(visible(viewer))


async def follow_ups(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_follow_ups(viewer).where(FU.c.id.in_(list(ids))))).all()


async def follow_ups_of(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """The newest of each question, newest first, and all that wait however old they are (`number` counts from 1)."""
    number = func.row_number().over(partition_by=FU.c.question, order_by=(FU.c.asked_at.desc(), FU.c.id.desc()))
    every = _follow_ups(viewer, number.label("number")).where(FU.c.question.in_(list(questions))).subquery()
    shown = or_(every.c.number <= SHOWN, every.c.state == FollowUpState.WAITING)
    return (await session.rows(select(*every.c).where(shown).order_by(every.c.question, every.c.number))).all()


def _inquiries(viewer: Viewer, *more: Any) -> Any:
    columns = select(*INQ.c, Q.c.status.label("question_status"), *more)
    return columns.join_from(INQ, M, M.c.id == INQ.c.id).join(Q, Q.c.id == INQ.c.question).where(visible(viewer))


async def inquiries(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(_inquiries(viewer).where(INQ.c.id.in_(list(ids))))).all()


async def inquiries_of(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """The newest of each question, newest first, and all that have no reply."""
    number = func.row_number().over(partition_by=INQ.c.question, order_by=(INQ.c.asked_at.desc(), INQ.c.id.desc()))
    every = _inquiries(viewer, number.label("number")).where(INQ.c.question.in_(list(questions))).subquery()
    shown = or_(every.c.number <= SHOWN, every.c.replied_at.is_(None))
    return (await session.rows(select(*every.c).where(shown).order_by(every.c.question, every.c.number))).all()


async def answered_by(session: Session, question: UUID) -> Sequence[UUID]:
    """For its owner: the lawyers who answered, in that order."""
    wanted = select(A.c.lawyer).where(A.c.question == question).order_by(A.c.delivered_at)
    return (await session.rows(wanted)).scalars().all()


async def addressees(session: Session, follow_up: UUID) -> Sequence[UUID]:
    """For the worker: whom a follow-up is put to as it was asked."""
    row = (await session.rows(select(FU.c.question, FU.c.lawyer).where(FU.c.id == follow_up))).one()
    return [row.lawyer] if row.lawyer else await others_to_ask(session, row.question)


async def others_to_ask(session: Session, question: UUID, lawyer: UUID | None = None) -> Sequence[UUID]:
    """For the worker: who else than this one answered and still practises, in that order."""
    wanted = select(S.c.lawyer).join_from(S, L, L.c.id == S.c.lawyer).where(L.c.standing == Standing.ACTIVE)
    wanted = wanted.where(S.c.question == question, S.c.delivered_at.is_not(None), S.c.lawyer.is_distinct_from(lawyer))
    return (await session.rows(wanted.order_by(S.c.delivered_at))).scalars().all()


async def waiting(session: Session, question: UUID) -> Sequence[Any]:
    """(id, lawyer, asked_at) of the follow-ups that wait, in the order in which whoever ends several locks them."""
    wanted = select(FU.c.id, FU.c.lawyer, FU.c.asked_at)
    wanted = wanted.where(FU.c.question == question, FU.c.state == FollowUpState.WAITING)
    return (await session.rows(wanted.order_by(FU.c.asked_at, FU.c.id))).all()


async def spoken(session: Session, question: UUID, since: datetime) -> Sequence[tuple[UUID, datetime]]:
    """For its owner: which lawyer has said something since then and when, answers among it."""
    said = select(M.c.author, M.c.sent_at).where(M.c.subject == question, M.c.sent_at > since, ~M.c.from_owner)
    delivered = select(A.c.lawyer, A.c.delivered_at).where(A.c.question == question, A.c.delivered_at > since)
    return [(lawyer, at) for lawyer, at in await session.rows(union_all(said, delivered))]


async def held_seat(session: Session, viewer: Viewer, question: UUID) -> UUID | None:
    """The seat on which she is writing."""
    live = S.c.ended_at.is_(None), S.c.delivered_at.is_(None), S.c.lease_until > clock()
    mine = select(S.c.id).where(S.c.question == question, S.c.lawyer == viewer.id, *live)
    seat: UUID | None = (await session.rows(mine)).scalar_one_or_none()
    return seat
