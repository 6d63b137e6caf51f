"""Supervisors name who checks answers, and do without her."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.consultation.actions.dispatch.inviting import SENIOR_YEARS
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.outbox import emit
from app.directory.models import Standing
from app.directory.reads import lawyers
from app.directory.rules.practice import begun_by
from app.quality import reads, rules
from app.quality.events import ReviewerReleased
from app.quality.models import QualityReviewer
from app.quality.reads import V


async def name(session: Session, viewer: Viewer, lawyer: UUID, now: datetime) -> None:
    """Named twice she is one. Refuses NO_REVIEWER: she must be as senior as who is invited where answers disagree."""
    found = next(iter(await lawyers(session, [lawyer])), None)
    if found is None:
        raise refuse(NOT_FOUND, "lawyerId")
    if found.standing != Standing.ACTIVE or found.practising_since > begun_by(SENIOR_YEARS, now):
        raise refuse(rules.NO_REVIEWER, "lawyerId", years=SENIOR_YEARS)
    row = {"id": new_id(), "lawyer": lawyer, "named_by": viewer.id, "named_at": now, "turn_at": now}
    await session.rows(upsert(QualityReviewer).inline().values(row).on_conflict_do_nothing())


async def let_go(session: Session, viewer: Viewer, lawyer: UUID, now: datetime) -> None:
    """She reads nothing from now on, and what she had goes to another. Refuses NOT_FOUND."""
    if lawyer not in {row.lawyer for row in await reads.reviewers(session, viewer)}:
        raise refuse(NOT_FOUND, "lawyerId")
    hers = update(QualityReviewer).where(V.c.lawyer == lawyer, V.c.released_at.is_(None))
    await session.rows(hers.values(released_at=now, released_by=viewer.id))
    await emit(session, ReviewerReleased(lawyer=lawyer))
