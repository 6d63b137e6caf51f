"""The reminder to rate, what a rating or a choice tells whom, and what the night publishes of all of them."""

from datetime import datetime

from app.consultation import events
from app.consultation.actions import rating
from app.consultation.reads.rating import unrated
from app.consultation.rules.rating import reminder_id
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.core.retention import NightCame
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import owners


async def await_rating(session: Session, event: events.QuestionResolved, now: datetime) -> None:
    await rating.await_rating(session, event.question, event.round, now)


async def please_rate(session: Session, event: events.RatingAwaited, now: datetime) -> None:
    if await unrated(session, event.question, event.round):
        people = await owners(session, event.question)
        cause = reminder_id(event.question, event.round)
        await tell(session, people, NoticeKind.PLEASE_RATE, event.question, cause, now)


async def note_ratings(session: Session, event: events.AnswerRated, now: datetime) -> None:
    await rating.note_ratings(session, event.lawyer)


async def tell_best(session: Session, event: events.BestChosen, now: datetime) -> None:
    """Once an answer, however often the asker changes her mind."""
    await tell(session, [event.lawyer], NoticeKind.BEST_ANSWER, event.question, event.answer, now)


async def publish(session: Session, event: NightCame, now: datetime) -> None:
    await rating.publish(session)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.QuestionResolved: (await_rating,),
    events.RatingAwaited: (please_rate,),
    events.AnswerRated: (note_ratings,),
    events.BestChosen: (tell_best,),
    NightCame: (publish,),
}
