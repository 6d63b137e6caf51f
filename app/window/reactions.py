"""What is told of a visit, how slips end, and what the night counts. Every reaction may run twice."""

from datetime import datetime
from uuid import uuid5

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.applications import reads as applications
from app.applications.actions.timing import who_acts
from app.applications.events import ApplicationMoved
from app.applications.models import ApplicationKind
from app.applications.rules.machine import MACHINES
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.core.retention import NightCame
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.reads import owners
from app.window import reads
from app.window.actions import ending, looking, settling
from app.window.events import ForwardNears, ForwardRanOut, SlipOver, StatementOver, WindowActed, WindowOpened
from app.window.models import WindowSubject
from app.window.rules.rating import TAKEN_BACK


async def tell_opened(session: Session, event: WindowOpened, now: datetime) -> None:
    people = await owners(session, event.visit)
    await tell(session, people, NoticeKind.WINDOW_OPENED, event.visit, event.visit, now)


async def tell_receipt(session: Session, event: WindowActed, now: datetime) -> None:
    await tell(session, await owners(session, event.visit), NoticeKind.WINDOW_RECEIPT, event.visit, event.act, now)


async def tell_handler(session: Session, event: WindowActed, now: datetime) -> None:
    """Who handles the application learns that papers lie at the window."""
    row = await reads.about(session, event.visit)
    if row is None or row.about != WindowSubject.APPLICATION:
        return
    standing = await applications.standing(session, row.subject)
    if standing is not None:
        people = await who_acts(session, standing)
        await tell(session, people, NoticeKind.WINDOW_PAPERS, event.visit, event.act, now)


async def settle(session: Session, event: WindowActed, now: datetime) -> None:
    await settling.settle(session, event.visit, event.act, now)


async def ask_to_rate(session: Session, event: ApplicationMoved, now: datetime) -> None:
    """Once, when the case is done."""
    row = await applications.standing(session, event.application)
    if row is None or row.state in TAKEN_BACK or row.state not in MACHINES[ApplicationKind(row.kind)].ends:
        return
    cause = uuid5(event.application, "please rate")
    people = await owners(session, event.application)
    await tell(session, people, NoticeKind.PLEASE_RATE_SERVICE, event.application, cause, now)


async def forget_slip(session: Session, event: SlipOver, now: datetime) -> None:
    await ending.forget_slip(session, event.visit)


async def forward_nears(session: Session, event: ForwardNears, now: datetime) -> None:
    await ending.forward_nears(session, event.statement, now)


async def forward_ran_out(session: Session, event: ForwardRanOut, now: datetime) -> None:
    await ending.forward_ran_out(session, event.statement, event.round, now)


async def forget_statement(session: Session, event: StatementOver, now: datetime) -> None:
    await ending.forget_statement(session, event.statement)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await ending.give_up(session, event.person)


async def list_visits(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "window", event.export, event.person)


async def publish(session: Session, event: NightCame, now: datetime) -> None:
    await looking.publish(session)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    WindowOpened: (tell_opened,),
    WindowActed: (settle, tell_receipt, tell_handler),
    ApplicationMoved: (ask_to_rate,),
    SlipOver: (forget_slip,),
    ForwardNears: (forward_nears,),
    ForwardRanOut: (forward_ran_out,),
    StatementOver: (forget_statement,),
    AccountClosing: (give_up,),
    ExportRequested: (list_visits,),
    NightCame: (publish,),
}
