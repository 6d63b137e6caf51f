"""Questions of a village and its adviser: who dispatches them says that she was called, and that she answered."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.rules.village import is_village
from app.advisers import reads
from app.advisers.models import AdviserQuestion
from app.advisers.reads import Q
from app.core.db import Session
from app.places.rules.workdays import today


class Adviser(NamedTuple):
    term: UUID
    account: UUID


async def adviser_of(session: Session, division: str, now: datetime) -> Adviser | None:
    """Of a village or community that has one who has an account here. Of a town nothing is asked for."""
    if not is_village(division):
        return None
    for row in await reads.of_villages(session, None, [division], today(now)):
        if row.account is not None:
            return Adviser(row.id, row.account)
    return None


async def called(session: Session, adviser: Adviser, question: UUID, now: datetime) -> None:
    """Twice changes nothing."""
    row = {"term": adviser.term, "question": question, "adviser": adviser.account, "offered_at": now}
    await session.rows(insert(AdviserQuestion).inline().values(row | {"answered_at": None}).on_conflict_do_nothing())


async def answered(session: Session, question: UUID, lawyer: UUID, now: datetime) -> None:
    """Whoever she is: it counts where she was called as its village's adviser."""
    hers = Q.c.question == question, Q.c.adviser == lawyer, Q.c.answered_at.is_(None)
    await session.rows(update(Q).where(*hers).values(answered_at=now))
