"""The staff enter what was announced for a year: before the library knows it, or otherwise than it does."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse, refuse_if
from app.core.ids import new_id
from app.directory.models import CalendarYear
from app.directory.reads.opening import Y
from app.directory.reads.opening import year as read
from app.directory.rules.calendar import Told, against_year
from app.directory.rules.register import CHANGED_MEANWHILE, against_why


async def set_year(session: Session, viewer: Viewer, version: int, said: Told, reason: str, now: datetime) -> None:
    """All that the staff say of the year from now on. `version` is 0 where they have said nothing yet.

    Refuses CHANGED_MEANWHILE where it is no longer that. Saying what stands there changes nothing.
    """
    refuse_if([*against_year(said), *against_why(reason)])
    days = {day.isoformat(): kind.value for day, kind in sorted(said.days)}
    row: dict[str, Any] = {"days": days, "complete": said.complete, "source": said.source.strip()}
    before = await read(session, said.year)
    if before and before.version == version and all(getattr(before, name) == value for name, value in row.items()):
        return
    if version != (before.version if before else 0):
        raise refuse(CHANGED_MEANWHILE, "version")
    row |= {"version": version + 1, "changed_at": now, "changed_by": viewer.id, "reason": reason.strip()}
    written = (
        update(Y).where(Y.c.year == said.year, Y.c.version == version).values(row)
        if version
        else insert(CalendarYear).inline().values(row | {"id": new_id(), "year": said.year}).on_conflict_do_nothing()
    )
    if not (await session.rows(written)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")
