"""What lawyers say of their presence. Everything else about them is written by the directory's keepers."""

from typing import Any, Final

from sqlalchemy import or_, select, update

from app.core.access import Viewer
from app.core.db import Session, clock, now
from app.core.errors import NOT_FOUND, refuse
from app.core.outbox import emit
from app.directory.events import LawyerCameOnline
from app.directory.models import Availability, Lawyer, Standing
from app.directory.rules.presence import NOTED_EVERY, came_online

L: Any = Lawyer.__table__  # type: ignore[attr-defined]
_WAS: Final = (L.c.id, L.c.availability, L.c.seen_at, L.c.standing)


async def set_availability(session: Session, viewer: Viewer, availability: Availability) -> None:
    """Also a sign of life. Refuses NOT_FOUND for whoever is not in the directory."""
    was = await _note(session, _locked(viewer), availability=availability)
    if was is None:
        raise refuse(NOT_FOUND)
    await _tell_if_she_came(session, was, availability)


async def saw(session: Session, viewer: Viewer) -> None:
    """A sign of life, written once a minute at most; of whoever is no lawyer it leaves no trace."""
    due = or_(L.c.seen_at.is_(None), L.c.seen_at <= clock() - NOTED_EVERY)
    was = await _note(session, _locked(viewer).where(due))
    if was is not None:
        await _tell_if_she_came(session, was, was.availability)


def _locked(viewer: Viewer) -> Any:
    """Her row as it was, locked: of fifty at once each sees what the one before it wrote, and one sees her absent."""
    return select(*_WAS).where(L.c.id == viewer.id).with_for_update(key_share=True)


async def _note(session: Session, before: Any, **said: Any) -> Any:
    was = before.subquery("was")
    noted = update(L).where(L.c.id == was.c.id).values(seen_at=now(session), **said).returning(*was.c)
    return (await session.rows(noted)).one_or_none()


async def _tell_if_she_came(session: Session, was: Any, becomes: str) -> None:
    if was.standing == Standing.ACTIVE and came_online(was.seen_at, was.availability, becomes, now(session)):
        await emit(session, LawyerCameOnline(lawyer=was.id))
