"""Telling who is concerned, and forgetting: as the worker. Notices say nothing of a case."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import text

from app.core.db import Session
from app.core.outbox import emit
from app.moderation import reads, rules
from app.moderation.events import AppealOverdue, ReportDecided, ReportOverdue
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import askers

AT_ONCE = 500


async def made(session: Session, report: UUID, now: datetime) -> None:
    await tell(session, await reads.moderators(session, report), NoticeKind.REPORT_NEW, report, report, now)


async def overdue(session: Session, report: UUID, round: int, now: datetime) -> None:
    """All who may take it, again every day until it is decided."""
    if await reads.is_open(session, report):
        people = await reads.moderators(session, report)
        await tell(session, people, NoticeKind.REPORT_OVERDUE, report, uuid5(report, str(round)), now)
        await emit(session, ReportOverdue(report=report, round=round + 1), at=now + rules.AGAIN)


async def decided(session: Session, event: ReportDecided, now: datetime) -> None:
    reporter = await askers(session, event.report)
    await tell(session, reporter, NoticeKind.REPORT_DECIDED, event.report, event.report, now)
    if event.measure:
        whom = await askers(session, event.measure)
        await tell(session, whom, NoticeKind.MEASURE_TAKEN, event.measure, event.measure, now)


async def appealed(session: Session, measure: UUID, cause: UUID, now: datetime) -> None:
    people = await reads.judges(session, measure)
    await tell(session, people, NoticeKind.MEASURE_APPEALED, measure, cause, now)


async def appeal_overdue(session: Session, measure: UUID, round: int, now: datetime) -> None:
    """All who may decide it, again every day until one has, also where today there is nobody."""
    if await reads.appeal_waits(session, measure):
        await appealed(session, measure, uuid5(measure, str(round)), now)
        await emit(session, AppealOverdue(measure=measure, round=round + 1), at=now + rules.AGAIN)


async def judged(session: Session, measure: UUID, now: datetime) -> None:
    whom = await askers(session, measure)
    await tell(session, whom, NoticeKind.MEASURE_JUDGED, measure, measure, now)


async def forget(session: Session, what: str) -> bool:
    """What the policy keeps no longer; whether there may be more."""
    said = {"what": what, "most": AT_ONCE}
    gone = await session.rows(text("SELECT door.forget_moderation(:what, :most)"), said)
    return bool(gone.scalar_one() == AT_ONCE)


async def follow(session: Session, question: UUID) -> None:
    """Whatever was being reported while the question was erased follows it."""
    await session.rows(text("SELECT door.reports_follow(:question)"), {"question": question})


async def give_up(session: Session, person: UUID) -> None:
    await session.rows(text("SELECT door.give_up_moderation(:person)"), {"person": person})
