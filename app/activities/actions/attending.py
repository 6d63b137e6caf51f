"""Signing up, giving it up, and being there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select

from app.accounts.reads import readiness
from app.activities import reads
from app.activities.actions.editing import CHANGED_MEANWHILE
from app.activities.events import EnrolmentsAged, MovedUp
from app.activities.models import EnrolmentState
from app.activities.reads import attending as found
from app.activities.rules import attending as rules
from app.activities.rules.machine import EDITORS_ONLY, STAFF
from app.activities.rules.policy import AGAIN
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider


class _Wanted(BaseModel):
    activity: UUID


async def enrol(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, key: str, now: datetime) -> UUID:
    """The enrolment's id, with a place or in the queue: which, one call of the door decides. Twice is once."""
    said, secret = _Wanted(activity=id), keys.secret("idempotency")
    if before := await known(session, secret, key, said, "enroll"):
        return before
    row = await _shown(session, viewer, id)
    refuse_if(list(rules.against_enrolling(row, await readiness(session, viewer.id), now)))
    made: UUID | None = (await session.rows(select(func.door.enrol(id, new_id())))).scalar_one()
    if made is None:
        raise refuse(rules.SIGN_UP_CLOSED)
    await once(session, secret, key, said, "enroll", made)
    session.news(id)
    return made


async def leave(session: Session, viewer: Viewer, id: UUID) -> UUID:
    """Give it up; who has waited longest gets the place and is told. Twice changes nothing."""
    await _shown(session, viewer, id)
    live = await found.live_of(session, viewer, [id])
    if not live:
        raise refuse(rules.NOT_ENROLLED)
    (row,) = live
    if row.came_at is not None:
        raise refuse(rules.ALREADY_THERE)
    heir: UUID | None = (await session.rows(select(func.door.leave_activity(row.id)))).scalar_one()
    if heir is not None:
        await emit(session, MovedUp(enrolment=heir))
    session.news(id)
    enrolment: UUID = row.id
    return enrolment


async def set_places(
    session: Session, viewer: Viewer, id: UUID, version: int, wanted: int | None, now: datetime
) -> None:
    """So many can come from now on, None for everybody; who has waited longest moves up, and is told. Saying the same
    again changes nothing. Refuses PLACES_TAKEN where more have a place."""
    row = await reads.held(session, viewer, id)
    if row is None:
        raise refuse(NOT_FOUND, "activityId")
    refuse_if(list(rules.against_places(row, wanted, now)))
    if row.places == wanted:
        return
    if row.version != version:
        raise refuse(CHANGED_MEANWHILE, "version", version=row.version)
    heirs = (await session.rows(select(func.door.set_places(id, version, wanted)))).scalars().all()
    if heirs:
        await emit(session, *(MovedUp(enrolment=heir) for heir in heirs))
    session.news(id)


async def check_in(
    session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, code: str | None, ticket: str | None, now: datetime
) -> datetime:
    """Since when she is there: she says so by the code that the entrance shows, an editor by her ticket."""
    row, secret = await _shown(session, viewer, id), keys.secret(rules.SECRET)
    if (code is None) == (ticket is None):
        raise refuse(BAD_VALUE, "code")
    refuse_if(list(rules.against_checking_in(row, now)))
    if ticket is not None:
        if viewer.roles.isdisjoint(STAFF):
            raise refuse(EDITORS_ONLY, "ticket")
        enrolment = rules.enrolment_of(secret, ticket)
        if enrolment is None:
            raise refuse(rules.CHECK_IN_WRONG, "ticket")
    else:
        if not rules.entered(secret, id, code or "", now):
            raise refuse(rules.CHECK_IN_WRONG, "code")
        live = [each for each in await found.live_of(session, viewer, [id]) if each.state == EnrolmentState.ENROLLED]
        if not live:
            raise refuse(rules.NOT_ENROLLED)
        enrolment = live[0].id
    at: datetime | None = (await session.rows(select(func.door.check_in(enrolment, id)))).scalar_one()
    if at is None:
        raise refuse(rules.NOT_ENROLLED)
    session.news(id)
    return at


async def give_up(session: Session, person: UUID) -> None:
    """For the worker: whatever somebody signed up for who closes her account."""
    await _move_up(session, select(func.door.give_up_enrolments(person)))


async def give_up_unagreed(session: Session, person: UUID) -> None:
    """For the worker: what is still to be and somebody signed up for who agrees no more, or a child whose last guardian
    does not."""
    await _move_up(session, select(func.door.give_up_unagreed_enrolments(person)))


async def _move_up(session: Session, call: Any) -> None:
    heirs = (await session.rows(call)).scalars().all()
    if heirs:
        await emit(session, *(MovedUp(enrolment=heir) for heir in heirs))


async def forget(session: Session, activity: UUID, now: datetime) -> None:
    """For the worker: who came to what was over long ago; what a hold keeps is looked at again."""
    if (await session.rows(select(func.door.forget_enrolments(activity)))).scalar_one():
        await emit(session, EnrolmentsAged(activity=activity), at=now + AGAIN)


async def _shown(session: Session, viewer: Viewer, id: UUID) -> Any:
    rows = await reads.activities(session, viewer, [id])
    if not rows or rows[0].published_at is None:
        raise refuse(NOT_FOUND, "activityId")
    return rows[0]
