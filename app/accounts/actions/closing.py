"""A person closes her account. She is signed out in the same instant; what is hers goes room by room, in the outbox's
own time, and her row stays as a shell without a name (网络数据安全管理条例, articles 22 and 24)."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.accounts import reads
from app.accounts.actions.sessions import end
from app.accounts.events import AccountClosing, GuardianshipEnded
from app.accounts.models import Closing, Ended
from app.accounts.rules.closing import against_closing
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse_if
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest

AGAIN = timedelta(minutes=1)
LATER = timedelta(days=1)
"""What a hold or the law keeps is looked after once a day."""


async def close(session: Session, viewer: Viewer, keys: KeyProvider, understood: bool, now: datetime) -> Any:
    """The row. Refuses NOT_UNDERSTOOD, IN_OFFICE and LEGAL_HOLD. Of many at once there is one closing."""
    in_office = await reads.holds_more(session, viewer.id)
    held = bool(await reads.held_by_law(session, [viewer.id]))
    refuse_if(list(against_closing(understood=understood, in_office=in_office, held=held)))
    # Known to her alone: from nobody's id can it be told.
    id = UUID(bytes=digest(keys.secret("closing"), str(viewer.id))[:16], version=4)
    row = {"person": viewer.id, "id": id, "asked_at": now, "done_at": None}
    if (await session.rows(insert(Closing).inline().values(row).on_conflict_do_nothing())).rowcount:
        await emit(session, AccountClosing(person=viewer.id))
        # Nobody is led into what goes: neither she when she comes back, nor another account that binds her telephone.
        await session.rows(text("SELECT door.leave_names()"))
    await end(session, viewer.id, Ended.CLOSED, now)
    return SimpleNamespace(**row)


async def go_on(session: Session, person: UUID, now: datetime) -> None:
    """For the worker: what this room has is given up. Until every room has done the same it is told again, and once
    more after that, for what was being written when she left."""
    await session.rows(text("SELECT door.give_up_exports(:person)"), {"person": person})
    await session.rows(text("SELECT door.give_up_village(:person)"), {"person": person})
    ended = await session.rows(text("SELECT * FROM door.give_up_guardianships(:person)"), {"person": person})
    for row in ended.all():
        await emit(session, GuardianshipEnded(guardianship=row.id, minor=row.minor, guardian=row.guardian, by=person))
    asked_at = await session.rows(text("SELECT door.give_up_person(:person)"), {"person": person})
    if (since := asked_at.scalar_one()) is not None:
        patience = AGAIN if now - since < LATER else LATER
        await emit(session, AccountClosing(person=person), at=now + patience)
