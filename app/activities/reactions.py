"""What this room does about what happened. Every reaction may run twice."""

from datetime import datetime
from uuid import UUID

from app.accounts.actions.exporting import list_room
from app.accounts.events import AccountClosing, ConsentWithdrawn, ExportRequested, GuardianshipEnded
from app.activities.actions import attending, moving, telling
from app.activities.events import (
    ActivityAged,
    ActivityAnnounced,
    ActivityCancelled,
    ActivityClosed,
    ActivityCloses,
    ActivityNears,
    ActivityOpens,
    EnrolmentsAged,
    MovedUp,
)
from app.core.db import Session, now
from app.core.outbox import Event, Reaction
from app.notices.actions.posting import Stands
from app.notices.models import NoticeKind


async def open_it(session: Session, event: ActivityOpens, now: datetime) -> None:
    await moving.open(session, event.activity)


async def close_it(session: Session, event: ActivityCloses, now: datetime) -> None:
    await moving.close(session, event.activity, now)


async def watch_age(session: Session, event: ActivityClosed, now: datetime) -> None:
    await moving.closed(session, event.activity, now)


async def watch_results(session: Session, event: ActivityAnnounced, now: datetime) -> None:
    await moving.announced(session, event.activity, now)


async def archive(session: Session, event: ActivityAged, now: datetime) -> None:
    await moving.archive(session, event.activity, now)


async def remind(session: Session, event: ActivityNears, now: datetime) -> None:
    await telling.nears(session, event.activity, event.seconds, now)


async def tell_place(session: Session, event: MovedUp, now: datetime) -> None:
    await telling.moved_up(session, event.enrolment, now)


async def tell_cancelled(session: Session, event: ActivityCancelled, now: datetime) -> None:
    await telling.cancelled(session, event.activity, now)
    await moving.over(session, event.activity, now)


async def forget(session: Session, event: EnrolmentsAged, now: datetime) -> None:
    await attending.forget(session, event.activity, now)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    await attending.give_up(session, event.person)


async def give_up_unagreed(session: Session, event: ConsentWithdrawn, now: datetime) -> None:
    await attending.give_up_unagreed(session, event.person)


async def give_up_childs(session: Session, event: GuardianshipEnded, now: datetime) -> None:
    await attending.give_up_unagreed(session, event.minor)


async def list_activities(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "activities", event.export, event.person)


async def still_to_be(session: Session, person: UUID, about: UUID) -> bool:
    return await telling.still_to_be(session, person, about, now(session))


STANDS: dict[str, Stands] = {NoticeKind.ACTIVITY_SOON: still_to_be}
REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    ActivityOpens: (open_it,),
    ActivityCloses: (close_it,),
    ActivityClosed: (watch_age,),
    ActivityAnnounced: (watch_results,),
    ActivityAged: (archive,),
    ActivityCancelled: (tell_cancelled,),
    ActivityNears: (remind,),
    MovedUp: (tell_place,),
    EnrolmentsAged: (forget,),
    AccountClosing: (give_up,),
    ConsentWithdrawn: (give_up_unagreed,),
    GuardianshipEnded: (give_up_childs,),
    ExportRequested: (list_activities,),
}
