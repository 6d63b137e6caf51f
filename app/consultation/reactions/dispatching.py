"""Waves, invitations, seats and their leases, the breach. Every reaction may run twice."""

from datetime import datetime

import structlog
from prometheus_client import Counter

from app.accounts.events import PersonSuspended
from app.advisers.actions.questions import answered
from app.consultation import events
from app.consultation.actions import counting, dispatch
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.directory.events import LawyerCameOnline, LawyerLeft
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import owners

AT_RISK = Counter(
    "promises_at_risk",
    "Questions that had fewer answers than promised once the last wave was out, by how many they had.",
    ["answers"],
)
log = structlog.get_logger("consultation")


async def escalate(session: Session, event: events.PatienceRanOut, now: datetime) -> None:
    invited = await dispatch.escalate(session, event.question, now)
    await tell(session, invited, NoticeKind.INVITED, event.question, event.question, now)


async def alert(session: Session, event: events.LastWaveOut, now: datetime) -> None:
    """Nobody is left to be called, and answers are missing: whoever operates the house hears of it while there is time.
    Supervisors get their task when the promise is broken."""
    if standing := await dispatch.missing(session, event.question):
        AT_RISK.labels(str(standing.answered)).inc()
        log.warning("promise_at_risk", answers=standing.answered, seats=standing.seats)


async def hasten(session: Session, event: events.DangerHeard, now: datetime) -> None:
    await dispatch.hasten(session, event.question)
    invited = await dispatch.escalate(session, event.question, now)
    await tell(session, invited, NoticeKind.INVITED, event.question, event.question, now)


async def keep_trying(session: Session, event: events.PromiseRanOut, now: datetime) -> None:
    if await dispatch.keep_trying(session, event.question, event.round, event.reopened, now):
        people = await owners(session, event.question)
        await tell(session, people, NoticeKind.PROMISE_BROKEN, event.question, event.question, now)


async def open_kept(session: Session, event: events.InvitationLapsed, now: datetime) -> None:
    await dispatch.open_kept(session, event.question, now)


async def call_again(session: Session, event: events.QuestionRecategorised, now: datetime) -> None:
    await dispatch.call_again(session, event.question, now)


async def resume_clock(session: Session, event: events.InformationGiven, now: datetime) -> None:
    await dispatch.resume_clock(session, event.question, now)


async def resume_search(session: Session, event: events.QuestionReopened, now: datetime) -> None:
    await dispatch.resume_search(session, event.question, event.round, now)


async def show_board(
    session: Session, event: events.SeatClaimed | events.AnswerDelivered | events.AnswerCounted, now: datetime
) -> None:
    await dispatch.show_board(session, event.question)


async def expire_lease(session: Session, event: events.LeaseRanOut, now: datetime) -> None:
    await dispatch.expire_lease(session, event.question, event.seat, now)


async def offer_again(session: Session, event: events.SeatFreed, now: datetime) -> None:
    await dispatch.offer_again(session, event.question, now)


async def count_seat(session: Session, event: events.SeatFreed | events.AnswerDelivered, now: datetime) -> None:
    await counting.note_seats(session, event.lawyer, now)


async def count_for_village(session: Session, event: events.AnswerDelivered, now: datetime) -> None:
    await answered(session, event.question, event.lawyer, now)


async def tell_lawyer(session: Session, event: events.SeatFreed, now: datetime) -> None:
    if event.expired:
        await tell(session, [event.lawyer], NoticeKind.SEAT_LOST, event.question, event.seat, now)


async def tell_asker(session: Session, event: events.AnswerDelivered, now: datetime) -> None:
    people = await owners(session, event.question)
    await tell(session, people, NoticeKind.NEW_ANSWER, event.question, event.answer, now)


async def show_closed(session: Session, event: events.QuestionWithdrawn, now: datetime) -> None:
    for lawyer in await dispatch.show_closed(session, event.question):
        await tell(session, [lawyer], NoticeKind.QUESTION_WITHDRAWN, event.question, event.question, now)


async def show_resolved(session: Session, event: events.QuestionResolved, now: datetime) -> None:
    await dispatch.show_closed(session, event.question)


async def catch_up(session: Session, event: LawyerCameOnline, now: datetime) -> None:
    for question in await dispatch.catch_up(session, event.lawyer, now):
        await tell(session, [event.lawyer], NoticeKind.INVITED, question, question, now)


async def release_hers(session: Session, event: LawyerLeft, now: datetime) -> None:
    await dispatch.release_all(session, event.lawyer, now)


async def release_theirs(session: Session, event: PersonSuspended, now: datetime) -> None:
    await dispatch.release_all(session, event.person, now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.PatienceRanOut: (escalate,),
    events.LastWaveOut: (alert,),
    events.PromiseRanOut: (keep_trying,),
    events.DangerHeard: (hasten,),
    events.SeatClaimed: (show_board,),
    events.LeaseRanOut: (expire_lease,),
    events.SeatFreed: (offer_again, count_seat, tell_lawyer),
    events.AnswerDelivered: (tell_asker, show_board, count_seat, count_for_village),
    events.AnswerCounted: (show_board,),
    events.InvitationLapsed: (open_kept,),
    events.QuestionRecategorised: (call_again,),
    events.InformationGiven: (resume_clock,),
    events.QuestionReopened: (resume_search,),
    events.QuestionResolved: (show_resolved,),
    events.QuestionWithdrawn: (show_closed,),
    LawyerCameOnline: (catch_up,),
    LawyerLeft: (release_hers,),
    PersonSuspended: (release_theirs,),
}
