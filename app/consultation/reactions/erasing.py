"""An erased question: lawyers who answered it are told, and what was being written then follows it."""

from datetime import datetime

from app.accounts.events import AccountClosing
from app.consultation import events
from app.consultation.actions import erasing
from app.consultation.reads.life import answered_by
from app.core.db import Session
from app.core.outbox import Event, Reaction, emit
from app.core.retention import RoundDue
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.actions import files


async def tell_erased(session: Session, event: events.QuestionErased, now: datetime) -> None:
    people = await answered_by(session, event.question)
    await tell(session, people, NoticeKind.QUESTION_ERASED, event.question, event.question, now)


async def remove_files(session: Session, event: events.QuestionErased | events.ErasureAged, now: datetime) -> None:
    await files.erase(session, event.question)


async def sweep(session: Session, event: events.ErasureAged, now: datetime) -> None:
    await erasing.sweep(session, event.question)


async def erase_aged(session: Session, event: RoundDue, now: datetime) -> None:
    """A few at a time; where there were as many as that, there may be more."""
    if await erasing.erase_aged(session, event.what, now) == erasing.AT_ONCE:
        await emit(session, event)


async def give_up(session: Session, event: AccountClosing, now: datetime) -> None:
    if await erasing.give_up(session, event.person, now) == erasing.AT_ONCE:
        await emit(session, event)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    events.QuestionErased: (tell_erased, remove_files),
    events.ErasureAged: (sweep, remove_files),
    RoundDue: (erase_aged,),
    AccountClosing: (give_up,),
}
