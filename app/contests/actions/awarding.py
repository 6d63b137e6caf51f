"""Who is told of juries and prizes: for the worker. Everything may run twice."""

from datetime import datetime
from uuid import UUID

from app.contests import reads
from app.contests.models.juries import JurorState
from app.contests.reads import juries
from app.core.db import Session
from app.notices.actions import tell
from app.notices.models import NoticeKind


async def ask_juror(session: Session, juror: UUID, now: datetime) -> None:
    row = await juries.juror(session, juror)
    if row is not None and row.person is not None and row.state == JurorState.INVITED:
        await tell(session, [row.person], NoticeKind.JURY_INVITED, juror, juror, now)


async def tell_awarded(session: Session, activity: UUID, now: datetime) -> None:
    """There are at most as many as there are prizes."""
    for row in await reads.awarded(session, activity):
        await tell(session, [row.person], NoticeKind.ENTRY_AWARDED, row.id, row.id, now)
