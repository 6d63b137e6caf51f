"""How erasures are read: by who asked what was erased, until the backups have lost it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal_column, select

from app.accounts.models import LegalHold
from app.consultation import reads
from app.consultation.models import QuestionStatus
from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.vault.models import Basis
from app.vault.reads import visible_to

E, Q, R = reads.E, reads.Q, reads.R
H: Any = LegalHold.__table__  # type: ignore[attr-defined]


async def erasures(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*E.c).where(E.c.id.in_(list(ids)), visible_to(viewer, E.c.id)))).all()


async def erasure_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Newest first, driven from `reader` like every list of what is one's own."""
    offered: Any = literal_column(f"'{Basis.OFFERED}'")
    rows = select(*E.c, R.c.since).join_from(R, E, E.c.id == R.c.subject)
    rows = rows.where(R.c.person == viewer.id, R.c.basis != offered, R.c.until > clock())
    return (await session.rows(keyset(rows, page, R.c.since, R.c.subject))).all()


async def ended_before(
    session: Session, stands: Collection[QuestionStatus], past: datetime, most: int
) -> Sequence[Any]:
    """For the worker: questions (id, asked_at) that stand so since before then, locked; what a hold keeps is left
    out, and what another has locked."""
    since = func.coalesce(Q.c.status_at, Q.c.asked_at)
    wanted = select(Q.c.id, Q.c.asked_at).where(Q.c.status.in_(sorted(stands)), since < past, ~_kept())
    locked = wanted.order_by(since).limit(most).with_for_update(key_share=True, skip_locked=True, of=Q)
    return (await session.rows(locked)).all()


async def of_person(session: Session, person: UUID, most: int) -> Sequence[Any]:
    """For the worker: questions (id, asked_at, status) that she asked and that may be erased, locked one and all."""
    wanted = select(Q.c.id, Q.c.asked_at, Q.c.status).join_from(Q, R, R.c.subject == Q.c.id)
    wanted = wanted.where(R.c.person == person, R.c.basis == Basis.ASKER)
    wanted = wanted.where(Q.c.status.not_in([QuestionStatus.ERASED, QuestionStatus.BLOCKED]), ~_kept())
    return (await session.rows(wanted.order_by(Q.c.id).limit(most).with_for_update(key_share=True, of=Q))).all()


async def to_be_erased(session: Session, question: UUID) -> Any | None:
    """For the worker: the question (id, asked_at, status), locked; None where it is erased or not there."""
    wanted = select(Q.c.id, Q.c.asked_at, Q.c.status).where(Q.c.id == question, Q.c.status != QuestionStatus.ERASED)
    return (await session.rows(wanted.with_for_update(key_share=True))).one_or_none()


def _kept() -> Any:
    """A legal hold keeps the question, or all that is its asker's."""
    asker = R.alias("whose")
    hers = select(1).where(asker.c.subject == Q.c.id, asker.c.person == H.c.subject, asker.c.basis == Basis.ASKER)
    held = (H.c.subject == Q.c.id) | hers.correlate(Q, H).exists()
    return select(1).where(H.c.lifted_at.is_(None), held).correlate(Q).exists()
