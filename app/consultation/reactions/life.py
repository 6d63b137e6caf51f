"""Silence and what follows it, resolved and closed questions, drafts that nobody came back to."""

from datetime import datetime

from app.consultation import events
from app.consultation.actions import life
from app.consultation.actions.drafts import DRAFTS
from app.consultation.reads.following import others_to_ask
from app.consultation.reads.life import delegates, seats_ended
from app.consultation.rules.life import Silence
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import askers, owners

Activity = (
    events.AnswerDelivered
    | events.AnswerCounted
    | events.AnswerAmended
    | events.FollowUpAsked
    | events.FollowUpEnded
    | events.InformationWanted
    | events.InformationGiven
    | events.QuestionReopened
)


async def hear(session: Session, event: Activity, now: datetime) -> None:
    await life.hear(session, event.question)


async def fall_silent(session: Session, event: events.SilenceFell, now: datetime) -> None:
    act = await life.fall_silent(session, event.question, event.since, event.reminded, now)
    if act is Silence.REMIND:
        people = await owners(session, event.question)
        cause = life.fact(event.question, f"silent since {event.since.isoformat()}")
        await tell(session, people, NoticeKind.STILL_SATISFIED, event.question, cause, now)


async def tell_resolved(session: Session, event: events.QuestionResolved, now: datetime) -> None:
    for seat in await seats_ended(session, event.question):
        await tell(session, [seat.lawyer], NoticeKind.QUESTION_RESOLVED, event.question, seat.id, now)
    if event.by_silence:
        people = await owners(session, event.question)
        cause = life.fact(event.question, f"resolved {event.round}")
        await tell(session, people, NoticeKind.QUESTION_RESOLVED, event.question, cause, now)


async def tell_reopened(session: Session, event: events.QuestionReopened, now: datetime) -> None:
    people = await others_to_ask(session, event.question)
    cause = life.fact(event.question, f"reopened {event.round}")
    await tell(session, people, NoticeKind.QUESTION_REOPENED, event.question, cause, now)


async def close(session: Session, event: events.ResolutionAged, now: datetime) -> None:
    await life.close(session, event.question, event.round, now)


async def clear(session: Session, event: events.AppealUpheld, now: datetime) -> None:
    await life.clear(session, event.question, now)


async def tell_elder(session: Session, event: events.QuestionAsked, now: datetime) -> None:
    if await delegates(session, event.question):
        people = await askers(session, event.question)
        await tell(session, people, NoticeKind.ASKED_FOR_YOU, event.question, event.question, now)


async def wipe_draft(session: Session, event: events.DraftAged, now: datetime) -> None:
    await DRAFTS.age(session, event.draft, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.AnswerDelivered: (hear,),
    events.AnswerCounted: (hear,),
    events.AnswerAmended: (hear,),
    events.FollowUpAsked: (hear,),
    events.FollowUpEnded: (hear,),
    events.InformationWanted: (hear,),
    events.InformationGiven: (hear,),
    events.QuestionReopened: (hear, tell_reopened),
    events.SilenceFell: (fall_silent,),
    events.QuestionResolved: (tell_resolved,),
    events.ResolutionAged: (close,),
    events.AppealUpheld: (clear,),
    events.QuestionAsked: (tell_elder,),
    events.DraftAged: (wipe_draft,),
}
