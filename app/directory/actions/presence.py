"""What lawyers say of themselves: presence, a break, whether one may choose them by name. The rest is written by the
directory's keepers."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Interval, bindparam, null, or_, select, update

from app.core.access import Viewer
from app.core.crowd import Crowd
from app.core.db import IDS, Session, clock, now
from app.core.outbox import emit
from app.directory.events import LawyerCameOnline, LawyerLeft
from app.directory.models import Availability, Lawyer, Standing
from app.directory.rules.presence import NOTED_EVERY, came_online, snooze_for

L: Any = Lawyer.__table__  # type: ignore[attr-defined]

# Her row as it was, locked: of fifty at once each sees what the one before it wrote, and only one sees her absent.
_WAS: Final = select(L.c.id, L.c.availability, L.c.seen_at, L.c.standing, L.c.snoozed_until).where(
    L.c.id == bindparam("me")
)
_OVERDUE: Final = or_(L.c.seen_at.is_(None), L.c.seen_at <= clock() - NOTED_EVERY)


def _note(when: Any, **said: Any) -> Any:
    was = _WAS.where(when).with_for_update(key_share=True).subquery("was")
    return update(L).where(L.c.id == was.c.id).values(seen_at=clock(), **said).returning(*was.c)


_UNSEEN: Final = select(L.c.id).where(L.c.id == IDS, _OVERDUE)
_SAW: Final = _note(_OVERDUE)
_SAYS: Final = _note(or_(L.c.availability != bindparam("says"), _OVERDUE), availability=bindparam("says"))

_END: Final = clock() + bindparam("span", type_=Interval)
_ANOTHER_END: Final = or_(
    L.c.snoozed_until.is_(None), L.c.snoozed_until < _END - NOTED_EVERY, L.c.snoozed_until > _END + NOTED_EVERY
)
_SNOOZES: Final = _note(_ANOTHER_END, snoozed_until=_END)
_WAKES: Final = _note(L.c.snoozed_until > clock(), snoozed_until=null())
_REQUESTABLE: Final = update(L).where(L.c.id == bindparam("me")).values(requestable=bindparam("agrees"))


async def set_availability(session: Session, viewer: Viewer, availability: Availability) -> None:
    """Also a sign of life; AWAY is leave, and gives back what she was working on.

    Saying the same again changes nothing, nor does what somebody says who is no lawyer.
    """
    was = (await session.rows(_SAYS, {"me": viewer.id, "says": availability})).one_or_none()
    if was is not None:
        await _tell_if_she_came(session, was, availability)
        if availability == Availability.AWAY != was.availability:
            await emit(session, LawyerLeft(lawyer=was.id))


async def saw(session: Session, viewer: Viewer) -> None:
    """A sign of life, written once a minute at most; of whoever is no lawyer it leaves no trace."""
    was = (await session.rows(_SAW, {"me": viewer.id})).one_or_none()
    if was is not None:
        await _tell_if_she_came(session, was, was.availability)


async def unseen(crowd: Crowd, lawyers: Sequence[UUID]) -> set[UUID]:
    """Those of whom a sign of life is due: everybody may know when a lawyer was seen."""
    return {row.id for row in await crowd.all(_UNSEEN, {"ids": list(lawyers)})}


async def snooze(session: Session, viewer: Viewer, minutes: int) -> None:
    """A break of 5 to 720 minutes from now, in place of one that runs; she is not online and comes back at its end.

    Saying the same again within a minute changes nothing. Refuses BAD_VALUE.
    """
    span = snooze_for(minutes)
    was = (await session.rows(_SNOOZES, {"me": viewer.id, "span": span})).one_or_none()
    if was is not None and was.standing == Standing.ACTIVE:
        await emit(session, LawyerCameOnline(lawyer=was.id), at=now(session) + span)


async def end_snooze(session: Session, viewer: Viewer) -> None:
    """Back at once. What the end was to tell it tells at its own time as well, when she has long been back."""
    was = (await session.rows(_WAKES, {"me": viewer.id})).one_or_none()
    if was is not None and was.standing == Standing.ACTIVE and was.availability != Availability.AWAY:
        await emit(session, LawyerCameOnline(lawyer=was.id))


async def set_requestable(session: Session, viewer: Viewer, agrees: bool) -> None:
    """Whether askers may choose her by name."""
    await session.rows(_REQUESTABLE, {"me": viewer.id, "agrees": agrees})


async def _tell_if_she_came(session: Session, was: Any, becomes: str) -> None:
    came = came_online(was.seen_at, was.availability, becomes, now(session), was.snoozed_until)
    if was.standing == Standing.ACTIVE and came:
        await emit(session, LawyerCameOnline(lawyer=was.id))
