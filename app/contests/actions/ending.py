"""What is forgotten of contests: for the worker. Everything may run twice."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text

from app.contests import reads
from app.contests.events import EntriesAged, EntryTakenDown
from app.contests.models import EntryState
from app.core.db import Session
from app.core.outbox import emit
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.actions import files

AGAIN: Final = timedelta(days=30)
"""What a hold keeps is looked at again."""
_UNAGREED: Final = text("SELECT * FROM door.take_back_unagreed_entries(:person)")


async def forget(session: Session, activity: UUID, now: datetime) -> None:
    """Destroy what was kept long enough; look again later at what a hold keeps."""
    gone = (await session.rows(select(func.door.forget_entries(activity)))).scalars().all()
    await session.rows(select(func.door.forget_juries(activity)))
    for entry in gone:
        await files.erase(session, entry)
    if (await session.rows(select(func.door.contest_keeps(activity)))).scalar_one():
        await emit(session, EntriesAged(activity=activity), at=now + AGAIN)


async def give_up(session: Session, person: UUID) -> None:
    """Whatever somebody handed in or voted for who closes her account."""
    for entry in (await session.rows(select(func.door.give_up_entries(person)))).scalars().all():
        await files.erase(session, entry)
    await session.rows(select(func.door.give_up_juries(person)))


async def take_back_unagreed(session: Session, person: UUID) -> None:
    """What somebody handed in who agrees no more, or a child whose last guardian does not, comes down at once."""
    for row in (await session.rows(_UNAGREED, {"person": person})).all():
        await emit(session, EntryTakenDown(entry=row.entry))
        session.news(row.activity)


async def tell_owner(session: Session, entry: UUID, now: datetime) -> None:
    row = await reads.about(session, entry)
    if row is not None and row.person is not None:
        down = row.state == EntryState.TAKEN_DOWN
        kind = NoticeKind.ENTRY_TAKEN_DOWN if down else NoticeKind.ENTRY_DECIDED
        await tell(session, [row.person], kind, entry, entry, now)
