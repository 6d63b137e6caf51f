"""What this room does about what happened. Every reaction may run twice."""

from datetime import datetime

from app.advisers import reads
from app.advisers.actions import alerts
from app.advisers.events import ContestDecided, ContestMade, VisitDue
from app.advisers.reads import appraisal
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.models import NoticeKind


async def look(session: Session, event: VisitDue, now: datetime) -> None:
    await alerts.look(session, event.term, event.month, now)


async def tell_officers(session: Session, event: ContestMade, now: datetime) -> None:
    people = await reads.officers(session)
    await tell(session, people, NoticeKind.CONTEST_NEW, event.contest, event.contest, now)


async def tell_adviser(session: Session, event: ContestDecided, now: datetime) -> None:
    if (row := await appraisal.whose(session, event.contest)) is not None:
        await tell(session, [row.adviser], NoticeKind.CONTEST_DECIDED, event.contest, event.contest, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    VisitDue: (look,),
    ContestMade: (tell_officers,),
    ContestDecided: (tell_adviser,),
}
