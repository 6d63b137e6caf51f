"""Attempts whose time is over, what is won, and what is listed and given up. Every reaction may run twice."""

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.activities.events import ActivityAnnounced, ActivityClosed, EnrolmentsAged
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.quizzes.actions import attempts, ending, prizes, rounds
from app.quizzes.events import (
    AttemptDue,
    AttemptsAged,
    AttemptVoided,
    PrizeHandedOut,
    PrizesDue,
    PrizesLapse,
    PrizesNear,
    RoundOver,
)


async def close(session: Session, event: AttemptDue, now: datetime) -> None:
    await attempts.close(session, event.attempt)


async def score(session: Session, event: ActivityClosed, now: datetime) -> None:
    await rounds.closed(session, event.activity, now)


async def announce(session: Session, event: RoundOver, now: datetime) -> None:
    await rounds.over(session, event.round, now)


async def award(session: Session, event: ActivityAnnounced, now: datetime) -> None:
    await ending.told(session, event.activity, now)


async def forget(session: Session, event: EnrolmentsAged, now: datetime) -> None:
    await ending.forget(session, event.activity, now)


async def forget_later(session: Session, event: AttemptsAged, now: datetime) -> None:
    await ending.forget(session, event.round, now)


async def award_late(session: Session, event: PrizesDue, now: datetime) -> None:
    await ending.told(session, event.round, now)


async def remind(session: Session, event: PrizesNear, now: datetime) -> None:
    await prizes.remind(session, event.round, now)


async def lapse(session: Session, event: PrizesLapse, now: datetime) -> None:
    await prizes.lapse(session, event.round)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await session.rows(select(func.door.give_up_quizzes(event.person)))


async def list_quizzes(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "quizzes", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    AttemptDue: (close,),
    ActivityClosed: (score,),
    RoundOver: (announce,),
    ActivityAnnounced: (award,),
    AttemptVoided: (ending.tell_voided,),
    EnrolmentsAged: (forget,),
    AttemptsAged: (forget_later,),
    PrizesDue: (award_late,),
    PrizesNear: (remind,),
    PrizesLapse: (lapse,),
    PrizeHandedOut: (prizes.tell_receipt,),
    AccountClosing: (give_up,),
    ExportRequested: (list_quizzes,),
}
