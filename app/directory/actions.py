"""What lawyers say of their presence. Everything else about them is written by the directory's keepers."""

from typing import Any, Final

from sqlalchemy import bindparam, or_, select, update

from app.core.access import Viewer
from app.core.db import Session, clock, now
from app.core.outbox import emit
from app.directory.events import LawyerCameOnline
from app.directory.models import Availability, Lawyer, Standing
from app.directory.rules.presence import NOTED_EVERY, came_online

L: Any = Lawyer.__table__  # type: ignore[attr-defined]

# Her row as it was, locked: of fifty at once each sees what the one before it wrote, and only one sees her absent.
_WAS: Final = select(L.c.id, L.c.availability, L.c.seen_at, L.c.standing).where(L.c.id == bindparam("me"))
_OVERDUE: Final = or_(L.c.seen_at.is_(None), L.c.seen_at <= clock() - NOTED_EVERY)


def _note(when: Any, **said: Any) -> Any:
    was = _WAS.where(when).with_for_update(key_share=True).subquery("was")
    return update(L).where(L.c.id == was.c.id).values(seen_at=clock(), **said).returning(*was.c)


_SAW: Final = _note(_OVERDUE)
_SAYS: Final = _note(or_(L.c.availability != bindparam("says"), _OVERDUE), availability=bindparam("says"))


async def set_availability(session: Session, viewer: Viewer, availability: Availability) -> None:
    """Also a sign of life. Saying the same again changes nothing, nor does what somebody says who is no lawyer."""
    was = (await session.rows(_SAYS, {"me": viewer.id, "says": availability})).one_or_none()
    if was is not None:
        await _tell_if_she_came(session, was, availability)


async def saw(session: Session, viewer: Viewer) -> None:
    """A sign of life, written once a minute at most; of whoever is no lawyer it leaves no trace."""
    was = (await session.rows(_SAW, {"me": viewer.id})).one_or_none()
    if was is not None:
        await _tell_if_she_came(session, was, was.availability)


async def _tell_if_she_came(session: Session, was: Any, becomes: str) -> None:
    if was.standing == Standing.ACTIVE and came_online(was.seen_at, was.availability, becomes, now(session)):
        await emit(session, LawyerCameOnline(lawyer=was.id))
