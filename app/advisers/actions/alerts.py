"""A month without a visit is said on the 25th, to the adviser and to the officers."""

from datetime import datetime
from uuid import UUID, uuid5

from app.advisers import reads
from app.advisers.events import VisitDue
from app.advisers.reads.services import visited
from app.advisers.rules import months
from app.core.db import Session
from app.core.outbox import emit
from app.notices.actions import tell
from app.notices.models import NoticeKind


async def watch(session: Session, term: UUID, now: datetime) -> None:
    """Look at the next month in which a visit is owed, when its time has come."""
    row = await reads.term_of(session, term)
    if row is not None and (month := months.next_alert(row.since, row.until, now)) is not None:
        await emit(session, VisitDue(term=term, month=months.said(month)), at=months.alert_at(month))


async def look(session: Session, term: UUID, said: str, now: datetime) -> None:
    """For the worker: whoever was there this month hears nothing, nor does whose term has ended meanwhile."""
    row, month = await reads.term_of(session, term), months.read(said)
    if row is None:
        return
    if months.owed(month, row.since, row.until) and not await visited(session, term, *months.bounds(month)):
        cause = uuid5(term, said)
        if row.account is not None:
            await tell(session, [row.account], NoticeKind.VISIT_DUE, term, cause, now)
        await tell(session, await reads.officers(session), NoticeKind.VISIT_MISSED, term, cause, now)
    following = months.next_alert(row.since, row.until, months.alert_at(month))
    if following is not None:
        await emit(session, VisitDue(term=term, month=months.said(following)), at=months.alert_at(following))
