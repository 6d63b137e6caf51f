"""After weeks the asker is asked what came of it. Every reaction may run twice."""

from datetime import datetime
from uuid import UUID

from app.accounts.events import ConsentWithdrawn
from app.accounts.models import ConsentPurpose
from app.consultation import events
from app.consultation.actions import follow_through as actions
from app.consultation.reads import follow_through as reads
from app.consultation.rules.follow_through import asking_id
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.actions.posting import Stands
from app.notices.models import NoticeKind


async def await_outcome(session: Session, event: events.QuestionResolved, now: datetime) -> None:
    await actions.await_outcome(session, event.question, event.round, now)


async def ask_outcome(session: Session, event: events.FollowThroughDue, now: datetime) -> None:
    people = await actions.ask(session, event.question, event.round, event.turn, now)
    cause = asking_id(event.question, event.round, event.turn)
    await tell(session, people, NoticeKind.WHAT_CAME_OF_IT, event.question, cause, now)


async def stop_asking(session: Session, event: ConsentWithdrawn, now: datetime) -> None:
    if event.purpose == ConsentPurpose.SERVICE:
        await actions.stop(session, event.person, now)


async def still_asked(session: Session, person: UUID, about: UUID) -> bool:
    """A question that waited for the morning is not put to who said no meanwhile, answered, or is in danger."""
    return await reads.is_still_asked(session, about)


STANDS: dict[str, Stands] = {NoticeKind.WHAT_CAME_OF_IT: still_asked}
REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.QuestionResolved: (await_outcome,),
    events.FollowThroughDue: (ask_outcome,),
    ConsentWithdrawn: (stop_asking,),
}
