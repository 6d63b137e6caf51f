"""What an answer, a step and the end of a time bring about. Every reaction may run twice."""

from datetime import datetime
from uuid import UUID

from app.accounts.events import AccountClosing
from app.accounts.models import Duty
from app.applications import reads as applications
from app.applications.events import ApplicationMoved, ServiceAged
from app.applications.models import Move
from app.core import feed
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.mediation import events, reads
from app.mediation.actions import settling
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import owners

TOLD = frozenset(
    {
        Move.HAND_OVER,
        Move.DECLINE_MEDIATOR,
        Move.CONSENT,
        Move.REFUSE,
        Move.LAPSE,
        Move.BEGIN,
        Move.EXTEND,
        Move.AGREE_WRITTEN,
        Move.AGREE_ORALLY,
        Move.COMPLETE,
        Move.FAIL,
        Move.TIME_OUT,
        Move.ESCALATE,
        Move.WITHDRAW,
        Move.GIVE_UP,
    }
)
"""Steps that both sides are told of."""
WARNED = frozenset({Move.ESCALATE, Move.RECUSE, Move.DECLINE_MEDIATOR})


async def take_answer(session: Session, event: events.InvitationAnswered, now: datetime) -> None:
    await settling.take_answer(session, event.mediation, now)


async def show(session: Session, event: ApplicationMoved, now: datetime) -> None:
    """To both sides: what the application's own news tells those who read that."""
    case = await reads.opened_for(session, event.application)
    if case is not None:
        await feed.show(session, event.move, subject=case.id, step=event.step)


async def tell_sides(session: Session, event: ApplicationMoved, now: datetime) -> None:
    case = await reads.opened_for(session, event.application)
    if case is not None and Move(event.move) in TOLD:
        people = set(await owners(session, case.id))
        await tell(session, people, NoticeKind.MEDIATION_PROGRESS, case.id, event.step, now)


async def warn(session: Session, event: ApplicationMoved, now: datetime) -> None:
    """The committee's supervisors, of what went to the police, and of a case without a mediator."""
    row = await applications.standing(session, event.application)
    if row is not None and Move(event.move) in WARNED:
        people = await applications.staff(session, row.institution, Duty.SUPERVISOR, of=row.id)
        await tell(session, people, NoticeKind.MEDIATION_WARNING, event.application, event.step, now)


async def perform(session: Session, event: ApplicationMoved, now: datetime) -> None:
    if Move(event.move) in (Move.AGREE_WRITTEN, Move.AGREE_ORALLY):
        case = await reads.opened_for(session, event.application)
        if case is not None:
            await settling.begin_performing(session, case, now)


async def spoken(session: Session, event: events.SideSpoke, now: datetime) -> None:
    await _news(session, event.mediation, "SPOKEN", event.thing)
    await settling.spoken(session, event.mediation, event.thing, event.about, now)


async def kept(session: Session, event: events.TermKept, now: datetime) -> None:
    await _news(session, event.mediation, "KEPT", event.term)
    await settling.kept(session, event.mediation, now)


async def recorded(session: Session, event: events.RecordAdded, now: datetime) -> None:
    """Where both sides read it, both hear of it; of one side's record, who reads that."""
    if event.subject == event.mediation:
        await _news(session, event.mediation, "RECORDED", event.record)


async def term_nears(session: Session, event: events.TermNears, now: datetime) -> None:
    await settling.remind_of_term(session, event.mediation, event.term, str(event.days), now)


async def term_overdue(session: Session, event: events.TermOverdue, now: datetime) -> None:
    await settling.remind_of_term(session, event.mediation, event.term, "overdue", now)


async def court_nears(session: Session, event: events.CourtNears, now: datetime) -> None:
    await settling.court_nears(session, event.mediation, event.day, now)


async def court_closed(session: Session, event: events.CourtClosed, now: datetime) -> None:
    await settling.court_closed(session, event.mediation, now)


async def leave(session: Session, event: AccountClosing, now: datetime) -> None:
    await settling.leave(session, event.person)


async def forget(session: Session, event: ServiceAged, now: datetime) -> None:
    await settling.forget(session, event.application)


async def _news(session: Session, mediation: UUID, kind: str, thing: UUID) -> None:
    await feed.show(session, kind, subject=mediation, thing=thing)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ApplicationMoved: (show, tell_sides, warn, perform),
    ServiceAged: (forget,),
    AccountClosing: (leave,),
    events.InvitationAnswered: (take_answer,),
    events.SideSpoke: (spoken,),
    events.TermKept: (kept,),
    events.RecordAdded: (recorded,),
    events.TermNears: (term_nears,),
    events.TermOverdue: (term_overdue,),
    events.CourtNears: (court_nears,),
    events.CourtClosed: (court_closed,),
}
