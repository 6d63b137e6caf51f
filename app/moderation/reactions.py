"""What this room does about what happened. Every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.consultation.events import ErasureAged
from app.core.db import Session
from app.core.outbox import Event, Reaction, emit
from app.core.retention import RoundDue
from app.moderation.actions import telling
from app.moderation.events import (
    AppealOverdue,
    MeasureAppealed,
    MeasureJudged,
    ReportDecided,
    ReportMade,
    ReportOverdue,
)


async def tell_made(session: Session, event: ReportMade, now: datetime) -> None:
    await telling.made(session, event.report, now)


async def call_overdue(session: Session, event: ReportOverdue, now: datetime) -> None:
    await telling.overdue(session, event.report, event.round, now)


async def tell_decided(session: Session, event: ReportDecided, now: datetime) -> None:
    await telling.decided(session, event, now)


async def tell_appealed(session: Session, event: MeasureAppealed, now: datetime) -> None:
    await telling.appealed(session, event.measure, event.measure, now)


async def call_appeal_overdue(session: Session, event: AppealOverdue, now: datetime) -> None:
    await telling.appeal_overdue(session, event.measure, event.round, now)


async def tell_judged(session: Session, event: MeasureJudged, now: datetime) -> None:
    await telling.judged(session, event.measure, now)


async def forget(session: Session, event: RoundDue, now: datetime) -> None:
    if await telling.forget(session, event.what):
        await emit(session, event)


async def follow(session: Session, event: ErasureAged, now: datetime) -> None:
    await telling.follow(session, event.question)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await telling.give_up(session, event.person)


async def list_moderation(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "moderation", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ReportMade: (tell_made,),
    ReportOverdue: (call_overdue,),
    ReportDecided: (tell_decided,),
    MeasureAppealed: (tell_appealed,),
    AppealOverdue: (call_appeal_overdue,),
    MeasureJudged: (tell_judged,),
    RoundDue: (forget,),
    ErasureAged: (follow,),
    AccountClosing: (give_up,),
    ExportRequested: (list_moderation,),
}
