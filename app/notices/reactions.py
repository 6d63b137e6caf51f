"""What rooms below this one tell people through it. Every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import (
    AccountClosing,
    ConsentPushed,
    DelegationEnded,
    DelegationGranted,
    ExportReady,
    ExportRequested,
    MessageReported,
    MinorAccessAsked,
)
from app.accounts.reads.minors import approvers
from app.core.db import Session
from app.core.outbox import Event, Reaction, emit
from app.core.retention import RoundDue
from app.notices.actions import climbing, forget, posting, tell, wishing
from app.notices.actions.telling import forget_deliveries
from app.notices.events import NoticesTold
from app.notices.models import NoticeKind, Template, ToldBy


async def tell_elder(session: Session, event: DelegationGranted, now: datetime) -> None:
    await tell(session, [event.elder], NoticeKind.DELEGATION_GRANTED, event.delegation, event.delegation, now)


async def tell_the_other(session: Session, event: DelegationEnded, now: datetime) -> None:
    other = event.delegate if event.by == event.elder else event.elder
    await tell(session, [other], NoticeKind.DELEGATION_ENDED, event.delegation, event.delegation, now)


async def tell_ready(session: Session, event: ExportReady, now: datetime) -> None:
    await tell(session, [event.person], NoticeKind.EXPORT_READY, event.export, event.export, now)


async def tell_approvers(session: Session, event: MinorAccessAsked, now: datetime) -> None:
    people = await approvers(session, event.office, event.requester, event.institution)
    await tell(session, people, NoticeKind.MINOR_ACCESS_ASKED, event.access, event.access, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await forget(session, event.person)


async def list_notices(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "notices", event.export, event.person)


async def note_consent(session: Session, event: ConsentPushed, now: datetime) -> None:
    if event.template in Template.__members__:  # the settings may name templates that no notice uses
        template = Template(event.template)
        await wishing.note_consent(session, event.person, event.channel, template, event.accepted, ToldBy.WECHAT, now)


async def climb(session: Session, event: NoticesTold, now: datetime) -> None:
    await climbing.climb(session, event.notices, now)


async def note_report(session: Session, event: MessageReported, now: datetime) -> None:
    await posting.reported(session, event.channel, event.message, event.code, now)


async def forget_aged(session: Session, event: RoundDue, now: datetime) -> None:
    if event.what == "delivery" and await forget_deliveries(session):
        await emit(session, event)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    DelegationGranted: (tell_elder,),
    DelegationEnded: (tell_the_other,),
    ExportReady: (tell_ready,),
    MinorAccessAsked: (tell_approvers,),
    AccountClosing: (give_up,),
    ExportRequested: (list_notices,),
    ConsentPushed: (note_consent,),
    NoticesTold: (climb,),
    MessageReported: (note_report,),
    RoundDue: (forget_aged,),
}
