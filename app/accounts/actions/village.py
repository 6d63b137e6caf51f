"""A resident says which village or community is hers, or that nobody needs to know."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import VillageSaid
from app.accounts.reads import VS
from app.accounts.rules.village import NOT_A_VILLAGE, is_village
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse


async def say(session: Session, viewer: Viewer, division: str | None, now: datetime) -> None:
    """What she said before is not kept. None takes it back. Refuses NOT_A_VILLAGE."""
    if division is not None and not is_village(division):
        raise refuse(NOT_A_VILLAGE, "divisionCode")
    row = {"division": division, "at": now}
    said = insert(VillageSaid).inline().values(row | {"person": viewer.id})
    changed = said.on_conflict_do_update(
        index_elements=["person"], set_=row, where=VS.c.division.is_distinct_from(division)
    )
    await session.rows(changed)
