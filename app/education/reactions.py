"""What is published when its time has come, and what somebody gives up who leaves. Every reaction may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ExportRequested
from app.core.db import Session
from app.core.outbox import Event, Reaction
from app.education.actions import pushing, reading
from app.education.events import ArticleDue, CampaignDue


async def publish(session: Session, event: ArticleDue, now: datetime) -> None:
    await reading.publish(session, event.version)


async def push(session: Session, event: CampaignDue, now: datetime) -> None:
    await pushing.go_on(session, event.campaign, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await reading.give_up(session, event.person)


async def list_readings(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "education", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ArticleDue: (publish,),
    CampaignDue: (push,),
    AccountClosing: (give_up,),
    ExportRequested: (list_readings,),
}
