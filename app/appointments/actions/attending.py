"""Who comes is seen to: by appointment, or with a number, which takes the next free slot of the day."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import case, func, select, update

from app.accounts.reads import post
from app.appointments import reads
from app.appointments.actions import slots
from app.appointments.actions.booking import found, lead, mover, room_for
from app.appointments.actions.desk import works_at
from app.appointments.events import AppointmentCalled, AppointmentOver
from app.appointments.models import Mode, Origin, Service, State
from app.appointments.reads import A
from app.appointments.rules import booking as rules
from app.appointments.rules.machine import APPOINTMENT_STATE, Mover
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.places.rules.coordinates import Spot
from app.vault.reads import visible_to


class _WalksIn(BaseModel):
    institution: UUID
    service: Service


class _Calls(BaseModel):
    service: Service | None


async def check_in(session: Session, viewer: Viewer, id: UUID, here: Spot | None, now: datetime) -> None:
    """She is there: by the staff, or by herself, at a window only from where it is."""
    row = await found(session, viewer, id)
    _, policy = await reads.policy(session, row.policy)
    if row.state == State.CONFIRMED and now < row.starts_at - policy.early:
        raise refuse(rules.TOO_EARLY, "appointmentId", minutes=rules.minutes(policy.early))
    if mover(viewer, row) is Mover.RESIDENT and row.mode == Mode.WINDOW and row.state == State.CONFIRMED:
        place = await reads.place_of(session, row.institution)
        there = None if place.longitude is None else (place.longitude, place.latitude)
        if not rules.on_site(here, there, policy.on_site_metres):
            raise refuse(rules.NOT_ON_SITE, "at")
    await lead(session, viewer, row, State.CHECKED_IN)


async def attend(session: Session, viewer: Viewer, id: UUID, attended: bool, now: datetime) -> None:
    """By the staff: whether it took place. Nobody missed what has not begun; that somebody did may be put right."""
    row = await found(session, viewer, id)
    if mover(viewer, row) is Mover.RESIDENT:
        raise refuse(APPOINTMENT_STATE, "appointmentId")
    _, policy = await reads.policy(session, row.policy)
    if not attended and row.origin == Origin.BOOKED and now < row.starts_at:
        raise refuse(rules.TOO_EARLY, "appointmentId", minutes=rules.minutes(policy.early))
    if row.state == State.NO_SHOW and now > row.ends_at + rules.CORRECTED:
        raise refuse(APPOINTMENT_STATE, "appointmentId")
    await lead(session, viewer, row, State.DONE if attended else State.NO_SHOW)


async def take_number(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    institution: UUID,
    service: Service,
    here: Spot | None,
    key: str,
    now: datetime,
) -> UUID:
    """The appointment of who walks in: her own, from where it is; or by the staff there, nobody's by name. It takes the
    first slot that is left today, so that both kinds share the same places."""
    id, said = new_id(), _WalksIn(institution=institution, service=service)
    if before := await once(session, keys.secret("idempotency"), key, said, "takeWalkInNumber", id):
        return before
    version, policy = await reads.policy(session)
    there = await slots.desk(session, institution, service)
    if Mode.WINDOW not in there.modes:
        raise refuse(rules.NOT_OFFERED, "service")
    mine = await post(session, viewer)
    by_staff = mine is not None and mine.institution == institution
    if not by_staff:
        if not rules.on_site(here, there.at, policy.on_site_metres):
            raise refuse(rules.NOT_ON_SITE, "at")
        await room_for(session, viewer, policy)
    day, open = slots.midnight(now), await slots.open_today(session, viewer, there, now)
    # From here on one at a time, of those who come that day.
    number = (await session.rows(select(func.door.next_number(institution, day.date())))).scalar_one()
    row: dict[str, Any] = {"id": id, "institution": institution, "service": service, "policy": version, "body": b""}
    row |= {"person": None if by_staff else viewer.id, "origin": Origin.WALK_IN, "mode": Mode.WINDOW}
    row |= {"state": State.CHECKED_IN, "made_at": now, "state_at": now, "hold_until": now}
    row |= {"number": number, "day": day.date(), "moved_from": None}
    await slots.take_next(session, there, open, row, now)
    await emit(session, AppointmentOver(appointment=id), at=day + slots.DAY)
    return id


async def call_next(
    session: Session, viewer: Viewer, keys: KeyProvider, service: Service | None, key: str, now: datetime
) -> UUID:
    """Whoever is next at the viewer's institution: those whose booked time has come before those who walked in, by
    their numbers, and those before who booked for later. Of fifty windows that call at once each calls another."""
    secret, said = keys.secret("idempotency"), _Calls(service=service)
    if before := await known(session, secret, key, said, "callNextNumber"):
        return before
    at, day = await works_at(session, viewer), slots.midnight(now)
    booked_now = case(((A.c.origin == Origin.BOOKED) & (A.c.starts_at <= now), 0), else_=1)
    waits = select(A.c.id).where(
        A.c.institution == at,
        A.c.starts_at >= day,
        A.c.starts_at < day + slots.DAY,
        A.c.state == State.CHECKED_IN,
        A.c.mode == Mode.WINDOW,
        A.c.called_at.is_(None),
        A.c.person.is_distinct_from(viewer.id),
        visible_to(viewer, A.c.id),
    )
    if service is not None:
        waits = waits.where(A.c.service == service)
    # A place that came free gives a later number an earlier slot; it does not let her overtake.
    next_up = waits.order_by(booked_now, A.c.number, A.c.starts_at, A.c.id).limit(1).with_for_update(skip_locked=True)
    id: UUID | None = (await session.rows(next_up)).scalar()
    if id is None:
        raise refuse(rules.NOBODY_WAITS)
    if before := await once(session, secret, key, said, "callNextNumber", id):
        return before
    await session.rows(update(A).where(A.c.id == id).values(called_at=now))
    await emit(session, AppointmentCalled(appointment=id))
    return id
