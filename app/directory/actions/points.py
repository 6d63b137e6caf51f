"""The staff confirm where a division is. A trigger keeps what was said before."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse, refuse_if
from app.core.ids import new_id
from app.directory.models import DivisionPoint
from app.directory.reads.points import DP, points
from app.directory.rules.placing import against_point
from app.directory.rules.register import CHANGED_MEANWHILE, against_why
from app.places.rules.coordinates import Spot


async def place(
    session: Session, viewer: Viewer, division: str, version: int, spot: Spot, source: str, reason: str, now: datetime
) -> None:
    """`version` is 0 where nobody has said it yet. The same again changes nothing. Refuses CHANGED_MEANWHILE."""
    refuse_if([*against_point(spot, source, division), *against_why(reason)])
    found = await points(session, viewer, [division])
    before = found[0].version if found else 0
    if version != before:
        raise refuse(CHANGED_MEANWHILE, "version")
    where = {"longitude": spot.longitude, "latitude": spot.latitude, "source": source.strip()}
    if found and all(getattr(found[0], name) == value for name, value in where.items()):
        return
    row = where | {"version": version + 1, "changed_at": now, "changed_by": viewer.id, "reason": reason.strip()}
    said = (
        update(DP).where(DP.c.division == division, DP.c.version == version).values(row)
        if found
        else insert(DivisionPoint)
        .inline()
        .values(row | {"id": new_id(), "division": division})
        .on_conflict_do_nothing()
    )
    if not (await session.rows(said)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")
