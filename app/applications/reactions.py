"""What a step and the end of a time bring about. Every reaction may run twice."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.accounts.models import Duty
from app.applications import events, reads
from app.applications.actions import timing
from app.applications.actions.drafts import DRAFTS
from app.applications.models import ApplicationKind, AssignmentState, Move
from app.applications.rules.telling import PAPER, TELLING, Telling
from app.core import feed
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.notices.actions import tell
from app.notices.actions.posting import Stands
from app.notices.models import NoticeKind
from app.papers.events import PaperMade
from app.vault.reads import owners


async def show(session: Session, event: events.ApplicationMoved, now: datetime) -> None:
    """Of a lawyer who declines the wall would take no news: she does not read it."""
    await feed.show(session, event.move, subject=event.application, step=event.step)


async def show_paper(session: Session, event: PaperMade, now: datetime) -> None:
    await feed.show(session, PAPER, subject=event.subject, paper=event.paper)


async def tell_applicant(session: Session, event: events.ApplicationMoved, now: datetime) -> None:
    row = await reads.standing(session, event.application)
    if row is not None and (kind := _telling(row).applicant.get(Move(event.move))):
        await tell(session, await owners(session, event.application), kind, event.application, event.step, now)


async def tell_staff(session: Session, event: events.ApplicationMoved, now: datetime) -> None:
    move, row = Move(event.move), await reads.standing(session, event.application)
    if row is None or move not in _telling(row).staff | _telling(row).supervisors:
        return
    overseen = move in _telling(row).supervisors
    people = (
        await reads.staff(session, row.institution, Duty.SUPERVISOR, of=row.id)
        if overseen
        else await timing.who_acts(session, row)
    )
    await tell(session, people, _telling(row).work, event.application, event.step, now)


async def tell_lawyer(session: Session, event: events.ApplicationMoved, now: datetime) -> None:
    move, ends_work = Move(event.move), TELLING[ApplicationKind.LEGAL_AID].ends_work
    if move is not Move.OFFER and move not in ends_work:
        return
    assignment = await reads.newest_assignment(session, event.application)
    if assignment is None:
        return
    offered = move is Move.OFFER and assignment.state == AssignmentState.OFFERED
    if offered or (move in ends_work and assignment.state == AssignmentState.ENDED):
        kind = NoticeKind.AID_OFFERED if offered else NoticeKind.AID_ENDED
        await tell(session, [assignment.lawyer], kind, assignment.id, assignment.id, now)


def _telling(row: Any) -> Telling:
    return TELLING[ApplicationKind(row.kind)]


async def remind(session: Session, event: events.ClockNears, now: datetime) -> None:
    await timing.nears(session, event.application, event.seq, event.due, now)


async def run_out(session: Session, event: events.ClockRanOut, now: datetime) -> None:
    await timing.ran_out(session, event.application, event.seq, event.round, now)


async def offer_again(session: Session, event: events.AnswerRanOut, now: datetime) -> None:
    await timing.unanswered(session, event.application, event.seq, now)


async def forget(session: Session, event: events.ServiceAged, now: datetime) -> None:
    await timing.forget(session, event.application, event.seq, now)


async def forget_identity(session: Session, event: events.IdentityAged, now: datetime) -> None:
    await timing.forget_identity(session, event.application, now)


async def wipe_draft(session: Session, event: events.ApplicationDraftAged, now: datetime) -> None:
    await DRAFTS.age(session, event.draft, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await timing.give_up(session, event.person)


async def list_applications(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "applications", event.export, event.person)


async def still_hers(session: Session, person: UUID, about: UUID) -> bool:
    """Word that waited for the morning does not come to who stepped back meanwhile."""
    return not await reads.has_stepped_back(session, about, person)


_WORK: Final = {kind for telling in TELLING.values() for kind in (telling.work, telling.due_soon, telling.overdue)}
STANDS: dict[str, Stands] = dict.fromkeys(_WORK, still_hers)
REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.ApplicationMoved: (show, tell_applicant, tell_staff, tell_lawyer),
    events.ClockNears: (remind,),
    events.ClockRanOut: (run_out,),
    events.AnswerRanOut: (offer_again,),
    events.ServiceAged: (forget,),
    events.IdentityAged: (forget_identity,),
    events.ApplicationDraftAged: (wipe_draft,),
    PaperMade: (show_paper,),
    AccountClosing: (give_up,),
    ExportRequested: (list_applications,),
}
