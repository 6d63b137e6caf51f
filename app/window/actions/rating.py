"""What an applicant makes of how her case was done."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.sealing import KeyProvider
from app.vault.models import OWNERS
from app.vault.reads import basis
from app.window import reads
from app.window.models import ServiceRating
from app.window.rules.rating import NOT_DONE, RATING_STANDS, against_stars, may_change


class Opinion(BaseModel):
    application: UUID
    stars: int
    solved: bool


async def rate(session: Session, viewer: Viewer, keys: KeyProvider, said: Opinion, key: str, now: datetime) -> UUID:
    """The application's id. What she says anew within seven days replaces what she said before."""
    refuse_if(list(against_stars(said.stars)))
    if await once(session, keys.secret("idempotency"), key, said, "rateService", said.application):
        return said.application
    if await basis(session, viewer, said.application) not in OWNERS:
        raise refuse(NOT_FOUND, "applicationId")
    if not await reads.rateable(session, [said.application]):
        raise refuse(NOT_DONE, "applicationId")
    row = {"application": said.application, "rater": viewer.id, "stars": said.stars, "solved": said.solved}
    first = insert(ServiceRating).inline().values(row | {"rated_at": now, "changed_at": now})
    if (await session.rows(first.on_conflict_do_nothing())).rowcount:
        return said.application
    (before,) = await reads.ratings(session, viewer, [said.application])
    if not may_change(before.rated_at, now):
        raise refuse(RATING_STANDS, "applicationId")
    again = update(ServiceRating).where(reads.Q.c.application == said.application)
    await session.rows(again.values(stars=said.stars, solved=said.solved, changed_at=now))
    return said.application
