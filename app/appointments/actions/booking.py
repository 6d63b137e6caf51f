"""A slot is held, then booked; moved to another, or given up. What is said with it is sealed under a key of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_keeping
from app.accounts.rules.minors import MINOR_ACCESS_NEEDED
from app.appointments import reads
from app.appointments.actions import slots
from app.appointments.events import (
    AppointmentBegins,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentNears,
    AppointmentOver,
    HoldRanOut,
)
from app.appointments.models import Mode, Origin, Service, State
from app.appointments.reads import A
from app.appointments.rules import booking as rules
from app.appointments.rules.booking import Contact
from app.appointments.rules.machine import APPOINTMENT_STATE, Mover, sources
from app.appointments.rules.policy import Policy, window_only_until
from app.core.access import Viewer
from app.core.db import Session, clock, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import Event, emit, emit_each
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.core.texts import against_text
from app.places.rules.workdays import CITY_TIME
from app.vault.actions.keys import keep_keys, release


class Wanted(BaseModel):
    institution: UUID
    service: Service
    mode: Mode
    starts_at: datetime
    calendar: UUID | None


class _Booked(BaseModel):
    appointment: UUID
    said: Contact


class _Moved(BaseModel):
    appointment: UUID
    starts_at: datetime
    calendar: UUID | None


async def hold(session: Session, viewer: Viewer, keys: KeyProvider, wanted: Wanted, key: str, now: datetime) -> UUID:
    """The appointment's id, HELD for five minutes by the database's clock."""
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, wanted, "holdSlot", id):
        return known
    version, policy = await reads.policy(session)
    there = await slots.desk(session, wanted.institution, wanted.service)
    await _take(session, viewer, there, wanted, _Terms(id, version, policy, now))
    return id


async def extend(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """Held for five more minutes from now; half an hour in all."""
    row = await found(session, viewer, id)
    _still_held(row, now)
    _, policy = await reads.policy(session, row.policy)
    until = min(now + policy.hold, row.made_at + policy.hold_most)
    if until <= row.hold_until:
        raise refuse(rules.HELD_LONG, minutes=rules.minutes(policy.hold_most))
    longer = update(A).where(A.c.id == id, A.c.state == State.HELD, A.c.hold_until > clock())
    if not (await session.rows(longer.values(hold_until=until))).rowcount:
        raise refuse(rules.HOLD_EXPIRED, "appointmentId")
    await emit(session, HoldRanOut(appointment=id), at=until)


async def book(
    session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, said: Contact, key: str, now: datetime
) -> UUID:
    """What was held is booked: CONFIRMED, or REQUESTED where the staff look at it first."""
    refuse_if(list(rules.against_contact(said)))
    if known := await once(
        session, keys.secret("idempotency"), key, _Booked(appointment=id, said=said), "bookAppointment", id
    ):
        return known
    row = await found(session, viewer, id)
    _still_held(row, now)
    refuse_if(rules.against_silence(said, Mode(row.mode)))
    refuse_if(list(against_keeping(await readiness(session, viewer.id))))
    there = await slots.desk(session, row.institution, Service(row.service))
    _, policy = await reads.policy(session, row.policy)
    await _seal(session, viewer, keys, row, there.confirms, rules.tidied(said), policy, now)
    return id


async def move(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    id: UUID,
    starts_at: datetime,
    calendar: UUID | None,
    key: str,
    now: datetime,
) -> UUID:
    """The id of the appointment that takes its place, at another time; both or neither."""
    new, said = new_id(), _Moved(appointment=id, starts_at=starts_at, calendar=calendar)
    if known := await once(session, keys.secret("idempotency"), key, said, "rescheduleAppointment", new):
        return known
    await one_at_a_time(session, _of(viewer))
    row = await found(session, viewer, id)
    if row.state not in sources(State.RESCHEDULED, mover(viewer, row)):
        raise refuse(APPOINTMENT_STATE, "appointmentId")
    version, policy = await reads.policy(session)
    await _in_time(session, row, now)
    (own,) = (await release(session, keys, viewer, [id])).values()
    contact = opened(own, row)
    await lead(session, viewer, row, State.RESCHEDULED)
    there = await slots.desk(session, row.institution, Service(row.service))
    wanted = Wanted(
        institution=row.institution,
        service=Service(row.service),
        mode=Mode(row.mode),
        starts_at=starts_at,
        calendar=calendar,
    )
    made = await _take(session, viewer, there, wanted, _Terms(new, version, policy, now, moved_from=id))
    await _seal(session, viewer, keys, made, there.confirms, contact, policy, now)
    return new


async def cancel(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, reason: str, now: datetime) -> None:
    """By whose it is, two hours before it begins at the latest; or by the staff, who say why."""
    refuse_if(list(against_text(reason, "reason", 0, rules.WHY[1])))
    row = await found(session, viewer, id)
    if mover(viewer, row) is Mover.RESIDENT:
        if row.state in (State.REQUESTED, State.CONFIRMED):
            await _in_time(session, row, now)
        await lead(session, viewer, row, State.CANCELLED_BY_RESIDENT)
        return
    refuse_if(list(against_text(reason, "reason", *rules.WHY)))
    key = (await release(session, keys, viewer, [id])).get(id)
    if key is None and row.body:
        raise refuse(MINOR_ACCESS_NEEDED, "appointmentId")
    why = {"reason": seal(key, reason.strip(), "appointment", "reason", id)} if key else {}
    await lead(session, viewer, row, State.CANCELLED_BY_STAFF, **why)
    await emit(session, AppointmentCancelled(appointment=id))


async def confirm(session: Session, viewer: Viewer, id: UUID) -> None:
    """By the staff: what was requested holds."""
    await lead(session, viewer, await found(session, viewer, id), State.CONFIRMED)
    await emit(session, AppointmentConfirmed(appointment=id))


async def found(session: Session, viewer: Viewer, id: UUID) -> Any:
    rows = await reads.appointments(session, viewer, [id])
    if not rows:
        raise refuse(NOT_FOUND, "appointmentId")
    return rows[0]


def mover(viewer: Viewer, row: Any) -> Mover:
    return Mover.RESIDENT if row.person == viewer.id else Mover.STAFF


async def lead(session: Session, viewer: Viewer, row: Any, to: State, **said: Any) -> None:
    """To another state, if it may go there from where it is by then; of fifty who try one does."""
    begins = sources(to, mover(viewer, row))
    led = update(A).where(A.c.id == row.id, A.c.state.in_(begins)).values(state=to, **said)
    if row.state not in begins or not (await session.rows(led)).rowcount:
        raise refuse(APPOINTMENT_STATE, "appointmentId")


def opened(key: bytes, row: Any) -> Contact:
    return Contact.model_validate_json(unseal(key, row.body, "appointment", "body", row.id))


async def room_for(session: Session, viewer: Viewer, policy: Policy) -> Any:
    """Hers that are before her, once nobody else counts them; refuses TOO_MANY_BOOKINGS."""
    await one_at_a_time(session, _of(viewer))
    mine = await reads.live(session, viewer)
    if len(mine) >= policy.live:
        raise refuse(rules.TOO_MANY_BOOKINGS, limit=policy.live)
    return mine


@dataclass(frozen=True)
class _Terms:
    """Under which a slot is taken."""

    id: UUID
    version: int
    policy: Policy
    now: datetime
    moved_from: UUID | None = None


async def _take(session: Session, viewer: Viewer, there: slots.Desk, wanted: Wanted, terms: _Terms) -> Any:
    now, policy, start = terms.now, terms.policy, wanted.starts_at
    if wanted.mode not in there.modes:
        raise refuse(rules.NOT_OFFERED, "mode")
    await slots.check_start(session, viewer, there, start, now, policy)
    mine = await room_for(session, viewer, policy)
    end = start + timedelta(minutes=there.minutes)
    if any(one.starts_at < end and start < one.ends_at for one in mine):
        raise refuse(rules.OVERLAPPING, "startsAt")
    if wanted.mode is not Mode.WINDOW:
        missed = await reads.missed(session, viewer, now - policy.missed_within - policy.window_only)
        if until := window_only_until(missed, now, policy):
            raise refuse(rules.WINDOW_ONLY, "mode", until=f"{until.astimezone(CITY_TIME):%Y-%m-%d %H:%M}")
    until = now + policy.hold
    row: dict[str, Any] = {"id": terms.id, "institution": there.institution, "service": there.service}
    row |= {"person": viewer.id, "origin": Origin.BOOKED, "mode": wanted.mode, "state": State.HELD}
    row |= {"made_at": now, "state_at": now, "hold_until": until, "policy": terms.version, "body": b""}
    await slots.take(session, there, wanted.calendar, start, row | {"moved_from": terms.moved_from})
    await emit(session, HoldRanOut(appointment=terms.id), at=until)
    return await found(session, viewer, terms.id)


async def _seal(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    row: Any,
    confirms: bool,
    said: Contact,
    policy: Policy,
    now: datetime,
) -> None:
    own = new_key()
    asks = confirms or row.mode == Mode.HOME_VISIT
    state = State.REQUESTED if asks else State.CONFIRMED
    booked = update(A).where(A.c.id == row.id, A.c.state == State.HELD, A.c.hold_until > clock())
    body = seal(own, said.model_dump_json(), "appointment", "body", row.id)
    if not (await session.rows(booked.values(state=state, body=body, booked_at=now))).rowcount:
        (then,) = await reads.appointments(session, viewer, [row.id])
        _still_held(then, now)
        raise refuse(rules.HOLD_EXPIRED, "appointmentId")
    await keep_keys(session, keys, {row.id: own})
    due: list[tuple[datetime, Event]] = [(row.ends_at + policy.grace, AppointmentOver(appointment=row.id))]
    if asks:
        due.append((row.starts_at, AppointmentBegins(appointment=row.id)))
    for before in policy.reminders:
        if row.starts_at - before > now:
            near = AppointmentNears(appointment=row.id, seconds=int(before.total_seconds()))
            due.append((row.starts_at - before, near))
    await emit_each(session, due)


def _still_held(row: Any, now: datetime) -> None:
    if row.state == State.EXPIRED or (row.state == State.HELD and row.hold_until <= now):
        raise refuse(rules.HOLD_EXPIRED, "appointmentId")
    if row.state != State.HELD:
        raise refuse(APPOINTMENT_STATE, "appointmentId")


async def _in_time(session: Session, row: Any, now: datetime) -> None:
    _, policy = await reads.policy(session, row.policy)
    if row.state in (State.REQUESTED, State.CONFIRMED) and row.starts_at - now < policy.cancel:
        raise refuse(rules.TOO_LATE, "appointmentId", minutes=rules.minutes(policy.cancel))


def _of(viewer: Viewer) -> str:
    return f"appointments of {viewer.id}"
