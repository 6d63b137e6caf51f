"""One vote a person and day; what comes in a burst waits for somebody to look at it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Integer, cast, func, select

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_asking
from app.contests import reads
from app.contests.rules.voting import OFTEN, REFUSED, SECRET
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider, digest
from app.places.rules.workdays import today


async def vote(session: Session, viewer: Viewer, keys: KeyProvider, entry: UUID, address: str, now: datetime) -> None:
    """That she voted is kept: with her consent, and under fourteen her guardian's, as whoever hands something in."""
    found = await reads.exhibits(session, [entry])
    if not found:
        raise refuse(NOT_FOUND, "exhibitId")
    refuse_if(list(against_asking(await readiness(session, viewer.id), "", in_danger=False)))
    source = digest(keys.secret(SECRET), f"{found[0].activity}|{address}")
    often = cast(OFTEN, ARRAY(Integer))
    said: str = (await session.rows(select(func.door.cast_vote(entry, source, today(now), often)))).scalar_one()
    if said in REFUSED:
        raise refuse(REFUSED[said], "exhibitId")
    session.news(found[0].activity)


async def decide_freeze(session: Session, viewer: Viewer, id: UUID, counts: bool) -> None:
    """Whether the votes of a burst count after all. Said once; the same again changes nothing."""
    done: bool = (await session.rows(select(func.door.decide_freeze(id, counts)))).scalar_one()
    found = await reads.freezes(session, viewer, [id])
    if not found or (not done and found[0].counted != counts):
        raise refuse(NOT_FOUND, "freezeId")
    session.news(found[0].activity)
