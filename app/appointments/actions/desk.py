"""The officers of an institution say what it can be visited for, and by whose calendars. A trigger keeps history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import Duty
from app.accounts.reads import post, posts
from app.appointments import reads
from app.appointments.models import AppointmentCalendar, AppointmentService, CalendarKind
from app.appointments.reads import K, S
from app.appointments.rules.booking import FOREIGN_CALENDAR
from app.appointments.rules.desk import Desk, Offer, against_desk, against_offer
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.directory.rules.register import CHANGED_MEANWHILE, against_why

OFFICERS = frozenset({Duty.OFFICER, Duty.SUPERVISOR})


class _Made(BaseModel):
    desk: Desk
    person: UUID | None
    reason: str


async def works_at(session: Session, viewer: Viewer, *, officer: bool = False) -> UUID:
    """The institution where she works. Refuses FOREIGN_CALENDAR to who works at none."""
    row = await post(session, viewer)
    if row is None or (officer and row.duty not in OFFICERS):
        raise refuse(FOREIGN_CALENDAR)
    found: UUID = row.institution
    return found


async def offer(session: Session, viewer: Viewer, said: Offer, version: int, reason: str, now: datetime) -> UUID:
    """What the viewer's institution offers from now on; `version` 0 for what it has not offered yet. The id."""
    refuse_if([*against_offer(said), *against_why(reason)])
    at = await works_at(session, viewer, officer=True)
    known = await reads.service_of(session, at, said.service)
    if (known.version if known else 0) != version:
        raise refuse(CHANGED_MEANWHILE, "version")
    row = said.model_dump(mode="json") | _signed(viewer, version, reason, now)
    if known:
        return await _changed(session, S, known.id, version, row)
    id = new_id()
    made = insert(AppointmentService).inline().values(row | {"id": id, "institution": at}).on_conflict_do_nothing()
    if not (await session.rows(made)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")
    return id


async def open_calendar(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    said: Desk,
    person: UUID | None,
    reason: str,
    key: str,
    now: datetime,
) -> UUID:
    """A new calendar of the viewer's institution, `person` being whose, of a calendar of the staff: a colleague's."""
    refuse_if([*against_desk(said), *against_why(reason)])
    id, made = new_id(), _Made(desk=said, person=person, reason=reason)
    if known := await once(session, keys.secret("idempotency"), key, made, "openCalendar", id):
        return known
    at = await works_at(session, viewer, officer=True)
    if (person is None) != (said.kind is CalendarKind.ROOM):
        raise refuse(FOREIGN_CALENDAR, "personId")
    if person and not any(one.institution == at for one in await posts(session, viewer, [person])):
        raise refuse(FOREIGN_CALENDAR, "personId")
    row = said.model_dump(mode="json") | {"id": id, "institution": at, "person": person}
    row |= _signed(viewer, 0, reason, now)
    if not (await session.rows(insert(AppointmentCalendar).inline().values(row).on_conflict_do_nothing())).rowcount:
        raise refuse(CHANGED_MEANWHILE, "personId")  # she has one already
    return id


async def change_calendar(
    session: Session, viewer: Viewer, id: UUID, said: dict[str, Any], version: int, reason: str, now: datetime
) -> UUID:
    """What is left out stays. What was booked stays too: who changes the calendar sees to it."""
    at = await works_at(session, viewer, officer=True)
    found = await reads.calendar_rows(session, [id])
    if not found:
        raise refuse(NOT_FOUND, "calendarId")
    if found[0].institution != at:
        raise refuse(FOREIGN_CALENDAR, "calendarId")
    known = found[0]
    before = Desk.model_validate({name: getattr(known, name) for name in Desk.model_fields})
    wanted = before.model_copy(update=said)
    refuse_if([*against_desk(wanted), *against_why(reason)])
    if known.version != version:
        raise refuse(CHANGED_MEANWHILE, "version")
    row = wanted.model_dump(mode="json", exclude={"kind"}) | _signed(viewer, version, reason, now)
    return await _changed(session, K, id, version, row)


async def _changed(session: Session, table: Any, id: UUID, version: int, row: dict[str, Any]) -> UUID:
    changed = update(table).where(table.c.id == id, table.c.version == version).values(row)
    if not (await session.rows(changed)).rowcount:
        raise refuse(CHANGED_MEANWHILE, "version")
    return id


def _signed(viewer: Viewer, version: int, reason: str, now: datetime) -> dict[str, Any]:
    return {"version": version + 1, "changed_at": now, "changed_by": viewer.id, "reason": reason.strip()}


async def calendars(session: Session, viewer: Viewer) -> Sequence[Any]:
    """Those of the viewer's institution, closed ones too; none for who works at none."""
    row = await post(session, viewer)
    return await reads.calendars_at(session, [row.institution]) if row else []
