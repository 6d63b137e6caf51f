"""How what came of a question is read: by its asker alone."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import AgeBand
from app.accounts.reads import B as AGE
from app.consultation import reads
from app.consultation.models import CameOf, FollowThrough, FollowThroughDeclined, Lane, QuestionStatus
from app.consultation.rules.follow_through import NEVER_ASKED
from app.core.access import Viewer
from app.core.db import Session
from app.vault.reads import asked_by

Q, D = reads.Q, reads.D
THROUGH: Any = FollowThrough.__table__  # type: ignore[attr-defined]
DECLINED: Any = FollowThroughDeclined.__table__  # type: ignore[attr-defined]
_RESTS = (QuestionStatus.RESOLVED, QuestionStatus.CLOSED)


async def askings(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> Sequence[Any]:
    """Of her questions, the oldest first."""
    wanted = select(*THROUGH.c).where(THROUGH.c.question.in_(list(questions)), asked_by(viewer, THROUGH.c.question))
    return (await session.rows(wanted.order_by(THROUGH.c.question, THROUGH.c.asked_at))).all()


async def declined(session: Session, viewer: Viewer, questions: Iterable[UUID]) -> set[UUID]:
    """Those of her questions that she does not want to be asked about."""
    wanted = select(DECLINED.c.question).where(DECLINED.c.question.in_(list(questions)))
    return set((await session.rows(wanted.where(asked_by(viewer, DECLINED.c.question)))).scalars())


async def may_be_asked(session: Session, question: UUID, round: int) -> bool:
    """For the worker: whether it still rests as it was resolved then, nothing tells of danger, and she neither said no
    nor that it is solved. Held until this commits, so that an erasure follows."""
    this = THROUGH.c.question == Q.c.id, THROUGH.c.round == round
    solved = select(1).where(*this, THROUGH.c.outcome == CameOf.SOLVED).exists()
    wanted = _of_whom_may_be_asked(question).where(Q.c.round == round, ~solved)
    return (await session.rows(wanted.with_for_update(key_share=True))).first() is not None


async def is_still_asked(session: Session, question: UUID) -> bool:
    """For the worker: whether she has not answered what she was asked last, and may be asked as things stand now."""
    said = select(THROUGH.c.outcome).where(THROUGH.c.question == Q.c.id, THROUGH.c.round == Q.c.round)
    last = said.order_by(THROUGH.c.turn.desc()).limit(1).scalar_subquery()
    return (await session.rows(_of_whom_may_be_asked(question).where(last.is_(None)))).first() is not None


def _of_whom_may_be_asked(question: UUID) -> Any:
    no = select(1).where(DECLINED.c.question == Q.c.id).exists()
    calm = select(1).where(D.c.question == Q.c.id, D.c.lane == Lane.NORMAL).exists()
    rests = Q.c.id == question, Q.c.status.in_(_RESTS), Q.c.category.not_in(sorted(NEVER_ASKED))
    return select(Q.c.id).where(*rests, calm, ~no)


async def is_child(session: Session, person: UUID) -> bool:
    """For the worker: whether she said last that she is under fourteen."""
    band = select(AGE.c.band).where(AGE.c.person == person).order_by(AGE.c.turn.desc()).limit(1)
    return bool((await session.rows(band)).scalar() == AgeBand.UNDER_14)
