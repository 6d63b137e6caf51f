"""Follow-ups and inquiries: who is told, and what happens when nobody replies. Every reaction may run twice."""

from datetime import datetime

from app.consultation import events
from app.consultation.actions import waiting
from app.consultation.reads.following import addressees
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import owners


async def tell_addressees(session: Session, event: events.FollowUpAsked, now: datetime) -> None:
    people = await addressees(session, event.follow_up)
    await tell(session, people, NoticeKind.FOLLOW_UP, event.question, event.follow_up, now)


async def open_follow_up(session: Session, event: events.FollowUpRanOut, now: datetime) -> None:
    others = await waiting.run_out(session, event.question, event.follow_up, event.stage, now)
    if others is not None:
        await tell(session, others, NoticeKind.FOLLOW_UP, event.question, event.follow_up, now)
        people = await owners(session, event.question)
        await tell(session, people, NoticeKind.FOLLOW_UP_LATE, event.question, event.follow_up, now)


async def tell_of_reply(session: Session, event: events.FollowUpEnded, now: datetime) -> None:
    if event.answered:
        people = await owners(session, event.question)
        await tell(session, people, NoticeKind.FOLLOW_UP_ANSWERED, event.question, event.follow_up, now)


async def end_follow_ups(session: Session, event: events.AnswerDelivered, now: datetime) -> None:
    await waiting.newcomer_answered(session, event.question, event.seat, event.answer)


async def stop_follow_ups(
    session: Session, event: events.QuestionResolved | events.QuestionWithdrawn, now: datetime
) -> None:
    round = event.round if isinstance(event, events.QuestionResolved) else None
    await waiting.stop_all(session, event.question, round, now)


async def tell_of_inquiry(session: Session, event: events.InformationWanted, now: datetime) -> None:
    people = await owners(session, event.question)
    await tell(session, people, NoticeKind.INFORMATION_WANTED, event.question, event.inquiry, now)


async def move_lease(session: Session, event: events.InformationGiven, now: datetime) -> None:
    await waiting.move_lease(session, event.question, event.inquiry, now)


async def tell_inquirer(session: Session, event: events.InformationGiven, now: datetime) -> None:
    await tell(session, [event.lawyer], NoticeKind.INFORMATION_GIVEN, event.question, event.inquiry, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.FollowUpAsked: (tell_addressees,),
    events.FollowUpRanOut: (open_follow_up,),
    events.FollowUpEnded: (tell_of_reply,),
    events.AnswerDelivered: (end_follow_ups,),
    events.QuestionResolved: (stop_follow_ups,),
    events.QuestionWithdrawn: (stop_follow_ups,),
    events.InformationWanted: (tell_of_inquiry,),
    events.InformationGiven: (move_lease, tell_inquirer),
}
